"""Paying on the page of the provider, which opens in a tab of its own. Here a fake Stripe takes the money."""

import re

from testing.browser.owner import OwnerAtHull


def pay(owner: OwnerAtHull, *, product: str) -> None:
    """Confirm the order of this product, and pay it."""
    card = owner.page.locator("section", has=owner.page.get_by_role("heading", name=product))
    card.get_by_role("button", name="Continue to payment").click()
    pay_on_its_page(owner)
    owner.sees("Paid. Thank you.")


def pay_on_its_page(owner: OwnerAtHull) -> None:
    with owner.page.context.expect_page() as opened:
        owner.follow("Open the payment page")
    opened.value.get_by_role("button", name=re.compile("pay", re.IGNORECASE)).first.click()
