"""Payouts from Stripe to our bank."""

from typing import Final

from testing.fake_stripe.payments import move
from testing.fake_stripe.state import FakeStripeError, Thing, World

_DAY: Final = 86400
# Allowed transitions, then each state's event and balance line. A paid payout may still fail.
_STEPS: Final = {
    "pending": ("in_transit", "paid", "failed", "canceled"),
    "in_transit": ("paid", "failed"),
    "paid": ("failed",),
}
_EVENTS: Final = {"in_transit": "updated", "paid": "paid", "failed": "failed", "canceled": "canceled"}
_LINES: Final = {"failed": "payout_failure", "canceled": "payout_cancel"}


def make_payout(
    world: World, amount_minor: int | None = None, *, currency: str = "eur", arrives_in_days: int = 2
) -> Thing:
    """Pay out the whole balance of that currency, or the given amount. It leaves the balance at once."""
    lines = world.where("balance_transaction", currency=currency.lower())
    amount = sum(line["net"] for line in lines) if amount_minor is None else amount_minor
    if amount <= 0:
        raise FakeStripeError("There is nothing to pay out.", code="balance_insufficient")
    payout = world.add(
        "payout",
        "po",
        amount=amount,
        arrival_date=world.now() // _DAY * _DAY + arrives_in_days * _DAY,
        automatic=True,
        balance_transaction=None,
        currency=currency.lower(),
        description="STRIPE PAYOUT",
        failure_balance_transaction=None,
        failure_code=None,
        failure_message=None,
        metadata={},
        method="standard",
        reconciliation_status="in_progress",
        source_type="card",
        status="pending",
        type="bank_account",
    )
    payout["balance_transaction"] = move(world, "payout", payout, amount_minor=-amount, category="payout")["id"]
    world.record_event("payout.created", payout)
    return payout


def advance_payout(world: World, payout_id: str, state: str) -> Thing:
    """Move it to `in_transit`, `paid`, `failed` or `canceled`; the last two return the money to the balance."""
    payout = world.get("payout", payout_id)
    if state not in _STEPS.get(payout["status"], ()):
        raise FakeStripeError(f"A payout that is {payout['status']} does not become {state}.")
    payout["status"] = state
    if state in _LINES:
        line = move(world, _LINES[state], payout, amount_minor=payout["amount"], category="payout_reversal")
        payout["failure_balance_transaction"] = line["id"]
    world.record_event(f"payout.{_EVENTS[state]}", payout)
    return payout
