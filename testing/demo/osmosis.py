"""The osmosis part of the demo: lift-out, purchase, one inspection."""

from datetime import UTC, datetime, timedelta

from billing.catalogue.currencies import money
from testing.demo.owner import Owner, WalkthroughFailed, expect_refusal

ASHORE = timedelta(minutes=90)


def inspect_for_osmosis(owner: Owner) -> None:
    phone, say = owner.phone, owner.say
    policy = phone.fetch("/capture-policy/osmosis")
    say(f"osmosis: up to {policy['max_points']} areas of {policy['angles_per_point']} photos, paid first")
    vessel_id = phone.add_vessel("Petrel", hull_material="grp")["vessel_id"]
    refusal = expect_refusal("PAYMENT_REQUIRED", None, lambda: phone.send("/inspections", {"mode": "osmosis"}))
    say(f"osmosis without paying: {refusal}")
    order = buy_on_the_web(owner)
    note_lift_out(owner, vessel_id)
    inspection_id = owner.create_upload_complete(
        "osmosis", visit=0, vessel_id=vessel_id, capture_context={"surface": "wet"}
    )
    hours = owner.report(inspection_id)["osmosis"]["hours_since_lift_out"]
    if hours is None:
        raise WalkthroughFailed("the result does not know the lift-out that was noted")
    say(f"    last photo {hours:.1f} h after the lift-out")
    delivered = phone.poll(f"/orders/{order}", until=lambda body: body["status"] == "fulfilled")
    steps = " → ".join(step["status"] for step in delivered["history"])
    say(f"the order: {steps}; delivered, so the money is earned")


def note_lift_out(owner: Owner, vessel_id: str) -> None:
    noted = owner.set(f"/osmosis/lift-outs/{vessel_id}", {"lifted_out_at": (datetime.now(UTC) - ASHORE).isoformat()})
    owner.say(f"lift-out of Petrel noted: {noted['lifted_out_at'][:16].replace('T', ' ')} UTC")


def buy_on_the_web(owner: Owner) -> str:
    """Create the order, pay on the provider's page; its event marks the order paid. Returns the order's id."""
    phone, say = owner.phone, owner.say
    page = phone.send("/checkout/sessions", {"product": "osmosis_inspection"}, HTTP_IDEMPOTENCY_KEY="demo-purchase")
    say(f"osmosis bought on the web: order {page['session_id']} is {page['status']}")
    say(f"    hosted page, of a fake Stripe: {page['url']}")
    phone.fill_in(page["url"], how="card")
    order = phone.poll(f"/orders/{page['session_id']}", until=lambda body: body["status"] == "paid")
    credit = phone.fetch("/entitlements/osmosis")["credits"]
    price = money(order["price"]["amount_minor"], order["price"]["currency"])
    say(f"    card paid, webhook heard: {price} in, {credit} credit granted")
    return str(page["session_id"])
