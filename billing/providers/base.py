"""What payment providers report, and how they fail. Plain Python.

Facts are the provider's current statement; they replace earlier ones. Amounts are in minor units of `currency`; times
are aware and in UTC.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from billing.vocabulary import DisputeState, SubscriptionState


class ProviderUnavailable(Exception):
    """No valid answer. A later attempt may succeed."""


class ProviderRefused(Exception):
    """The provider refused, and would refuse again."""


class UnknownToProvider(ProviderRefused):
    """The provider does not know the object, or it belongs to another account."""


class NotOurs(ProviderRefused):
    """The object exists but belongs to another product that is sold under the same account."""


class InvalidSignature(Exception):
    """Not signed by the provider, outside the time tolerance, or not an event."""


class EventSubject(StrEnum):
    """The subject of a provider's event."""

    NOTHING = ""
    CHECKOUT = "checkout"
    PAYMENT = "payment"
    SUBSCRIPTION = "subscription"
    INVOICE = "invoice"
    PURCHASE = "purchase"


@dataclass(frozen=True, slots=True, kw_only=True)
class Products:
    """The products that the app stores sell, under the same codes as we do: `one_time`, and the plans by product."""

    one_time: frozenset[str]
    plans: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BodyNames:
    """How to find names in the bodies of a provider's events, so that erasure finds every event about an owner.

    `refs` returns the references to payments and subscriptions, `customers` the provider's names of people, each as
    the body writes it, in its quotation marks.
    """

    refs: Callable[[bytes], list[bytes]]
    customers: Callable[[bytes], list[bytes]]


# Maximum lengths of the columns of `ProviderEvent`.
_LONGEST: Final = {"id": 200, "kind": 100, "ref": 500}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A webhook event: a hint to query `ref`, never a fact. `verdict` records how it was verified.

    A genuine event about nothing of ours `is_foreign`.

    Raises `InvalidSignature` for a value that no row can hold: too long, with a NUL, or with half of a surrogate pair.
    JSON can carry these, and a signature does not exclude them.
    """

    id: str
    kind: str
    verdict: str
    about: EventSubject = EventSubject.NOTHING
    ref: str = ""
    is_foreign: bool = False

    def __post_init__(self) -> None:
        if not (self.id and self.kind and all(_fits(getattr(self, name), most) for name, most in _LONGEST.items())):
            raise InvalidSignature


def _fits(text: object, most: int) -> bool:
    """Returns whether a column can hold the text.

    `isprintable` is false for NUL, other control characters and surrogates.
    """
    return isinstance(text, str) and len(text) <= most and text.isprintable()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refunded:
    """A refund with the provider's reference; `is_reversed` if the money came back.

    `request_id` is the id that we gave with the request, `""` for a refund made without one.

    A store that reports no amount reports the units: `quantity`, or 0 for all that is left.
    """

    ref: str
    amount_minor: int
    is_reversed: bool = False
    quantity: int = 0
    request_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A line of the provider's balance in a currency other than its payment's. Both amounts are signed.

    `paid_minor` of the payment's currency became `amount_minor` of `currency`.
    """

    ref: str
    paid_minor: int
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Disputed:
    """A payment that the buyer's bank contests. `withdrawn_minor` is the money taken meanwhile, 0 for none.

    An inquiry is a question from the bank: it takes no money unless it becomes a dispute. Fees are in `fee_currency`:
    the total charged for the dispute, and the part of it that was returned.
    """

    ref: str
    state: DisputeState
    amount_minor: int
    withdrawn_minor: int
    fee_minor: int
    reason: str
    evidence_due_at: datetime | None
    is_inquiry: bool = False
    fee_currency: str = ""
    fee_returned_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """The outcome of a payment. `fee_minor` is the part that the provider kept, None while it is unknown.

    `settled` holds the balance lines in another currency, which is then also that of the fees. `refunds_underway` are
    the ids of our requests with a refund that is made, and not certain yet.
    """

    ref: str
    fee_minor: int | None = None
    fee_currency: str = ""
    settled: tuple[Settled, ...] = ()
    refunds: tuple[Refunded, ...] = ()
    refunds_underway: tuple[str, ...] = ()
    disputes: tuple[Disputed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """The state of a hosted payment page. `url` is where the owner pays, while that is possible."""

    ref: str
    order_id: str
    url: str | None
    is_paid: bool
    is_expired: bool
    has_failed: bool
    amount_minor: int
    currency: str
    payment_ref: str = ""
    subscription_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionFacts:
    """The facts of a subscription.

    `ends_at` is the end of access unless it is renewed; `order_id` is the order that bought it, `""` if unknown.
    `replaces` is the `ref` of the subscription that it replaced and that gives no access any more.
    """

    ref: str
    plan: str
    state: SubscriptionState
    ends_at: datetime
    order_id: str = ""
    replaces: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """One period of a subscription, billed by the provider. `is_first` marks the period paid in the checkout."""

    ref: str
    subscription_ref: str
    is_paid: bool
    is_first: bool
    amount_minor: int
    currency: str
    period_ends_at: datetime
    payment_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StorePurchase:
    """A purchase that an app store confirms.

    - `ref` identifies one grant forever: a transaction, or for Google Play a purchase token.
    - `owner_token` is the owner's id that the app gave to the store, `""` without one.
    - `is_paid` is false for a pending purchase, and for a cancelled one; its refunds record what went back.
    - `amount_minor` is the total for all `quantity` units, None if the store does not report it.
    - `is_test` marks a test purchase, for which no money was paid.
    - `tells_all_refunds` means that a refund missing from the report was reversed.
    - `latest_ref` is the latest purchase of its subscription, if that is another one.
    - `is_acknowledged` means that the store requires an acknowledgement of the grant and has it.
    """

    ref: str
    product: str
    owner_token: str
    is_paid: bool
    bought_at: datetime
    is_acknowledged: bool = False
    amount_minor: int | None = None
    currency: str = ""
    refunds: tuple[Refunded, ...] = ()
    tells_all_refunds: bool = False
    period_ends_at: datetime | None = None
    subscription: SubscriptionFacts | None = None
    latest_ref: str = ""
    quantity: int = 1
    is_test: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Voided:
    """An order that was refunded permanently. `refs` are its possible references with us.

    Without a `refund`, only a part was refunded: the purchase itself shows which.
    """

    refs: tuple[str, ...]
    refund: Refunded | None
