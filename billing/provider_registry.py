"""The payment providers: what each can do, and how it is built from the settings.

A new provider is a folder in `providers`, one entry here, and a member of the vocabulary.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from django.conf import settings

from billing.providers.app_store import ApiKey, AppStore
from billing.providers.base import Store
from billing.providers.capabilities import Can
from billing.providers.mock import MockProvider
from billing.providers.play_store import PlayStore, Publisher, Pushes
from billing.providers.stripe import StripeProvider
from billing.vocabulary import Provider


@dataclass(frozen=True, slots=True)
class Registered:
    """`is_configured` reads the settings; `open_store` is there for an app store alone."""

    can: Can
    is_configured: Callable[[], bool]
    open_store: Callable[[], Store] | None = None


def can(provider: str, capability: Can) -> bool:
    """Return whether the provider has the capability. Staff, who sell nothing, have none."""
    registered = PROVIDERS.get(Provider(provider))
    return registered is not None and capability in registered.can


def providers_that(capability: Can) -> list[Provider]:
    """Return the providers with the capability, configured or not: orders outlive the settings."""
    return [provider for provider, registered in PROVIDERS.items() if capability in registered.can]


@cache
def stores() -> Mapping[Provider, Store]:
    """Return the configured app stores. Created once per process. Raises `ValueError` for invalid settings."""
    return {
        provider: registered.open_store()
        for provider, registered in PROVIDERS.items()
        if registered.open_store is not None and registered.is_configured()
    }


def app_store() -> AppStore:
    """Open the App Store as the settings say. Raises `ValueError` for invalid settings."""
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
def play_store() -> PlayStore:
    """Open Google Play as the settings say, once per process: it caches tokens and certificates."""
    package_name, timeout_seconds = settings.PLAY_PACKAGE_NAME, settings.PLAY_TIMEOUT_SECONDS
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


PROVIDERS: Final[dict[Provider, Registered]] = {
    Provider.MOCK: Registered(MockProvider.can, lambda: settings.MOCK_BILLING),
    Provider.STRIPE: Registered(StripeProvider.can, lambda: bool(settings.STRIPE_SECRET_KEY)),
    Provider.APP_STORE: Registered(AppStore.can, lambda: bool(settings.APP_STORE_BUNDLE_ID), app_store),
    Provider.PLAY_STORE: Registered(
        PlayStore.can, lambda: bool(settings.PLAY_PACKAGE_NAME and settings.PLAY_SERVICE_ACCOUNT_JSON), play_store
    ),
}
