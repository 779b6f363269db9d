"""Subscriptions: their periods, the invoice of each, and its payment."""

import calendar
from datetime import UTC, datetime

from testing.fake_stripe import payments
from testing.fake_stripe.payments import How
from testing.fake_stripe.state import FakeStripeError, Thing, World

_MONTHS = {"month": 1, "year": 12}
_DAYS = {"day": 1, "week": 7}


def start(world: World, *, price: Thing, how: How, metadata: Thing) -> Thing:
    """Create a subscription and its first invoice. With a bank debit, it is active while the debit is processing."""
    now = world.now()
    made = world.add(
        "subscription",
        "sub",
        billing_cycle_anchor=now,
        cancel_at=None,
        cancel_at_period_end=False,
        canceled_at=None,
        cancellation_details={"comment": None, "feedback": None, "reason": None},
        collection_method="charge_automatically",
        currency=price["currency"],
        customer=world.add("customer", "cus", email=None)["id"],
        ended_at=None,
        latest_invoice=None,
        metadata=metadata,
        start_date=now,
        status="active",
        trial_end=None,
        trial_start=None,
    )
    item: Thing = {
        "id": made["id"].replace("sub_", "si_"),
        "object": "subscription_item",
        "created": now,
        "current_period_start": now,
        "current_period_end": _after(now, price["recurring"]["interval"]),
        "metadata": {},
        "price": price,
        "quantity": 1,
        "subscription": made["id"],
    }
    made["items"] = {
        "object": "list",
        "data": [item],
        "has_more": False,
        "total_count": 1,
        "url": "/v1/subscription_items",
    }
    world.record_event("customer.subscription.created", made)
    _bill(world, made, reason="subscription_create", how=how)
    return made


def renew(world: World, subscription_id: str) -> Thing:
    """Bill and pay the next period; if past due, pay the overdue one. Returns the invoice."""
    found = _running(world, subscription_id)
    if found["status"] == "past_due":
        invoice = world.get("invoice", found["latest_invoice"])
        _try_to_collect(world, invoice, "card")
        found["status"] = "active"
    else:
        _advance(found)
        invoice = _bill(world, found, reason="subscription_cycle", how="card")
    world.record_event("customer.subscription.updated", found)
    return invoice


def fail_renewal(world: World, subscription_id: str) -> Thing:
    """Begin the next period unpaid; if past due, Stripe fails to collect it once more. Returns the invoice."""
    found = _running(world, subscription_id)
    if found["status"] == "past_due":
        invoice = world.get("invoice", found["latest_invoice"])
        _try_to_collect(world, invoice, "declined")
    else:
        _advance(found)
        found["status"] = "past_due"
        invoice = _bill(world, found, reason="subscription_cycle", how="declined")
    world.record_event("customer.subscription.updated", found)
    return invoice


def cancel_at_period_end(world: World, subscription_id: str) -> Thing:
    found = _running(world, subscription_id)
    ends_at = found["items"]["data"][0]["current_period_end"]
    found.update(cancel_at_period_end=True, cancel_at=ends_at, canceled_at=world.now())
    found["cancellation_details"]["reason"] = "cancellation_requested"
    world.record_event("customer.subscription.updated", found)
    return found


def delete_subscription(world: World, subscription_id: str) -> Thing:
    """End the subscription now, whatever was paid."""
    found = _running(world, subscription_id)
    found.update(status="canceled", ended_at=world.now(), canceled_at=found["canceled_at"] or world.now())
    world.record_event("customer.subscription.deleted", found)
    return found


def intent_of(world: World, invoice: Thing) -> Thing:
    """Return the intent that paid, or is to pay, an invoice."""
    (paid_by,) = world.where("invoice_payment", invoice=invoice["id"])
    return world.get("payment_intent", paid_by["payment"]["payment_intent"])


def _running(world: World, subscription_id: str) -> Thing:
    found = world.get("subscription", subscription_id)
    if found["status"] == "canceled":
        raise FakeStripeError("This subscription is canceled.")
    return found


def _advance(found: Thing) -> None:
    if found["cancel_at_period_end"]:
        raise FakeStripeError("This subscription ends with its period.")
    item = found["items"]["data"][0]
    ended_at = item["current_period_end"]
    interval = item["price"]["recurring"]["interval"]
    item.update(current_period_start=ended_at, current_period_end=_after(ended_at, interval))


def _bill(world: World, found: Thing, *, reason: str, how: How) -> Thing:
    item = found["items"]["data"][0]
    amount, currency = item["price"]["unit_amount"], item["price"]["currency"]
    period = {"start": item["current_period_start"], "end": item["current_period_end"]}
    known = {"subscription": found["id"], "metadata": dict(found["metadata"])}
    invoice = world.add(
        "invoice",
        "in",
        amount_due=amount,
        amount_paid=0,
        amount_remaining=amount,
        attempt_count=0,
        attempted=False,
        billing_reason=reason,
        collection_method="charge_automatically",
        currency=currency,
        customer=found["customer"],
        metadata={},
        lines={
            "object": "list",
            "has_more": False,
            "url": "/v1/invoices/lines",
            "data": [_line(found, amount, currency, period)],
        },
        parent={"type": "subscription_details", "quote_details": None, "subscription_details": known},
        # An invoice's own period is the previous one: its lines name the billed period.
        period_start=found["start_date"] if reason == "subscription_create" else world.now(),
        period_end=period["start"],
        status="open",
        subtotal=amount,
        total=amount,
    )
    found["latest_invoice"] = invoice["id"]
    intent = payments.new_intent(world, amount_minor=amount, currency=currency, metadata={})
    intent["customer"] = found["customer"]
    world.add(
        "invoice_payment",
        "inpay",
        amount_paid=None,
        amount_requested=amount,
        currency=currency,
        invoice=invoice["id"],
        is_default=True,
        payment={"type": "payment_intent", "payment_intent": intent["id"]},
        status="open",
        status_transitions={"canceled_at": None, "paid_at": None},
    )
    _try_to_collect(world, invoice, how)
    return invoice


def _line(found: Thing, amount: int, currency: str, period: Thing) -> Thing:
    details = {"subscription": found["id"], "subscription_item": found["items"]["data"][0]["id"], "proration": False}
    return {
        "id": f"il_{found['id']}_{period['start']}",
        "object": "line_item",
        "amount": amount,
        "currency": currency,
        "metadata": dict(found["metadata"]),
        "parent": {"type": "subscription_item_details", "subscription_item_details": details},
        "period": period,
        "quantity": 1,
        "subtotal": amount,
    }


def _try_to_collect(world: World, invoice: Thing, how: How) -> None:
    intent = intent_of(world, invoice)
    payments.attempt(world, intent, how)
    invoice.update(attempted=True, attempt_count=invoice["attempt_count"] + 1)
    if how == "card":
        _paid(world, invoice)
    elif how == "declined":
        world.record_event("invoice.payment_failed", invoice)


def _paid(world: World, invoice: Thing) -> None:
    amount = invoice["amount_due"]
    (paid_by,) = world.where("invoice_payment", invoice=invoice["id"])
    paid_by.update(status="paid", amount_paid=amount, status_transitions={"canceled_at": None, "paid_at": world.now()})
    invoice.update(status="paid", amount_paid=amount, amount_remaining=0)
    world.record_event("invoice.paid", invoice)


def _after(seconds: int, interval: str) -> int:
    """Return the same time a month or year later (in a shorter month, its last day), or a day or week later."""
    at = datetime.fromtimestamp(seconds, UTC)
    if interval in _DAYS:
        return seconds + _DAYS[interval] * 86_400
    years, month = divmod(at.month - 1 + _MONTHS[interval], 12)
    year = at.year + years
    day = min(at.day, calendar.monthrange(year, month + 1)[1])
    return int(at.replace(year=year, month=month + 1, day=day).timestamp())
