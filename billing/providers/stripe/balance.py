"""Stripe's own records of a day: every line of the balance, and the payouts."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from billing.providers.balance import BalanceTransaction, BalanceTransactionKind, ProviderPayout
from billing.providers.stripe.mapping import moment
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
}


def balance_transactions(client: Any, *, first: date, last: date) -> Iterator[BalanceTransaction]:
    """Yield the balance lines of these days (UTC), both included."""
    request = {"created": _span(first, last), "limit": 100, "expand": ["data.source"]}
    for row in client.v1.balance_transactions.list(request).auto_paging_iter():
        kind, source = _KINDS.get(row.reporting_category, BalanceTransactionKind.OTHER), row.source
        is_of_payment = kind not in (BalanceTransactionKind.PAYOUT, BalanceTransactionKind.OTHER)
        payment = (getattr(source, "payment_intent", None) if is_of_payment else None) or ""
        yield BalanceTransaction(
            ref=row.id,
            kind=kind,
            source_ref=str(
                payment if kind == BalanceTransactionKind.PAYMENT else getattr(source, "id", source) or row.id
            ),
            payment_ref=str(payment),
            amount_minor=row.amount,
            fee_minor=row.fee,
            currency=row.currency.upper(),
            at=moment(row.created),
        )


def payouts(client: Any, *, first: date, last: date) -> Iterator[ProviderPayout]:
    """Yield the payouts created on these days (UTC), both included, in their current state."""
    for row in client.v1.payouts.list({"created": _span(first, last), "limit": 100}).auto_paging_iter():
        yield ProviderPayout(
            ref=row.id,
            state=_PAYOUT_STATES.get(row.status, PayoutState.SCHEDULED),
            amount_minor=row.amount,
            currency=row.currency.upper(),
            arrives_on=moment(row.arrival_date).date(),
            created_at=moment(row.created),
        )


def _span(first: date, last: date) -> dict[str, int]:
    start = datetime.combine(first, time.min, UTC)
    end = datetime.combine(last + timedelta(days=1), time.min, UTC)
    return {"gte": int(start.timestamp()), "lt": int(end.timestamp())}
