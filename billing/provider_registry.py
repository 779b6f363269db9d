"""The payment providers: what each can do, and how it is built from the settings.

A new provider is a folder in `providers`, one entry here, and a member of the vocabulary, which is a stored value. The
entry names its webhook too: `billing.api.webhooks` makes the route from it. A provider's library is loaded when it is
first used.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.conf import settings

from billing.errors import CheckoutUnavailable
from billing.models import Order
from billing.providers.base import BodyNames, Products
from billing.providers.capabilities import Can
from billing.providers.mock import MockProvider
from billing.providers.ports import (
    BalanceSource,
    EventReader,
    HostedCheckout,
    PayoutSender,
    ReceiptStore,
    ReceiptVerifier,
)
from billing.providers.stripe.body_names import BODY_NAMES
from billing.vocabulary import PLAN_OF, SERVICES, ProductCode, Provider

if TYPE_CHECKING:
    from stripe import StripeClient

    from billing.providers.app_store.client import AppStore
    from billing.providers.play_store.client import PlayStore
    from billing.providers.stripe.client import StripeProvider
    from billing.providers.stripe.signature import StripeEvents
    from billing.providers.stripe.transfers import StripeTransfers

# Each store sells all products but the services, under our codes.
PRODUCTS: Final = Products(
    one_time=frozenset(code.value for code in ProductCode if code not in PLAN_OF and code not in SERVICES),
    plans={code.value: plan.value for code, plan in PLAN_OF.items()},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A provider's webhook. `summary` and `description` are its texts in the API's documentation.

    `open_reader` returns None while no signature would count, because the settings lack the secret.
    """

    open_reader: Callable[[], EventReader | None]
    summary: str
    description: str
    signature_header: str = ""
    """The header that signs an event and is stored with it; `""` if the body is signed, or the header is secret."""


@dataclass(frozen=True, slots=True)
class Registered:
    """One provider: its capabilities, whether the settings configure it, and how to open each of its interfaces."""

    can: Can
    is_configured: Callable[[], bool]
    webhook: Webhook | None = None
    open_verifier: Callable[[], ReceiptVerifier] | None = None
    """Opens what confirms receipts of any store, for a provider that is no store itself."""
    open_store: Callable[[], ReceiptStore] | None = None
    open_checkout: Callable[[], HostedCheckout] | None = None
    open_balance: Callable[[], BalanceSource] | None = None
    open_payouts: Callable[[], PayoutSender] | None = None
    body_names: BodyNames | None = None
    testers: Callable[[], str] = str
    """The accounts that its test purchases are granted to, if it can `TEST_FOR_SOME`: `everyone`, or ids and commas."""
    refund_key_lifetime: timedelta = timedelta()
    """How long it remembers the key of a refund: a later request with the same key would be another refund."""


def can(provider: str, capability: Can) -> bool:
    """Return whether the provider has the capability. Staff, who sell nothing, have none."""
    return capability in _registered(provider).can


def providers_that(capability: Can) -> list[Provider]:
    """Return the providers with the capability, configured or not: orders outlive the settings."""
    return [provider for provider, registered in PROVIDERS.items() if capability in registered.can]


def webhooks() -> Mapping[Provider, Webhook]:
    """Return the webhooks of the providers that have one, configured or not."""
    return {provider: entry.webhook for provider, entry in PROVIDERS.items() if entry.webhook is not None}


def event_reader(provider: Provider) -> EventReader | None:
    """Return what reads the provider's webhooks, or None if no signature would count here."""
    webhook = _registered(provider).webhook
    return webhook.open_reader() if webhook is not None else None


def signature_header(provider: Provider) -> str:
    """Return the header that signs the provider's events and is stored with them, or `""` without one."""
    webhook = _registered(provider).webhook
    return webhook.signature_header if webhook is not None else ""


def body_names(provider: Provider) -> BodyNames | None:
    """Return how to find names in the provider's event bodies, or None if they cannot be searched as plain text."""
    return _registered(provider).body_names


def is_tester(provider: str, owner_id: UUID) -> bool:
    """Return whether this owner is granted the provider's test purchases."""
    registered = _registered(provider)
    allowed = registered.testers()
    return Can.TEST_FOR_SOME not in registered.can or allowed == "everyone" or str(owner_id) in allowed.split(",")


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


def payout_sender(provider: str) -> PayoutSender:
    """Return the client of a provider that pays payees. Raises `CheckoutUnavailable` if it is not configured."""
    registered = _registered(provider)
    if registered.open_payouts is None or not registered.is_configured():
        raise CheckoutUnavailable
    return registered.open_payouts()


@cache
def stores() -> Mapping[Provider, ReceiptStore]:
    """Return the configured app stores. Created once per process. Raises `ValueError` for invalid settings."""
    return {
        provider: registered.open_store()
        for provider, registered in PROVIDERS.items()
        if registered.open_store is not None and registered.is_configured()
    }


def receipt_verifiers(store: str) -> list[ReceiptVerifier]:
    """Return what may confirm a receipt that a phone submits for this store: the store itself comes last."""
    verifiers: list[ReceiptVerifier] = [
        registered.open_verifier()
        for registered in PROVIDERS.values()
        if registered.open_verifier is not None and registered.is_configured()
    ]
    own = stores().get(Provider(store))
    return [*verifiers, own] if own is not None else verifiers


def _registered(provider: str) -> Registered:
    """Return the provider's entry. Staff have none: they sell nothing."""
    return PROVIDERS.get(Provider(provider), Registered(Can(0), lambda: False))


def app_store() -> "AppStore":
    """Open the App Store as the settings say. Raises `ValueError` for invalid settings."""
    from billing.providers.app_store.client import AppStore
    from billing.providers.app_store.server import ApiKey

    return AppStore(
        bundle_id=settings.APP_STORE_BUNDLE_ID,
        apple_id=settings.APP_STORE_APPLE_ID,
        environment=settings.APP_STORE_ENVIRONMENT,
        roots_dir=settings.APP_STORE_ROOTS_DIR,
        products=PRODUCTS,
        api_key=ApiKey(
            issuer_id=settings.APP_STORE_ISSUER_ID,
            key_id=settings.APP_STORE_KEY_ID,
            private_key=settings.APP_STORE_PRIVATE_KEY,
        ),
        api_base=settings.APP_STORE_API_BASE,
        timeout_seconds=settings.APP_STORE_TIMEOUT_SECONDS,
    )


@cache
def play_store() -> "PlayStore":
    """Open Google Play as the settings say, once per process: it caches tokens and certificates."""
    from billing.providers.play_store.client import PlayStore
    from billing.providers.play_store.publisher import Publisher
    from billing.providers.play_store.pushes import Pushes

    package_name, timeout_seconds = settings.PLAY_PACKAGE_NAME, settings.PLAY_TIMEOUT_SECONDS
    return PlayStore(
        package_name=package_name,
        products=PRODUCTS,
        publisher=Publisher(
            package_name=package_name,
            service_account=settings.PLAY_SERVICE_ACCOUNT_JSON,
            api_base=settings.PLAY_API_BASE,
            timeout_seconds=timeout_seconds,
        ),
        pushes=Pushes(
            package_name=package_name,
            one_time=PRODUCTS.one_time,
            audience=settings.PLAY_PUSH_AUDIENCE,
            account=settings.PLAY_PUSH_ACCOUNT,
            certs_url=settings.PLAY_CERTS_URL,
            timeout_seconds=timeout_seconds,
        ),
        allow_test_purchases=settings.PLAY_ALLOW_TEST_PURCHASES,
    )


@cache
def stripe() -> "StripeProvider":
    """Open Stripe as the settings say, once per process."""
    from billing.providers.stripe.client import StripeProvider

    return StripeProvider(
        client=_stripe_client(),
        grace=timedelta(days=settings.SUBSCRIPTION_GRACE_DAYS),
        knows=lambda order_id: order_of(Provider.STRIPE, order_id) is not None,
    )


@cache
def stripe_transfers() -> "StripeTransfers":
    """Open Stripe's transfers as the settings say, once per process."""
    from billing.providers.stripe.transfers import StripeTransfers

    return StripeTransfers(_stripe_client())


def _stripe_client() -> "StripeClient":
    from billing.providers.stripe.connection import open_client

    return open_client(
        secret_key=settings.STRIPE_SECRET_KEY,
        api_base=settings.STRIPE_API_BASE,
        timeout_seconds=settings.STRIPE_TIMEOUT_SECONDS,
    )


def stripe_events() -> "StripeEvents | None":
    from billing.providers.stripe.signature import StripeEvents

    return StripeEvents(secret=settings.STRIPE_WEBHOOK_SECRET) if settings.STRIPE_WEBHOOK_SECRET else None


def order_of(provider: str, order_id: str) -> Order | None:
    """Return the order that a provider's object names, or None: it may name anything."""
    try:
        return Order.objects.filter(pk=UUID(order_id), provider=provider).first()
    except ValueError:
        return None


PROVIDERS: Final[dict[Provider, Registered]] = {
    Provider.MOCK: Registered(
        Can.REFUND | Can.ANY_OWNER,
        lambda: settings.MOCK_BILLING,
        open_verifier=lambda: MockProvider(product=ProductCode.OSMOSIS_INSPECTION),
    ),
    Provider.STRIPE: Registered(
        Can.HOST_CHECKOUT | Can.POLL | Can.REFUND | Can.END | Can.BALANCE | Can.PAY_OUT,
        lambda: bool(settings.STRIPE_SECRET_KEY),
        webhook=Webhook(
            open_reader=stripe_events,
            summary="Receive a Stripe event",
            description="Stripe calls this. The signature is verified on the raw bytes; a forged event gets 400. The "
            "event is stored and processed later, once.",
            signature_header="Stripe-Signature",
        ),
        open_checkout=stripe,
        open_balance=stripe,
        open_payouts=stripe_transfers,
        body_names=BODY_NAMES,
        refund_key_lifetime=timedelta(hours=23),  # Stripe forgets an idempotency key after a day
    ),
    Provider.APP_STORE: Registered(
        Can.SELL_IN_APP | Can.NAME_OWNER | Can.TEST_FOR_SOME,
        lambda: bool(settings.APP_STORE_BUNDLE_ID),
        webhook=Webhook(
            open_reader=lambda: stores().get(Provider.APP_STORE),
            summary="Receive an App Store notification",
            description="Apple calls this. The signed payload is verified; a forged one gets 400. It is stored and "
            "processed later, once.",
        ),
        open_store=app_store,
        testers=lambda: settings.APP_STORE_SANDBOX,
    ),
    Provider.PLAY_STORE: Registered(
        Can.SELL_IN_APP | Can.POLL | Can.ACKNOWLEDGE | Can.SECRET_REFS,
        lambda: bool(settings.PLAY_PACKAGE_NAME and settings.PLAY_SERVICE_ACCOUNT_JSON),
        webhook=Webhook(
            open_reader=lambda: stores().get(Provider.PLAY_STORE),
            summary="Receive a Google Play notification",
            description="Google calls this through Pub/Sub. The bearer token of the push is verified; a forged one "
            "gets 400. It is stored and processed later, once.",
        ),
        open_store=play_store,
    ),
}
