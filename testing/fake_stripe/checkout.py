"""Hosted payment pages: the merchant opens one, the buyer pays or leaves."""

import secrets
from typing import Any, Final

from testing.fake_stripe import payments, subscriptions
from testing.fake_stripe.payments import BOUNCED, How
from testing.fake_stripe.state import FakeStripeError, Thing, World

_LASTS_SECONDS: Final = 86400


def open_session(world: World, params: Thing) -> Thing:
    """Open a page. The request gives the prices (`price_data`); amounts are in minor units."""
    for name in ("mode", "line_items", "success_url"):
        if not params.get(name):
            raise FakeStripeError(f"Missing required param: {name}.", code="parameter_missing", param=name)
    items = [_item(line) for line in params["line_items"]]
    subscribes = params["mode"] == "subscription"
    if any(bool(price["recurring"]) != subscribes for price, _ in items):
        raise FakeStripeError(f"The prices do not fit the mode {params['mode']}.", param="line_items")
    total = sum(price["unit_amount"] * quantity for price, quantity in items)
    session = world.add(
        "checkout.session",
        "cs_test",
        amount_subtotal=total,
        amount_total=total,
        cancel_url=params.get("cancel_url"),
        client_reference_id=params.get("client_reference_id"),
        currency=items[0][0]["currency"],
        customer=None,
        customer_details=None,
        customer_email=params.get("customer_email"),
        expires_at=world.now() + _LASTS_SECONDS,
        invoice=None,
        locale=params.get("locale"),
        metadata=params.get("metadata", {}),
        mode=params["mode"],
        payment_intent=None,
        payment_method_types=params.get("allowed_payment_method_types", ["card", "sepa_debit"]),
        payment_status="unpaid",
        status="open",
        subscription=None,
        success_url=params["success_url"],
        total_details={"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        ui_mode="hosted_page",
        _name=params["line_items"][0]["price_data"]["product_data"]["name"],
        _price=items[0][0],
        _payment_metadata=params.get("payment_intent_data", {}).get("metadata", {}),
        _subscription_metadata=params.get("subscription_data", {}).get("metadata", {}),
    )
    session["url"] = f"{world.base_url}/pay/{session['id']}"
    return session


def pay(world: World, session_id: str, how: How = "card") -> Thing:
    """Pay as the buyer. If the payment is declined, the page stays open for another try."""
    session = _open(world, session_id)
    if how == "bank_debit" and "sepa_debit" not in session["payment_method_types"]:
        raise FakeStripeError("This page takes cards only.")
    if session["mode"] == "subscription":
        _subscribe(world, session, how)
    else:
        _pay_once(world, session, how)
    if how != "declined":
        session.update(status="complete", url=None, payment_status="paid" if how == "card" else "unpaid")
        world.record_event("checkout.session.completed", session)
    return session


def settle_debit(world: World, session_id: str) -> Thing:
    """Settle the bank debit that the buyer promised on the page."""
    session, intent = _promised(world, session_id)
    payments.succeed(world, intent)
    session["payment_status"] = "paid"
    world.record_event("checkout.session.async_payment_succeeded", session)
    return session


def fail_debit(world: World, session_id: str) -> Thing:
    """Fail the promised bank debit. The page stays complete, and unpaid."""
    session, intent = _promised(world, session_id)
    payments.fail(world, intent, BOUNCED)
    world.record_event("checkout.session.async_payment_failed", session)
    return session


def expire(world: World, session_id: str) -> Thing:
    """Expire the page, so that it takes no payment. This happens only on request, never by the clock."""
    session = _open(world, session_id)
    session.update(status="expired", url=None)
    world.record_event("checkout.session.expired", session)
    return session


def _item(line: Any) -> tuple[Thing, int]:
    try:
        data = line["price_data"]
        recurring = data.get("recurring")
        price: Thing = {
            "id": f"price_{secrets.token_hex(12)}",
            "object": "price",
            "currency": data["currency"].lower(),
            "unit_amount": int(data["unit_amount"]),
            "recurring": {"interval": recurring["interval"], "interval_count": 1} if recurring else None,
            "type": "recurring" if recurring else "one_time",
        }
        return price, int(line.get("quantity", 1))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise FakeStripeError(f"Invalid line item: {error}", param="line_items") from error


def _open(world: World, session_id: str) -> Thing:
    session = world.get("checkout.session", session_id, "session")
    if session["status"] != "open":
        raise FakeStripeError(
            'Only Checkout Sessions with a status in ["open"] can be expired or paid. '
            f"This Session has a status of `{session['status']}`."
        )
    return session


def _pay_once(world: World, session: Thing, how: How) -> None:
    if session["payment_intent"] is None:
        amount, currency = session["amount_total"], session["currency"]
        metadata = session["_payment_metadata"]
        intent = payments.new_intent(world, amount_minor=amount, currency=currency, metadata=metadata)
        session["payment_intent"] = intent["id"]
    payments.attempt(world, world.get("payment_intent", session["payment_intent"]), how)


def _subscribe(world: World, session: Thing, how: How) -> None:
    """Subscribe the buyer. A declined first payment creates no subscription, only the payment."""
    price = session["_price"]
    if how == "declined":
        intent = payments.new_intent(
            world, amount_minor=session["amount_total"], currency=session["currency"], metadata={}
        )
        payments.attempt(world, intent, how)
        return
    made = subscriptions.start(world, price=price, how=how, metadata=session["_subscription_metadata"])
    session.update(subscription=made["id"], invoice=made["latest_invoice"], customer=made["customer"])


def _promised(world: World, session_id: str) -> tuple[Thing, Thing]:
    """Return the session and its intent, if that is a bank debit that is still processing."""
    session = world.get("checkout.session", session_id, "session")
    intent = world.get("payment_intent", session["payment_intent"] or "")
    if intent["status"] != "processing":
        raise FakeStripeError("No bank debit is on its way.")
    return session, intent
