"""Payment pages, subscriptions, refunds and the balance at Stripe."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar, Final

from stripe import StripeClient

from billing.providers.balance import BalanceTransaction, ProviderPayout
from billing.providers.base import (
    Checkout,
    Invoice,
    NotOurs,
    Payment,
    SubscriptionFacts,
)
from billing.providers.stripe import balance, mapping
from billing.providers.stripe.connection import errors

_SESSION: Final = ["payment_intent", "invoice.payments"]
_INTENT: Final = ["latest_charge.balance_transaction"]
_REFUNDS: Final = ["data.balance_transaction", "data.failure_balance_transaction"]


class StripeProvider:
    """Call Stripe's API. Every write has an idempotency key or sets a state, so a retry after a time-out acts once.

    Every call raises `ProviderUnavailable` if a retry may help, and `ProviderRefused` if it will not:
    `UnknownToProvider` for an object that does not exist. The account may sell other products: an object without an
    order that this server `knows` raises `NotOurs`, and nothing else of it is read.
    """

    name = "stripe"
    # docs.stripe.com/currencies: Stripe counts hundredths for currencies without minor units, whole units for some
    # currencies with minor units, and thousandths only in multiples of ten. The charge would be 100 times too high or
    # too low.
    unsupported_currencies: ClassVar = frozenset({"ISK", "UGX", "MGA", "BHD", "JOD", "KWD", "OMR", "TND"})

    def __init__(
        self,
        *,
        client: StripeClient,
        grace: timedelta,
        knows: Callable[[str], bool] = bool,
    ) -> None:
        self._client, self._grace, self._knows = client, grace, knows

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
        """Open the payment page of an order, or return the page that was opened for it within a day.

        With a `plan` (monthly, yearly) it sells a subscription.
        """
        known = {"order_id": order_id}
        price: dict[str, Any] = {
            "currency": currency.lower(),
            "unit_amount": price_minor,
            "product_data": {"name": name},
        }
        kind: dict[str, Any] = {"mode": "payment", "payment_intent_data": {"metadata": known}}
        if plan:
            price["recurring"] = {"interval": mapping.INTERVALS[plan]}
            # Card only: a bank debit that fails days later would have given a month free of charge.
            kind = {
                "mode": "subscription",
                "subscription_data": {"metadata": known},
                "allowed_payment_method_types": ["card"],
            }
        request: Any = {
            **kind,
            "client_reference_id": order_id,
            "metadata": known,
            "line_items": [{"quantity": 1, "price_data": price}],
            "success_url": success_url,
            "cancel_url": cancel_url,
            "expand": _SESSION,
        }
        with errors():
            created = self._client.v1.checkout.sessions.create(request, {"idempotency_key": f"checkout:{order_id}"})
            return mapping.checkout(created)

    def checkout(self, ref: str) -> Checkout:
        """Returns the current state of the payment page."""
        with errors():
            found = self._client.v1.checkout.sessions.retrieve(ref, {"expand": _SESSION})
        self._check_ours(found)
        return mapping.checkout(found)

    def checkout_of_payment(self, payment_ref: str) -> Checkout | None:
        """Returns the payment page of a payment, or None for a payment made without one."""
        with errors():
            found = self._client.v1.checkout.sessions.list({"payment_intent": payment_ref, "limit": 1})
        return self.checkout(found.data[0].id) if found.data else None

    def close_checkout(self, ref: str) -> Checkout:
        """Close the page to further payments. Raises `ProviderRefused` if a payment has just been made."""
        key = f"close:{ref}"
        with errors():
            closed = self._client.v1.checkout.sessions.expire(ref, {"expand": _SESSION}, {"idempotency_key": key})
            return mapping.checkout(closed)

    def payment(self, ref: str) -> Payment:
        """Returns the outcome of a payment: its fee, refunds and disputes."""
        request: Any = {"payment_intent": ref, "limit": 100}
        settled: Any = {**request, "expand": _REFUNDS}
        with errors():
            return mapping.payment(
                self._client.v1.payment_intents.retrieve(ref, {"expand": _INTENT}),
                refunds=self._client.v1.refunds.list(settled).auto_paging_iter(),
                disputes=self._client.v1.disputes.list(request).auto_paging_iter(),
            )

    def refund(self, payment_ref: str, *, amount_minor: int, key: str, request_id: str = "") -> None:
        """Request a refund. A retry with the same key refunds once."""
        request: Any = {"payment_intent": payment_ref, "amount": amount_minor}
        if request_id:
            request["metadata"] = {"request_id": request_id}
        with errors():
            self._client.v1.refunds.create(request, {"idempotency_key": key})

    def subscription(self, ref: str) -> SubscriptionFacts:
        """Returns the current state of a subscription."""
        with errors():
            found = self._client.v1.subscriptions.retrieve(ref)
        self._check_ours(found)
        return mapping.subscription(found, grace=self._grace, now=datetime.now(UTC))

    def cancel_at_period_end(self, ref: str) -> None:
        """Stop the renewal; the subscription ends with its period. Raises `ProviderRefused` if it has already ended."""
        with errors():
            self._client.v1.subscriptions.update(ref, {"cancel_at_period_end": True})

    def end_subscription(self, ref: str) -> None:
        """End it now, so that nothing more is billed. Raises `ProviderRefused` if it has already ended."""
        with errors():
            self._client.v1.subscriptions.cancel(ref, {}, {"idempotency_key": f"end:{ref}"})

    def invoice(self, ref: str) -> Invoice:
        """Returns the current state of a period's invoice. Raises `NotOurs` for an invoice without a subscription."""
        with errors():
            found = self._client.v1.invoices.retrieve(ref, {"expand": ["payments"]})
            subscription_ref = mapping.billed_for(found)
            if not subscription_ref:
                raise NotOurs("of no subscription")
            self._check_ours(self._client.v1.subscriptions.retrieve(subscription_ref))
        return mapping.invoice(found)

    def invoice_of_payment(self, payment_ref: str) -> Invoice | None:
        """Returns the invoice that a payment paid, or None."""
        request: Any = {"payment": {"type": "payment_intent", "payment_intent": payment_ref}, "limit": 1}
        with errors():
            found = self._client.v1.invoice_payments.list(request)
        return self.invoice(str(found.data[0].invoice)) if found.data else None

    def balance_transactions(self, *, first: date, last: date) -> list[BalanceTransaction]:
        """Returns the balance lines of these days (UTC), both included."""
        with errors():
            return list(balance.balance_transactions(self._client, first=first, last=last))

    def payouts(self, *, first: date, last: date) -> list[ProviderPayout]:
        """Returns the payouts created on these days (UTC), both included, in their current state."""
        with errors():
            return list(balance.payouts(self._client, first=first, last=last))

    def _check_ours(self, found: Any) -> None:
        if not self._knows(mapping.order_id(found)):
            raise NotOurs("it names no order of ours")
