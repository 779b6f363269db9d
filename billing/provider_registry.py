"""Configured app stores, by provider."""

from collections.abc import Mapping
from functools import cache

from django.conf import settings

from billing.providers.app_store import ApiKey, AppStore
from billing.providers.base import Store
from billing.providers.play_store import PlayStore, Publisher, Pushes
from billing.vocabulary import Provider


@cache
def stores() -> Mapping[Provider, Store]:
    """Returns the configured app stores. Created once per process."""
    configured: tuple[Store | None, ...] = (app_store(), play_store())
    return {Provider(store.name): store for store in configured if store is not None}


def app_store() -> AppStore | None:
    """Returns the App Store, or None without a bundle id. Raises `ValueError` for invalid settings."""
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


@cache
def play_store() -> PlayStore | None:
    """Returns Google Play, or None when it is not configured."""
    package_name, timeout_seconds = settings.PLAY_PACKAGE_NAME, settings.PLAY_TIMEOUT_SECONDS
    if not package_name or not settings.PLAY_SERVICE_ACCOUNT_JSON:
        return None
    return PlayStore(
        package_name=package_name,
        publisher=Publisher(
            package_name=package_name,
            service_account=settings.PLAY_SERVICE_ACCOUNT_JSON,
            api_base=settings.PLAY_API_BASE,
            timeout_seconds=timeout_seconds,
        ),
        pushes=Pushes(
            package_name=package_name,
            audience=settings.PLAY_PUSH_AUDIENCE,
            account=settings.PLAY_PUSH_ACCOUNT,
            certs_url=settings.PLAY_CERTS_URL,
            timeout_seconds=timeout_seconds,
        ),
        allow_test_purchases=settings.PLAY_ALLOW_TEST_PURCHASES,
    )
