"""Stripe's own records of a day: every movement of the balance, and the payouts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final

from billing.providers.stripe.facts import moment


class BalanceTransactionKind(StrEnum):
    PAYMENT = "payment"
    REFUND = "refund"
    REFUND_FAILURE = "refund_failure"
    DISPUTE = "dispute"
    DISPUTE_REVERSAL = "dispute_reversal"
    PAYOUT = "payout"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceTransaction:
    """One line of the provider's balance. `amount_minor` is signed and before the fee.

    `source_ref` is the cause of the movement: the payment, refund, dispute or payout.
    """

    ref: str
    kind: BalanceTransactionKind
    source_ref: str
    payment_ref: str
    amount_minor: int
    fee_minor: int
    currency: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderPayout:
    """A payout. `state` is Stripe's: pending, in_transit, paid, failed, canceled."""

    ref: str
    state: str
    amount_minor: int
    currency: str
    arrives_on: date
    created_at: datetime


# stripe.com/docs/reports/reporting-categories
_KINDS: Final = {
    "charge": BalanceTransactionKind.PAYMENT,
    "refund": BalanceTransactionKind.REFUND,
    "refund_failure": BalanceTransactionKind.REFUND_FAILURE,
    "dispute": BalanceTransactionKind.DISPUTE,
    "dispute_reversal": BalanceTransactionKind.DISPUTE_REVERSAL,
    "payout": BalanceTransactionKind.PAYOUT,
}


def movements(client: Any, *, first: date, last: date) -> Iterator[BalanceTransaction]:
    """Yield the balance movements of these days (UTC), both included."""
    asked = {"created": _span(first, last), "limit": 100, "expand": ["data.source"]}
    for row in client.v1.balance_transactions.list(asked).auto_paging_iter():
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
            state=row.status,
            amount_minor=row.amount,
            currency=row.currency.upper(),
            arrives_on=moment(row.arrival_date).date(),
            created_at=moment(row.created),
        )


def _span(first: date, last: date) -> dict[str, int]:
    start = datetime.combine(first, time.min, UTC)
    end = datetime.combine(last + timedelta(days=1), time.min, UTC)
    return {"gte": int(start.timestamp()), "lt": int(end.timestamp())}
