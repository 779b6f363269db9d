"""Disputes: banks that contest payments.

Only `withdraw_funds` and `reinstate_funds` move money. Stripe does both within moments of opening and of winning; here
a test may check the state in between.
"""

from typing import Final

from testing.fake_stripe.payments import move, paid_charge
from testing.fake_stripe.state import FakeStripeError, Thing, World

_CLOSED: Final = ("won", "lost", "warning_closed")
_EVIDENCE_SECONDS: Final = 9 * 86400


def open_dispute(
    world: World, payment_ref: str, amount_minor: int | None = None, *, inquiry: bool = False, fee_minor: int = 1500
) -> Thing:
    """Dispute all that was not refunded, or the given amount. An inquiry is only a question and moves no money."""
    charge = paid_charge(world, payment_ref)
    left = charge["amount"] - charge["amount_refunded"]
    amount = left if amount_minor is None else amount_minor
    if not 0 < amount <= left:
        raise FakeStripeError(f"Of this payment, {left} can be disputed.")
    dispute = world.add(
        "dispute",
        "dp",
        amount=amount,
        balance_transactions=[],
        charge=charge["id"],
        currency=charge["currency"],
        enhanced_eligibility_types=[],
        evidence={},
        evidence_details={
            "due_by": world.now() + _EVIDENCE_SECONDS,
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        is_charge_refundable=inquiry,
        metadata={},
        network_reason_code=None,
        payment_intent=payment_ref,
        reason="fraudulent",
        status="warning_needs_response" if inquiry else "needs_response",
        _fee_minor=fee_minor,
    )
    charge["disputed"] = True
    world.record_event("charge.dispute.created", dispute)
    return dispute


def withdraw_funds(world: World, dispute_id: str) -> Thing:
    """Withdraw the amount and the fee. An inquiry becomes a dispute."""
    dispute = _open(world, dispute_id)
    if _taken(dispute):
        raise FakeStripeError("The funds are withdrawn already.")
    dispute["status"] = dispute["status"].removeprefix("warning_")
    dispute["is_charge_refundable"] = False
    _move(world, dispute, -dispute["amount"], fee_minor=dispute["_fee_minor"], category="dispute")
    world.record_event("charge.dispute.funds_withdrawn", dispute)
    return dispute


def reinstate_funds(world: World, dispute_id: str) -> Thing:
    """Return the amount to the balance. The fee is not returned."""
    dispute = world.get("dispute", dispute_id)
    if not _taken(dispute):
        raise FakeStripeError("No funds are withdrawn.")
    _move(world, dispute, dispute["amount"], fee_minor=0, category="dispute_reversal")
    world.record_event("charge.dispute.funds_reinstated", dispute)
    return dispute


def close_dispute(world: World, dispute_id: str, *, won: bool) -> Thing:
    """Close the dispute with a verdict. A closed inquiry is neither won nor lost, whatever `won` says."""
    dispute = _open(world, dispute_id)
    verdict = "warning_closed" if dispute["status"].startswith("warning_") else "won" if won else "lost"
    dispute.update(status=verdict, is_charge_refundable=verdict != "lost")
    world.record_event("charge.dispute.closed", dispute)
    return dispute


def _open(world: World, dispute_id: str) -> Thing:
    dispute = world.get("dispute", dispute_id)
    if dispute["status"] in _CLOSED:
        raise FakeStripeError("This dispute is already closed.")
    return dispute


def _taken(dispute: Thing) -> bool:
    return sum(int(line["amount"]) for line in dispute["balance_transactions"]) < 0


def _move(world: World, dispute: Thing, amount_minor: int, *, fee_minor: int, category: str) -> None:
    line = move(world, "adjustment", dispute, amount_minor=amount_minor, fee_minor=fee_minor, category=category)
    dispute["balance_transactions"].append(world.seen(line))
