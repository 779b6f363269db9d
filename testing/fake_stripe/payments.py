"""Payments and refunds: payment intents, their charges, refunds, and the balance transactions."""

from typing import Final, Literal

from testing.fake_stripe.state import FakeStripeError, Thing, World

How = Literal["card", "bank_debit", "declined"]
DECLINED: Final = {"type": "card_error", "code": "card_declined", "message": "Your card was declined."}
BOUNCED: Final = {
    "type": "invalid_request_error",
    "code": "payment_intent_payment_attempt_failed",
    "message": "Bounced.",
}
_FIXED_FEE_MINOR: Final = 25
_FEE_PER_THOUSAND: Final = 15


def fee_of(amount_minor: int) -> int:
    """Return Stripe's fee of a payment: 25 minor units and 1.5 %."""
    return _FIXED_FEE_MINOR + (amount_minor * _FEE_PER_THOUSAND + 500) // 1000


def move(world: World, kind: str, source: Thing, *, amount_minor: int, fee_minor: int = 0, category: str) -> Thing:
    """Add a balance transaction: signed, before the fee, in the currency that the account settles in."""
    currency, rate = source["currency"], None
    if world.settles_in not in ("", currency):
        currency, rate = world.settles_in, world.rate
        amount_minor, fee_minor = round(amount_minor * rate), round(fee_minor * rate)
    fees = [
        {
            "amount": fee_minor,
            "application": None,
            "currency": currency,
            "description": "Stripe processing fees",
            "type": "stripe_fee",
        }
    ]
    return world.add(
        "balance_transaction",
        "txn",
        amount=amount_minor,
        available_on=world.now(),
        balance_type="payments",
        currency=currency,
        description=None,
        exchange_rate=rate,
        fee=fee_minor,
        fee_details=fees if fee_minor else [],
        net=amount_minor - fee_minor,
        reporting_category=category,
        source=source["id"],
        status="available",
        type=kind,
    )


def new_intent(world: World, *, amount_minor: int, currency: str, metadata: Thing) -> Thing:
    intent = world.add(
        "payment_intent",
        "pi",
        amount=amount_minor,
        amount_received=0,
        canceled_at=None,
        cancellation_reason=None,
        capture_method="automatic_async",
        currency=currency,
        customer=None,
        description=None,
        last_payment_error=None,
        latest_charge=None,
        metadata=metadata,
        next_action=None,
        payment_method=None,
        payment_method_types=["card", "sepa_debit"],
        status="requires_payment_method",
    )
    world.record_event("payment_intent.created", intent)
    return intent


def attempt(world: World, intent: Thing, how: How) -> None:
    """Attempt the payment. A card pays at once or is declined; a bank debit is promised, and settles or fails later."""
    method = "sepa_debit" if how == "bank_debit" else "card"
    charge = world.add(
        "charge",
        "ch",
        amount=intent["amount"],
        amount_captured=0,
        amount_refunded=0,
        balance_transaction=None,
        captured=False,
        currency=intent["currency"],
        customer=intent["customer"],
        disputed=False,
        failure_code=None,
        failure_message=None,
        metadata=dict(intent["metadata"]),
        paid=False,
        payment_intent=intent["id"],
        payment_method_details={"type": method},
        refunded=False,
        status="pending",
    )
    intent.update(latest_charge=charge["id"], last_payment_error=None, status="processing")
    if how == "card":
        succeed(world, intent)
    elif how == "declined":
        fail(world, intent, DECLINED)
    elif how == "bank_debit":
        world.record_event("charge.pending", charge)
        world.record_event("payment_intent.processing", intent)
    else:
        raise FakeStripeError(f"unknown way to pay: {how}")


def succeed(world: World, intent: Thing) -> None:
    """Mark the intent paid and add the money, less the fee, to the balance."""
    charge = world.get("charge", intent["latest_charge"])
    amount = charge["amount"]
    kind = "charge" if charge["payment_method_details"]["type"] == "card" else "payment"
    line = move(world, kind, charge, amount_minor=amount, fee_minor=fee_of(amount), category="charge")
    charge.update(amount_captured=amount, balance_transaction=line["id"], captured=True, paid=True, status="succeeded")
    intent.update(amount_received=amount, status="succeeded")
    world.record_event("charge.succeeded", charge)
    world.record_event("payment_intent.succeeded", intent)


def fail(world: World, intent: Thing, error: Thing) -> None:
    """Fail the payment: no money moves, and the intent needs another payment method."""
    charge = world.get("charge", intent["latest_charge"])
    charge.update(failure_code=error["code"], failure_message=error["message"], status="failed")
    intent.update(last_payment_error=dict(error), status="requires_payment_method")
    world.record_event("charge.failed", charge)
    world.record_event("payment_intent.payment_failed", intent)


def paid_charge(world: World, payment_ref: str, param: str = "payment_intent") -> Thing:
    """Return the charge that paid. Raises `FakeStripeError` if no charge did."""
    intent = world.get("payment_intent", payment_ref, param)
    if intent["status"] != "succeeded":
        raise FakeStripeError(
            f"This PaymentIntent ({payment_ref}) does not have a successful charge to refund.", param=param
        )
    return world.get("charge", intent["latest_charge"])


def refund(world: World, payment_ref: str, amount_minor: int | None = None, metadata: Thing | None = None) -> Thing:
    """Refund at most what is left, and no disputed payment. A bank debit's refund is pending until it is settled."""
    charge = paid_charge(world, payment_ref)
    amount = _refundable(world, charge, amount_minor)
    by_card = charge["payment_method_details"]["type"] == "card"
    made = world.add(
        "refund",
        "re",
        amount=amount,
        balance_transaction=None,
        charge=charge["id"],
        currency=charge["currency"],
        failure_balance_transaction=None,
        failure_reason=None,
        metadata=metadata or {},
        payment_intent=payment_ref,
        reason=None,
        status="succeeded" if by_card else "pending",
    )
    kind = "refund" if by_card else "payment_refund"
    made["balance_transaction"] = move(world, kind, made, amount_minor=-amount, category="refund")["id"]
    _count_refunded(charge, amount)
    world.record_event("refund.created", made)
    world.record_event("charge.refunded", charge)
    return made


def settle_refund(world: World, refund_id: str) -> Thing:
    """Settle a pending refund."""
    made = world.get("refund", refund_id)
    if made["status"] != "pending":
        raise FakeStripeError(f"The refund is {made['status']}.")
    made["status"] = "succeeded"
    world.record_event("refund.updated", made)
    return made


def fail_refund(world: World, refund_id: str) -> Thing:
    """Fail a refund: the buyer's bank returns the money to the balance, even days after the refund succeeded."""
    made = world.get("refund", refund_id)
    if made["status"] == "failed":
        raise FakeStripeError("The refund is failed.")
    line = move(world, "refund_failure", made, amount_minor=made["amount"], category="refund_failure")
    made.update(status="failed", failure_reason="unknown", failure_balance_transaction=line["id"])
    _count_refunded(world.get("charge", made["charge"]), -made["amount"])
    world.record_event("refund.updated", made)
    world.record_event("refund.failed", made)
    return made


def _refundable(world: World, charge: Thing, amount_minor: int | None) -> int:
    left = charge["amount"] - charge["amount_refunded"]
    amount = left if amount_minor is None else amount_minor
    if not left:
        raise FakeStripeError(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    if any(not dispute["is_charge_refundable"] for dispute in world.where("dispute", charge=charge["id"])):
        raise FakeStripeError(
            f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed"
        )
    if amount > left:
        raise FakeStripeError(
            f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", param="amount"
        )
    if amount < 1:
        raise FakeStripeError(
            "This value must be greater than or equal to 1.", param="amount", code="parameter_invalid_integer"
        )
    return amount


def _count_refunded(charge: Thing, amount_minor: int) -> None:
    charge["amount_refunded"] += amount_minor
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
