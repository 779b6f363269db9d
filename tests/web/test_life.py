"""Test an owner's life with each product in the browser: from the registration to the timeline, or the result."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from testing.browser.owner import OwnerAtHull
from testing.plugins.shared_server import SharedServer
from tests.web.mails import verify
from tests.web.paying import pay
from tests.web.usable import assert_usable

ANGLES = ("wide", "mid", "close")


def test_from_registration_to_timeline(owner: OwnerAtHull, served: SharedServer):
    verify(owner, owner.register(), served=served)

    owner.start_visit("corrosion", boat="Nordstern")
    for angle in ANGLES:
        owner.shoot(angle)
    owner.waits_for_photos("Ready")
    assert_usable(owner)
    owner.submit()
    owner.sees("What you can do")
    expect(owner.page.get_by_alt_text("Marked-up photo of Point 1")).to_be_visible()
    assert_usable(owner)

    owner.open("corrosion")
    owner.follow("See the subscription")
    pay(owner, product="Subscription for metal hulls, yearly")
    owner.open("corrosion")
    owner.sees("Your subscription is active")

    owner.start_visit("corrosion")
    owner.page.locator("[data-angle=wide]").get_by_role("button", name="Take photo").click()
    expect(owner.page.get_by_label("Last visit")).to_be_visible()  # the ghost, with its strength
    assert_usable(owner)
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
    assert_usable(owner)
    owner.open("corrosion")
    owner.follow("Timeline of Nordstern")
    expect(owner.page.get_by_alt_text("Timeline as a drawing; the list below says the same")).to_be_visible()
    owner.press("Note work")
    owner.fill("Date", "2026-01-15")
    owner.page.get_by_role("button", name="Save").first.click()
    owner.sees("Painted")
    assert_usable(owner)


def test_an_inspection_is_paid_before_it_is_sent(owner: OwnerAtHull, photos: Callable[..., Path]):
    """Photographed without a credit, it waits for the payment with every photo."""
    owner.register()
    owner.start_visit("osmosis", boat="Petrel")
    for angle in ANGLES:
        owner.choose(angle, photos(angle, mode="osmosis"))
    owner.follow("What you have")
    owner.sees("You can cancel within 48 hours of paying")
    pay(owner, product="One inspection of a fibreglass hull")
    owner.open("osmosis")
    owner.sees("1 inspection paid")
    owner.follow("Petrel")
    owner.press("Try again")
    owner.waits_for_photos("Ready")
    owner.submit()
    owner.sees("Signs consistent with blisters")
    assert_usable(owner)
    expect(owner.page.get_by_alt_text("Marked-up photo of Place 1")).to_be_visible()
    owner.open("orders")
    owner.follow("One inspection of a fibreglass hull")
    owner.sees("fulfilled")
    assert_usable(owner)
    assert "You can cancel" not in owner.text()  # it is used
