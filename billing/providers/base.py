"""What payment providers are asked, and what they answer. Plain Python.

Facts are what a provider says now; they replace what it said before. Amounts are in minor units of `currency`, times
are aware and UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID


class ProviderUnavailable(Exception):
    """No answer, or none that counts: asked again later it may well answer."""


class ProviderRefused(Exception):
    """The provider said no, and would say so again."""


class UnknownToProvider(ProviderRefused):
    """The provider knows no such thing, or it is of another account."""


class NotOurs(ProviderRefused):
    """It exists, and somebody else asked for it: another product that is sold under the same account."""


class ForgedEvent(Exception):
    """Not signed by the provider, not now, or no event at all."""


class About(StrEnum):
    """What a provider's event is about."""

    NOTHING = ""
    CHECKOUT = "checkout"
    PAYMENT = "payment"
    SUBSCRIPTION = "subscription"
    INVOICE = "invoice"
    PURCHASE = "purchase"


# What the columns of `ProviderEvent` hold.
_LONGEST: Final = {"id": 200, "kind": 100, "ref": 500}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What a webhook said: a hint to look at `ref`, never a fact. `verdict` says how it was verified.

    What is genuine and about nothing of ours `is_foreign`.

    Raises `ForgedEvent` for a name that no row can hold: too long, with a NUL, or with half of a surrogate pair. JSON
    can carry these, and a signature says nothing about them.
    """

    id: str
    kind: str
    verdict: str
    about: About = About.NOTHING
    ref: str = ""
    is_foreign: bool = False

    def __post_init__(self) -> None:
        if not (self.id and self.kind and all(_fits(getattr(self, name), most) for name, most in _LONGEST.items())):
            raise ForgedEvent


def _fits(text: object, most: int) -> bool:
    """`isprintable` is false for NUL, other control characters and surrogates."""
    return isinstance(text, str) and len(text) <= most and text.isprintable()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refunded:
    """Money that went back, under the provider's own name for it; `is_reversed` where it came back again.

    A store that tells no amount tells of how many: `quantity`, 0 for all that is left.
    """

    ref: str
    amount_minor: int
    is_reversed: bool = False
    quantity: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A line of the provider's balance in another currency than its payment's, both amounts signed.

    `paid_minor` of the payment's currency became `amount_minor` of `currency`.
    """

    ref: str
    paid_minor: int
    amount_minor: int
    currency: str


class DisputeVerdict(StrEnum):
    OPEN = "open"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disputed:
    """A payment that the buyer's bank contests. `withdrawn_minor` is what was taken meanwhile, 0 for nothing.

    An inquiry is a question of the bank's: no money is taken unless it becomes a dispute.
    Fees are in `fee_currency`: what was charged for it altogether, and what of that was given back.
    """

    ref: str
    verdict: DisputeVerdict
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
    """What became of a payment. `fee_minor` is what the provider kept of it, None while it does not say.

    `settled` are the lines of the balance in another currency, which is that of the fees then.
    """

    ref: str
    fee_minor: int | None = None
    fee_currency: str = ""
    settled: tuple[Settled, ...] = ()
    refunds: tuple[Refunded, ...] = ()
    disputes: tuple[Disputed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """How a hosted payment page stands. `url` is where the owner pays, while that is possible."""

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


class Standing(StrEnum):
    """How a subscription stands with its provider. Cancelled: it runs out at the end of its period."""

    ACTIVE = "active"
    GRACE = "grace"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionFacts:
    """`ends_at` is when access ends unless it is renewed; `order_id` the order it was bought by, `""` if unknown.

    `replaces` is the `ref` of one that it took the place of, and that gives no access any more.
    """

    ref: str
    plan: str
    standing: Standing
    ends_at: datetime
    order_id: str = ""
    replaces: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """One period of a subscription, billed by the provider itself. `is_first` is the one its checkout paid."""

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
    """What an app store vouches for. `owner_token` is the owner's id as the app told it to the store, `""` if not.

    `ref` is one grant for ever: a transaction, or for Google Play a purchase token. `amount_minor` is that of all
    `quantity` of them, None where the store does not say. Of a test, which `is_test`, nothing was paid. A pending one
    is not paid yet; one that was called off is not paid any more, and its refunds say what went back. Where the store
    `tells_all_refunds`, one that it tells no more was reversed. `latest_ref` is the latest purchase of its
    subscription, where that is another one. `is_acknowledged` where the store wants to know that it was granted, and
    does.
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


class ReceiptVerifier(Protocol):
    """A store whose receipts phones bring."""

    name: str

    def purchase_of(self, receipt: str) -> StorePurchase | None:
        """What a genuine receipt proves, as the store has it now; None for anything that cannot be verified.

        Raises `ProviderUnavailable` where the store cannot be asked.
        """
        ...


class Store(ReceiptVerifier, Protocol):
    """An app store: brings purchases up to date, and tells of changes by events."""

    def read_event(self, body: bytes, headers: Mapping[str, str]) -> Event:
        """What a genuine notification says. Raises `ForgedEvent`, or `ProviderUnavailable` where it cannot be told."""
        ...

    def purchase(self, ref: str) -> StorePurchase | None:
        """How a purchase stands now, by the `ref` of an event or of an order. None where the store knows none.

        Raises `ProviderUnavailable`.
        """
        ...

    def acknowledge(self, purchase: StorePurchase, *, owner_id: UUID) -> None:
        """Tell the store that what was bought is granted, and to whom, where it wants to know. Again is as once."""
        ...
