"""Stripe's objects in our own words."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from billing.providers.base import (
    Checkout,
    Disputed,
    DisputeVerdict,
    Invoice,
    Payment,
    Refunded,
    Settled,
    Standing,
    SubscriptionFacts,
)

PLANS: Final = {"month": "monthly", "year": "yearly"}
INTERVALS: Final = {plan: interval for interval, plan in PLANS.items()}
_VERDICTS: Final = {
    "won": DisputeVerdict.WON,
    "warning_closed": DisputeVerdict.WON,
    "prevented": DisputeVerdict.WON,
    "lost": DisputeVerdict.LOST,
}
_STANDINGS: Final = {"active": Standing.ACTIVE, "trialing": Standing.ACTIVE, "past_due": Standing.GRACE}


def checkout(session: Any) -> Checkout:
    """A session with its `payment_intent` and `invoice.payments` expanded; a failed payment leaves it open."""
    return Checkout(
        ref=session.id,
        order_id=order_id(session),
        url=session.url if session.status == "open" else None,
        is_paid=session.payment_status == "paid",
        is_expired=session.status == "expired",
        has_failed=session.status == "complete" and _has_failed(session),
        amount_minor=session.amount_total,
        currency=session.currency.upper(),
        payment_ref=_id(session.payment_intent) or _payment_of(session.invoice),
        subscription_ref=_id(session.subscription),
    )


def payment(intent: Any, *, refunds: Iterable[Any], disputes: Iterable[Any]) -> Payment:
    """A payment with its `latest_charge.balance_transaction` expanded, and those of its refunds.

    What the balance says is in the currency in which the account is settled, which may be another than the payment's.
    """
    charge, refunds, disputes = intent.latest_charge, list(refunds), list(disputes)
    balance = charge.balance_transaction if charge else None
    lines = [(balance, charge.amount)] if charge and balance else []
    lines += [(refund.balance_transaction, -refund.amount) for refund in refunds]
    lines += [(refund.failure_balance_transaction, refund.amount) for refund in refunds]
    lines += [line for dispute in disputes for line in _moved(dispute, intent)]
    return Payment(
        ref=intent.id,
        fee_minor=balance.fee if balance else None,
        fee_currency=balance.currency.upper() if balance else "",
        settled=tuple(
            Settled(ref=row.id, paid_minor=paid, amount_minor=row.amount, currency=row.currency.upper())
            for row, paid in lines
            if row and row.currency != intent.currency
        ),
        refunds=tuple(
            Refunded(ref=refund.id, amount_minor=refund.amount, is_reversed=refund.status != "succeeded")
            # One that failed left room for others: it comes before those that stand.
            for refund in sorted(refunds, key=lambda refund: (refund.status == "succeeded", refund.created))
            # One that was called off before the money moved was none.
            if refund.status == "succeeded" or refund.failure_balance_transaction
        ),
        disputes=tuple(_disputed(dispute, intent) for dispute in disputes),
    )


def subscription(found: Any, *, grace: timedelta, now: datetime) -> SubscriptionFacts:
    """A subscription has one item: the plan. Unpaid renewals leave access until the grace is over."""
    item = found["items"].data[0]
    standing = _STANDINGS.get(found.status, Standing.LAPSED)
    ends_at = moment(item.current_period_end)
    if standing == Standing.GRACE:
        ends_at = moment(item.current_period_start) + grace
    elif standing == Standing.LAPSED:
        ends_at = min(now, moment(found.ended_at)) if found.ended_at else now
    elif found.cancel_at_period_end or found.cancel_at:
        standing = Standing.CANCELLED
        ends_at = moment(found.cancel_at) if found.cancel_at else ends_at
    return SubscriptionFacts(
        ref=found.id,
        plan=PLANS[item.price.recurring.interval],
        standing=standing,
        ends_at=ends_at,
        order_id=order_id(found),
    )


def billed_for(found: Any) -> str:
    """The subscription that an invoice is of; `""` for one that is of none."""
    details = found.parent.subscription_details if found.parent else None
    return _id(details.subscription) if details else ""


def invoice(found: Any) -> Invoice:
    """An invoice of a subscription, with its `payments` expanded."""
    return Invoice(
        ref=found.id,
        subscription_ref=billed_for(found),
        is_paid=found.status == "paid",
        is_first=found.billing_reason == "subscription_create",
        amount_minor=found.amount_paid,
        currency=found.currency.upper(),
        period_ends_at=max(moment(line.period.end) for line in found.lines.data),
        payment_ref=_payment_of(found),
    )


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _has_failed(session: Any) -> bool:
    """A bank debit that was promised and did not come: the page is done, the payment wants another method."""
    intent = session.payment_intent
    return session.payment_status == "unpaid" and bool(intent) and intent.status == "requires_payment_method"


def _contested(dispute: Any, intent: Any) -> int:
    """How much of a payment is disputed, in its own currency: all of it, where the bank says it in another."""
    return int(dispute.amount if dispute.currency == intent.currency else intent.amount)


def _moved(dispute: Any, intent: Any) -> list[tuple[Any, int]]:
    """The lines of the balance of a dispute, each with what it is of the payment's currency.

    In another currency, what was withdrawn first is all that is disputed, and what came back first is all of it again;
    what is corrected later changes the other currency alone.
    """
    contested = _contested(dispute, intent)
    found, seen = [], set[bool]()
    for row in sorted(dispute.balance_transactions, key=lambda row: (row.created, row.id)):
        is_back = row.amount > 0
        whole = 0 if is_back in seen else contested if is_back else -contested
        found.append((row, row.amount if row.currency == intent.currency else whole))
        seen.add(is_back)
    return found


def _disputed(dispute: Any, intent: Any) -> Disputed:
    moved = dispute.balance_transactions
    due = dispute.evidence_details.due_by if dispute.evidence_details else None
    return Disputed(
        ref=dispute.id,
        verdict=_VERDICTS.get(dispute.status, DisputeVerdict.OPEN),
        amount_minor=_contested(dispute, intent),
        withdrawn_minor=sum(-paid for _, paid in _moved(dispute, intent) if paid < 0),
        fee_minor=sum(row.fee for row in moved if row.fee > 0),
        fee_currency=next((row.currency.upper() for row in moved), ""),
        fee_returned_minor=sum(-row.fee for row in moved if row.fee < 0),
        reason=dispute.reason or "",
        evidence_due_at=moment(due) if due else None,
        is_inquiry=dispute.status.startswith("warning_"),
    )


def _payment_of(found: Any) -> str:
    """The payment that paid an invoice, where the invoice is expanded and was paid by one."""
    if not found or isinstance(found, str):
        return ""
    payments = [row for row in found.payments.data if row.payment.type == "payment_intent"] if found.payments else []
    paid_first = sorted(payments, key=lambda row: row.status != "paid")
    return next((_id(row.payment.payment_intent) for row in paid_first), "")


def order_id(thing: Any) -> str:
    """What we noted on it when we asked for it. Stripe's objects are no dicts: they have no `get`."""
    return str(getattr(thing.metadata, "order_id", "") or "")


def _id(thing: Any) -> str:
    """Expanded or not, or nothing."""
    return "" if not thing else thing if isinstance(thing, str) else str(thing.id)
