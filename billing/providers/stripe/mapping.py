"""Convert Stripe's objects into our types."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from billing.providers.base import (
    Checkout,
    Disputed,
    Invoice,
    Payment,
    Refunded,
    Settled,
    SubscriptionFacts,
)
from billing.vocabulary import DisputeState, Plan, SubscriptionState

PLANS: Final = {"month": Plan.MONTHLY, "year": Plan.YEARLY}
INTERVALS: Final[Mapping[str, str]] = {plan: interval for interval, plan in PLANS.items()}
_DISPUTE_STATES: Final = {
    "won": DisputeState.WON,
    "warning_closed": DisputeState.WON,
    "prevented": DisputeState.WON,
    "lost": DisputeState.LOST,
}
_UNDERWAY_REFUNDS: Final = ("pending", "requires_action")
_SUBSCRIPTION_STATES: Final = {
    "active": SubscriptionState.ACTIVE,
    "trialing": SubscriptionState.ACTIVE,
    "past_due": SubscriptionState.GRACE,
}


def checkout(session: Any) -> Checkout:
    """Convert a session with its `payment_intent` and `invoice.payments` expanded. A failed payment leaves it open."""
    return Checkout(
        ref=session.id,
        order_id=order_id(session),
        url=session.url if session.status == "open" else None,
        is_paid=session.payment_status == "paid",
        is_expired=session.status == "expired",
        has_failed=session.status == "complete" and _has_failed(session),
        amount_minor=session.amount_total,
        currency=session.currency.upper(),
        payment_ref=id_of(session.payment_intent) or _payment_of(session.invoice),
        subscription_ref=id_of(session.subscription),
    )


def payment(intent: Any, *, refunds: Iterable[Any], disputes: Iterable[Any]) -> Payment:
    """Convert a payment with its `latest_charge.balance_transaction` expanded, and those of its refunds.

    The balance is in the account's settlement currency, which may differ from the payment's.
    """
    charge, refunds, disputes = intent.latest_charge, list(refunds), list(disputes)
    balance = charge.balance_transaction if charge else None
    lines = [(balance, charge.amount)] if charge and balance else []
    lines += [(refund.balance_transaction, -refund.amount) for refund in refunds]
    lines += [(refund.failure_balance_transaction, refund.amount) for refund in refunds]
    lines += [line for dispute in disputes for line in _balance_lines(dispute, intent)]
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
            Refunded(
                ref=refund.id,
                amount_minor=refund.amount,
                is_reversed=refund.status != "succeeded",
                request_id=named_in(refund, "request_id"),
            )
            # A failed refund frees its amount for others, so failed refunds come before successful ones.
            for refund in sorted(refunds, key=lambda refund: (refund.status == "succeeded", refund.created))
            # A refund that was cancelled before the money moved does not count.
            if refund.status == "succeeded" or refund.failure_balance_transaction
        ),
        refunds_underway=tuple(
            named_in(refund, "request_id") for refund in refunds if refund.status in _UNDERWAY_REFUNDS
        ),
        disputes=tuple(_disputed(dispute, intent) for dispute in disputes),
    )


def subscription(found: Any, *, grace: timedelta, now: datetime) -> SubscriptionFacts:
    """Convert a subscription. It has one item, the plan.

    An unpaid renewal keeps access until the end of the grace period.
    """
    item = found["items"].data[0]
    state = _SUBSCRIPTION_STATES.get(found.status, SubscriptionState.LAPSED)
    ends_at = moment(item.current_period_end)
    if state == SubscriptionState.GRACE:
        ends_at = moment(item.current_period_start) + grace
    elif state == SubscriptionState.LAPSED:
        ends_at = min(now, moment(found.ended_at)) if found.ended_at else now
    elif found.cancel_at_period_end or found.cancel_at:
        state = SubscriptionState.CANCELLED
        ends_at = moment(found.cancel_at) if found.cancel_at else ends_at
    return SubscriptionFacts(
        ref=found.id,
        plan=PLANS[item.price.recurring.interval],
        state=state,
        ends_at=ends_at,
        order_id=order_id(found),
    )


def billed_for(found: Any) -> str:
    """Returns the subscription of an invoice, or `""` without one."""
    details = found.parent.subscription_details if found.parent else None
    return id_of(details.subscription) if details else ""


def invoice(found: Any) -> Invoice:
    """Convert a subscription's invoice with its `payments` expanded."""
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


def span(first: date, last: date) -> dict[str, int]:
    """Return these days (UTC), both included, as a filter of a list."""
    start = datetime.combine(first, time.min, UTC)
    end = datetime.combine(last + timedelta(days=1), time.min, UTC)
    return {"gte": int(start.timestamp()), "lt": int(end.timestamp())}


def _has_failed(session: Any) -> bool:
    """Returns whether a promised bank debit failed: the session is complete, and the payment needs another method."""
    intent = session.payment_intent
    return session.payment_status == "unpaid" and bool(intent) and intent.status == "requires_payment_method"


def _contested(dispute: Any, intent: Any) -> int:
    """Returns the disputed amount in the payment's currency: all of it, if the bank uses another currency."""
    return int(dispute.amount if dispute.currency == intent.currency else intent.amount)


def _balance_lines(dispute: Any, intent: Any) -> list[tuple[Any, int]]:
    """Returns the balance lines of a dispute, each with its amount in the payment's currency.

    In another currency, the first withdrawal counts as the whole disputed amount, and the first return as the whole of
    it coming back. Later corrections change the other currency alone.
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
        state=_DISPUTE_STATES.get(dispute.status, DisputeState.OPEN),
        amount_minor=_contested(dispute, intent),
        withdrawn_minor=sum(-paid for _, paid in _balance_lines(dispute, intent) if paid < 0),
        fee_minor=sum(row.fee for row in moved if row.fee > 0),
        fee_currency=next((row.currency.upper() for row in moved), ""),
        fee_returned_minor=sum(-row.fee for row in moved if row.fee < 0),
        reason=dispute.reason or "",
        evidence_due_at=moment(due) if due else None,
        is_inquiry=dispute.status.startswith("warning_"),
    )


def _payment_of(found: Any) -> str:
    """Returns the payment of an expanded invoice, or `""` without one."""
    if not found or isinstance(found, str):
        return ""
    payments = [row for row in found.payments.data if row.payment.type == "payment_intent"] if found.payments else []
    paid_first = sorted(payments, key=lambda row: row.status != "paid")
    return next((id_of(row.payment.payment_intent) for row in paid_first), "")


def order_id(thing: Any) -> str:
    """Returns the order id that we stored in the metadata."""
    return named_in(thing, "order_id")


def named_in(thing: Any, name: str) -> str:
    """Returns an id of ours from the metadata. Stripe's objects are no dicts: they have no `get`."""
    return str(getattr(thing.metadata, name, "") or "")


def id_of(thing: Any) -> str:
    """Returns the id of an object, expanded or not, or `""` for None."""
    return "" if not thing else thing if isinstance(thing, str) else str(thing.id)
