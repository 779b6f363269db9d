"""Whether a screen can be used by everyone: with a screen reader, a keyboard, and on the smallest phone."""

from axe_playwright_python.sync_playwright import Axe

from testing.browser.owner import OwnerAtHull

SERIOUS = {"serious", "critical"}
SMALLEST = 360
TALL = 740


def assert_usable(owner: OwnerAtHull) -> None:
    """Fail if axe finds something serious on the screen that is shown, or if it is wider than the smallest phone."""
    page, size = owner.page, owner.page.viewport_size
    page.set_viewport_size({"width": SMALLEST, "height": TALL})
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in SERIOUS] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALLEST
    if size:
        page.set_viewport_size(size)
