"""The payment providers: what each can do, and how it is built from the settings.

A new provider is a folder in `providers`, one entry here, a member of the vocabulary, and a route for its webhook.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Final
from uuid import UUID

from django.conf import settings

from billing.errors import CheckoutUnavailable
from billing.models import Order
from billing.providers.app_store import ApiKey, AppStore
from billing.providers.base import BodyNames
from billing.providers.capabilities import Can
from billing.providers.mock import MockProvider
from billing.providers.play_store import PlayStore, Publisher, Pushes
from billing.providers.ports import BalanceSource, EventReader, HostedCheckout, Store
from billing.providers.stripe import BODY_NAMES, StripeEvents, StripeProvider
from billing.vocabulary import Provider


@dataclass(frozen=True, slots=True)
class Registered:
    """One provider: its capabilities, whether the settings configure it, and how to open each of its interfaces."""

    can: Can
    is_configured: Callable[[], bool]
    open_events: Callable[[], EventReader | None] | None = None
    open_store: Callable[[], Store] | None = None
    open_checkout: Callable[[], HostedCheckout] | None = None
    open_balance: Callable[[], BalanceSource] | None = None
    body_names: BodyNames | None = None
    refund_key_lifetime: timedelta = timedelta()
    """How long it remembers the key of a refund: a later request with the same key would be another refund."""


def can(provider: str, capability: Can) -> bool:
    """Return whether the provider has the capability. Staff, who sell nothing, have none."""
    return capability in _registered(provider).can


def providers_that(capability: Can) -> list[Provider]:
    """Return the providers with the capability, configured or not: orders outlive the settings."""
    return [provider for provider, registered in PROVIDERS.items() if capability in registered.can]


def event_reader(provider: Provider) -> EventReader | None:
    """Return what reads the provider's webhooks, or None if no signature would count here."""
    open_events = _registered(provider).open_events
    return open_events() if open_events is not None else None


def body_names(provider: Provider) -> BodyNames | None:
    """Return how to find names in the provider's event bodies, or None if they cannot be searched as plain text."""
    return _registered(provider).body_names


def refund_key_lifetime(provider: str) -> timedelta:
    """Return how long a refund may be requested again with the same key."""
    return _registered(provider).refund_key_lifetime


def web_seller() -> Provider | None:
    """Return the provider that sells on the web here, or None."""
    configured = (one for one in providers_that(Can.HOST_CHECKOUT) if PROVIDERS[one].is_configured())
    return next(configured, None)


def hosted_checkout(provider: str) -> HostedCheckout:
    """Return the client of a provider with payment pages. Raises `CheckoutUnavailable` if it is not configured."""
    registered = _registered(provider)
    if registered.open_checkout is None or not registered.is_configured():
        raise CheckoutUnavailable
    return registered.open_checkout()


def balance_source(provider: str) -> BalanceSource:
    """Return the client of a provider that lists its balance. Raises `CheckoutUnavailable` if it is not configured."""
    registered = _registered(provider)
    if registered.open_balance is None or not registered.is_configured():
        raise CheckoutUnavailable
    return registered.open_balance()


@cache
def stores() -> Mapping[Provider, Store]:
    """Return the configured app stores. Created once per process. Raises `ValueError` for invalid settings."""
    return {
        provider: registered.open_store()
        for provider, registered in PROVIDERS.items()
        if registered.open_store is not None and registered.is_configured()
    }


def _registered(provider: str) -> Registered:
    """Return the provider's entry. Staff have none: they sell nothing."""
    return PROVIDERS.get(Provider(provider), Registered(Can(0), lambda: False))


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


@cache
def stripe() -> StripeProvider:
    """Open Stripe as the settings say, once per process."""
    return StripeProvider(
        secret_key=settings.STRIPE_SECRET_KEY,
        api_base=settings.STRIPE_API_BASE,
        timeout_seconds=settings.STRIPE_TIMEOUT_SECONDS,
        grace=timedelta(days=settings.SUBSCRIPTION_GRACE_DAYS),
        knows=lambda order_id: order_of(Provider.STRIPE, order_id) is not None,
    )


def stripe_events() -> StripeEvents | None:
    return StripeEvents(secret=settings.STRIPE_WEBHOOK_SECRET) if settings.STRIPE_WEBHOOK_SECRET else None


def order_of(provider: str, order_id: str) -> Order | None:
    """Return the order that a provider's object names, or None: it may name anything."""
    try:
        return Order.objects.filter(pk=UUID(order_id), provider=provider).first()
    except ValueError:
        return None


PROVIDERS: Final[dict[Provider, Registered]] = {
    Provider.MOCK: Registered(MockProvider.can, lambda: settings.MOCK_BILLING),
    Provider.STRIPE: Registered(
        StripeProvider.can,
        lambda: bool(settings.STRIPE_SECRET_KEY),
        open_events=stripe_events,
        open_checkout=stripe,
        open_balance=stripe,
        body_names=BODY_NAMES,
        refund_key_lifetime=StripeProvider.refund_key_lifetime,
    ),
    Provider.APP_STORE: Registered(
        AppStore.can,
        lambda: bool(settings.APP_STORE_BUNDLE_ID),
        open_events=lambda: stores().get(Provider.APP_STORE),
        open_store=app_store,
    ),
    Provider.PLAY_STORE: Registered(
        PlayStore.can,
        lambda: bool(settings.PLAY_PACKAGE_NAME and settings.PLAY_SERVICE_ACCOUNT_JSON),
        open_events=lambda: stores().get(Provider.PLAY_STORE),
        open_store=play_store,
    ),
}
