"""Transfers to the connected accounts of payees (docs.stripe.com/connect/separate-charges-and-transfers)."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from stripe import StripeClient

from billing.providers.stripe.connection import errors
from billing.providers.stripe.mapping import id_of, moment, named_in, span
from billing.providers.transfers import Transferred

_ARRIVAL: Final = ["destination_payment.balance_transaction"]


class StripeTransfers:
    """Sends our money to connected accounts.

    A transfer carries the payout's id as its group: by that it is found after a lost answer, also when Stripe has
    forgotten the idempotency key. It draws on the payment that earned it, so that it need not wait for our balance;
    the transfers of one payment cannot exceed it.
    """

    def __init__(self, client: StripeClient) -> None:
        self._client = client

    def send(
        self, *, payout_id: str, account_ref: str, amount_minor: int, currency: str, payment_ref: str, key: str
    ) -> Transferred:
        """Send money, once per key. Raises `ProviderRefused` if the account cannot take it."""
        request: Any = {
            "amount": amount_minor,
            "currency": currency.lower(),
            "destination": account_ref,
            "transfer_group": payout_id,
            "metadata": {"payout_id": payout_id},
        }
        with errors():
            if payment_ref:
                paid = self._client.v1.payment_intents.retrieve(payment_ref)
                request["source_transaction"] = id_of(paid.latest_charge)
            return _transferred(self._client.v1.transfers.create(request, {"idempotency_key": key}))

    def transfer_of(self, payout_id: str) -> Transferred | None:
        """Return the first transfer of a payout, or None."""
        with errors():
            found = self._client.v1.transfers.list({"transfer_group": payout_id, "limit": 100})
        return _transferred(found.data[-1]) if found.data else None

    def transfer(self, ref: str) -> Transferred:
        """Return the current state of a transfer."""
        with errors():
            return _transferred(self._client.v1.transfers.retrieve(ref, {"expand": _ARRIVAL}))

    def transfers(self, *, first: date, last: date) -> list[Transferred]:
        """Return the transfers made on these days (UTC), both included, in their current state."""
        with errors():
            return list(self._made_on(first, last))

    def _made_on(self, first: date, last: date) -> Iterator[Transferred]:
        request: Any = {"created": span(first, last), "limit": 100}
        for row in self._client.v1.transfers.list(request).auto_paging_iter():
            yield _transferred(row)


def _transferred(found: Any) -> Transferred:
    payment = found.destination_payment
    line = None if not payment or isinstance(payment, str) else payment.balance_transaction
    return Transferred(
        ref=found.id,
        payout_id=named_in(found, "payout_id"),
        account_ref=id_of(found.destination),
        amount_minor=found.amount,
        currency=found.currency.upper(),
        created_at=moment(found.created),
        returned_minor=found.amount_reversed,
        has_arrived=line is not None and not isinstance(line, str) and line.status == "available",
    )
