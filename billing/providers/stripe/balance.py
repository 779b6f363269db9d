"""Stripe's own records of a day: every line of the balance, and the payouts."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from billing.providers.balance import BalanceTransaction, BalanceTransactionKind, ProviderPayout
from billing.providers.stripe.mapping import id_of, moment, span
from billing.vocabulary import PayoutState

_PAYOUT_STATES: Final = {
    "pending": PayoutState.SCHEDULED,
    "in_transit": PayoutState.PAID,
    "paid": PayoutState.SETTLED,
    "failed": PayoutState.FAILED,
    "canceled": PayoutState.FAILED,
}
# stripe.com/docs/reports/reporting-categories
_KINDS: Final = {
    "charge": BalanceTransactionKind.PAYMENT,
    "refund": BalanceTransactionKind.REFUND,
    "refund_failure": BalanceTransactionKind.REFUND_FAILURE,
    "dispute": BalanceTransactionKind.DISPUTE,
    "dispute_reversal": BalanceTransactionKind.DISPUTE_REVERSAL,
    "payout": BalanceTransactionKind.PAYOUT,
    "transfer": BalanceTransactionKind.TRANSFER,
    "transfer_reversal": BalanceTransactionKind.TRANSFER_REVERSAL,
}
_OF_PAYMENTS: Final = (
    BalanceTransactionKind.PAYMENT,
    BalanceTransactionKind.REFUND,
    BalanceTransactionKind.REFUND_FAILURE,
    BalanceTransactionKind.DISPUTE,
    BalanceTransactionKind.DISPUTE_REVERSAL,
)


def balance_transactions(client: Any, *, first: date, last: date) -> Iterator[BalanceTransaction]:
    """Yield the balance lines of these days (UTC), both included."""
    request = {"created": span(first, last), "limit": 100, "expand": ["data.source"]}
    for row in client.v1.balance_transactions.list(request).auto_paging_iter():
        kind, source = _KINDS.get(row.reporting_category, BalanceTransactionKind.OTHER), row.source
        payment = str(getattr(source, "payment_intent", None) or "") if kind in _OF_PAYMENTS else ""
        yield BalanceTransaction(
            ref=row.id,
            kind=kind,
            source_ref=_cause(kind, source, payment) or row.id,
            payment_ref=payment,
            amount_minor=row.amount,
            fee_minor=row.fee,
            currency=row.currency.upper(),
            at=moment(row.created),
        )


def _cause(kind: BalanceTransactionKind, source: Any, payment_ref: str) -> str:
    """Return the name of what moved the money. Payments and returned transfers are not the source of their lines."""
    if kind == BalanceTransactionKind.PAYMENT:
        return payment_ref
    return id_of(source.transfer if kind == BalanceTransactionKind.TRANSFER_REVERSAL else source)


def payouts(client: Any, *, first: date, last: date) -> Iterator[ProviderPayout]:
    """Yield the payouts created on these days (UTC), both included, in their current state."""
    for row in client.v1.payouts.list({"created": span(first, last), "limit": 100}).auto_paging_iter():
        yield ProviderPayout(
            ref=row.id,
            state=_PAYOUT_STATES.get(row.status, PayoutState.SCHEDULED),
            amount_minor=row.amount,
            currency=row.currency.upper(),
            arrives_on=moment(row.arrival_date).date(),
            created_at=moment(row.created),
        )
