"""The interfaces of the payment providers: what the rest of billing asks of one. Plain Python.

A provider implements those that its capabilities name; `provider_registry` opens it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import ClassVar, Protocol
from uuid import UUID

from billing.providers.balance import BalanceTransaction, ProviderPayout
from billing.providers.base import Checkout, Event, Invoice, Payment, StorePurchase, SubscriptionFacts, Voided
from billing.providers.transfers import Transferred


class EventReader(Protocol):
    def read_event(self, body: bytes, headers: Mapping[str, str]) -> Event:
        """Return the event of a genuine notification.

        Raises `InvalidSignature`, or `ProviderUnavailable` if it cannot be checked.
        """
        ...


class HostedCheckout(Protocol):
    """A provider that hosts payment pages and bills subscriptions.

    Every call raises `ProviderUnavailable` if a retry may help, and `ProviderRefused` if it will not:
    `UnknownToProvider` for an object that does not exist, `NotOurs` for one of another product of the account.
    """

    unsupported_currencies: ClassVar[frozenset[str]]
    """Currencies in which it counts other units than ours."""

    def open_checkout(
        self,
        *,
        order_id: str,
        name: str,
        price_minor: int,
        currency: str,
        plan: str,
        success_url: str,
        cancel_url: str,
    ) -> Checkout:
        """Open the payment page of an order, or return the page that was opened for it. With a `plan`: subscribe."""
        ...

    def checkout(self, ref: str) -> Checkout:
        """Return the current state of the payment page."""
        ...

    def checkout_of_payment(self, payment_ref: str) -> Checkout | None:
        """Return the payment page of a payment, or None for a payment made without one."""
        ...

    def close_checkout(self, ref: str) -> Checkout:
        """Close the page to further payments. Raises `ProviderRefused` if a payment has just been made."""
        ...

    def payment(self, ref: str) -> Payment:
        """Return the outcome of a payment: its fee, refunds and disputes."""
        ...

    def refund(self, payment_ref: str, *, amount_minor: int, key: str, request_id: str = "") -> None:
        """Request a refund, once per key. The refund carries the id of our request, if there is one."""
        ...

    def subscription(self, ref: str) -> SubscriptionFacts:
        """Return the current state of a subscription."""
        ...

    def cancel_at_period_end(self, ref: str) -> None:
        """Stop the renewal. Raises `ProviderRefused` if the subscription has already ended."""
        ...

    def end_subscription(self, ref: str) -> None:
        """End it now, so that nothing more is billed. Raises `ProviderRefused` if it has already ended."""
        ...

    def invoice(self, ref: str) -> Invoice:
        """Return the current state of a period's invoice."""
        ...

    def invoice_of_payment(self, payment_ref: str) -> Invoice | None:
        """Return the invoice that a payment paid, or None."""
        ...


class BalanceSource(Protocol):
    """A provider that lists its balance. Every call raises `ProviderUnavailable`."""

    def balance_transactions(self, *, first: date, last: date) -> Sequence[BalanceTransaction]:
        """Return the lines of these days (UTC), both included."""
        ...

    def payouts(self, *, first: date, last: date) -> Sequence[ProviderPayout]:
        """Return the payouts created on these days (UTC), both included, in their current state."""
        ...


class PayoutSender(Protocol):
    """A provider that transfers our money to payees.

    Every call raises `ProviderUnavailable` if a retry may help, and `ProviderRefused` if it will not.
    """

    def send(
        self, *, payout_id: str, account_ref: str, amount_minor: int, currency: str, payment_ref: str, key: str
    ) -> Transferred:
        """Send money to a payee's account, once per key: that of a payment, or with `""` from our balance."""
        ...

    def transfer_of(self, payout_id: str) -> Transferred | None:
        """Return the first transfer of a payout, or None."""
        ...

    def transfer(self, ref: str) -> Transferred:
        """Return the current state of a transfer."""
        ...

    def transfers(self, *, first: date, last: date) -> Sequence[Transferred]:
        """Return the transfers made on these days (UTC), both included, in their current state."""
        ...


class ReceiptVerifier(Protocol):
    """A store with receipts that phones submit."""

    name: str

    def purchase_of(self, receipt: str) -> StorePurchase | None:
        """Returns the purchase of a genuine receipt in its current state, or None if it cannot be verified.

        Raises `ProviderUnavailable` when the store cannot be reached.
        """
        ...


class ReceiptStore(ReceiptVerifier, EventReader, Protocol):
    """An app store: returns the current state of purchases, and reports changes by events."""

    def purchase(self, ref: str) -> StorePurchase | None:
        """Returns the current state of a purchase by the `ref` of an event or order, or None if the store knows none.

        Raises `ProviderUnavailable`.
        """
        ...

    def acknowledge(self, purchase: StorePurchase, *, owner_id: UUID) -> None:
        """Report the grant and its owner to the store, if the store requires it. Idempotent."""
        ...

    def voided(self) -> Iterable[Voided]:
        """Return the recent refunds, if the store lists them. Raises `ProviderUnavailable`."""
        ...
