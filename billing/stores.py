"""The app stores that are configured, by who they are."""

from collections.abc import Mapping
from functools import cache

from django.conf import settings

from billing.choices import Provider
from billing.providers.app_store import ApiKey, AppStore
from billing.providers.base import Store


@cache
def stores() -> Mapping[Provider, Store]:
    """The process's own, made once."""
    configured: tuple[Store | None, ...] = (app_store(),)
    return {Provider(store.name): store for store in configured if store is not None}


def app_store() -> AppStore | None:
    """None without a bundle id. Raises `ValueError` where it is set up wrongly."""
    if not settings.APP_STORE_BUNDLE_ID:
        return None
    return AppStore(
        bundle_id=settings.APP_STORE_BUNDLE_ID,
        apple_id=settings.APP_STORE_APPLE_ID,
        environment=settings.APP_STORE_ENVIRONMENT,
        roots_dir=settings.APP_STORE_ROOTS_DIR,
        api_key=ApiKey(
            issuer_id=settings.APP_STORE_ISSUER_ID,
            key_id=settings.APP_STORE_KEY_ID,
            private_key=settings.APP_STORE_PRIVATE_KEY,
        ),
        api_base=settings.APP_STORE_API_BASE,
        timeout_seconds=settings.APP_STORE_TIMEOUT_SECONDS,
    )
