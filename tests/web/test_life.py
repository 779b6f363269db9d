"""Test an owner's life in the browser: from the registration to the timeline."""

import re

from playwright.sync_api import expect

from testing.browser.owner import OwnerAtHull
from testing.plugins.shared_server import SharedServer
from tests.web.mails import verify

ANGLES = ("wide", "mid", "close")


def test_from_registration_to_timeline(owner: OwnerAtHull, served: SharedServer):
    verify(owner, owner.register(), served=served)

    owner.start_visit("corrosion", boat="Nordstern")
    for angle in ANGLES:
        owner.shoot(angle)
    owner.waits_for_photos("Ready")
    owner.submit()
    owner.sees("What you can do")
    expect(owner.page.get_by_alt_text("Marked-up photo of Point 1")).to_be_visible()

    owner.open("corrosion")
    owner.follow("See the subscription")
    pay(owner, "Subscription for metal hulls, yearly")
    owner.open("corrosion")
    owner.sees("Your subscription is active")

    owner.start_visit("corrosion")
    owner.page.locator("[data-angle=wide]").get_by_role("button", name="Take photo").click()
    expect(owner.page.get_by_label("Last visit")).to_be_visible()  # the ghost, with its strength
    owner.press("Close camera")
    for angle in ANGLES:
        owner.shoot(angle)
    owner.waits_for_photos("Ready")
    owner.submit()
    owner.sees("What you can do")

    owner.open("corrosion")
    owner.follow("History and comparison")
    owner.sees("Choose two inspections of the same boat.")
    for choice in owner.page.get_by_role("checkbox").all():
        choice.check()
    owner.press("Compare")
    owner.sees("stable")  # the film does not rust
    owner.open("corrosion")
    owner.follow("Timeline of Nordstern")
    expect(owner.page.get_by_alt_text("Timeline as a drawing; the list below says the same")).to_be_visible()
    owner.press("Note work")
    owner.fill("Date", "2026-01-15")
    owner.page.get_by_role("button", name="Save").first.click()
    owner.sees("Painted")


def pay(owner: OwnerAtHull, product: str) -> None:
    """Confirm the order, and pay on the provider's page, which opens in a tab of its own."""
    card = owner.page.locator("section", has=owner.page.get_by_role("heading", name=product))
    card.get_by_role("button", name="Continue to payment").click()
    with owner.page.context.expect_page() as opened:
        owner.follow("Open the payment page")
    opened.value.get_by_role("button", name=re.compile("pay", re.IGNORECASE)).first.click()
    owner.sees("Paid. Thank you.")
