"""Test every screen: who can use it, what it says, and what it loads."""

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Response, expect

from testing.browser.chromium import browser_of
from testing.browser.owner import PASSWORD, OwnerAtHull
from testing.plugins.shared_server import SharedServer
from tests.web.usable import assert_usable

SHARED = ("", "photos", "vessels/new", "orders", "dossiers", "appointments", "appointments/surveyors", "handovers")
OF_A_MODE = {
    "osmosis": ("osmosis", "osmosis/new", "osmosis/buy"),
    "corrosion": ("corrosion", "corrosion/new", "corrosion/subscribe", "corrosion/history"),
}
WORDS = {
    "osmosis": re.compile(r"osmos|blister|blasen|gelcoat|fibreglass|gfk|lift-out|kranen", re.IGNORECASE),
    "corrosion": re.compile(
        r"corro|korro|rust|rost\b|metal|plate\b|platte|timeline|zeitleiste|subscri|abonn", re.IGNORECASE
    ),
}
OTHER = {"osmosis": "corrosion", "corrosion": "osmosis"}
FIRST_LOAD_BYTES = 60_000
MOST_CONTROLS = 60
FOCUS = """() => {
  const { tagName, labels, innerText, ariaLabel } = document.activeElement;
  const { outlineStyle } = getComputedStyle(document.activeElement);
  return { tag: tagName, name: (ariaLabel || labels?.[0]?.innerText || innerText || "").trim(), outline: outlineStyle };
}"""
LONGEST_MOTION = """() => Math.max(...[...document.querySelectorAll("*")].flatMap((element) => {
  const { transitionDuration, animationDuration } = getComputedStyle(element);
  return [transitionDuration, animationDuration].join().split(",").map(parseFloat);
}))"""


@pytest.fixture(params=[False, True], ids=["light", "dark"])
def signed_in(request: pytest.FixtureRequest, served: SharedServer, tmp_path: Path) -> Iterator[OwnerAtHull]:
    with browser_of(tmp_path / "profile", dark=request.param) as context:
        owner = OwnerAtHull(context, served.base_url)
        owner.register()
        yield owner
        assert owner.faults == []
        assert owner.broken == []


def show(owner: OwnerAtHull, path: str) -> None:
    """Open a screen and wait until everything on it has arrived."""
    owner.open(path)
    owner.page.locator("h1").wait_for()
    owner.page.wait_for_load_state("networkidle")


def test_every_screen_is_usable_by_everyone(signed_in: OwnerAtHull, subtests: pytest.Subtests):
    for path in (*SHARED, *(path for paths in OF_A_MODE.values() for path in paths)):
        with subtests.test(path):
            show(signed_in, path)
            assert_usable(signed_in)


def test_signing_in_is_usable_by_everyone(served: SharedServer, tmp_path: Path, subtests: pytest.Subtests):
    with browser_of(tmp_path / "profile") as context:
        owner = OwnerAtHull(context, served.base_url)
        for path in ("", "register", "reset"):
            with subtests.test(path):
                show(owner, path)
                assert_usable(owner)


def test_a_visit_needs_only_a_keyboard(owner: OwnerAtHull):
    owner.open("register")
    for text in (f"owner+{uuid4().hex}@example.org", PASSWORD):
        tab_to(owner, "")
        owner.page.keyboard.type(text)
    owner.page.keyboard.press("Enter")
    owner.sees("Confirm your address")
    owner.open()
    use(owner, "A metal hull")
    use(owner, "Inspect a metal hull")
    tab_to(owner, "Name of the boat")
    owner.page.keyboard.type("Nordstern")
    use(owner, "Start photographing")
    owner.sees("Point 1")
    use(owner, "Take photo")
    use(owner, "Take the photo")
    use(owner, "Use this photo")
    expect(owner.page.get_by_role("dialog")).to_have_count(0)
    assert owner.page.evaluate(FOCUS)["tag"] == "BUTTON"  # the focus is where it was before the camera
    use(owner, "Take photo")
    expect(owner.page.get_by_role("dialog")).to_be_visible()
    for _ in range(5):
        owner.page.keyboard.press("Tab")
        assert owner.page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
    owner.page.keyboard.press("Escape")
    expect(owner.page.get_by_role("dialog")).to_have_count(0)
    owner.waits_for_photos("Ready", 1)


def use(owner: OwnerAtHull, name: str) -> None:
    tab_to(owner, name)
    owner.page.keyboard.press("Enter")


def tab_to(owner: OwnerAtHull, name: str) -> None:
    """Press Tab until the control of this name, or without a name any field, has the focus, and show that it has."""
    if name:
        owner.page.get_by_label(name).or_(owner.page.get_by_text(name)).first.wait_for()
    for _ in range(MOST_CONTROLS):
        owner.page.keyboard.press("Tab")
        focus = owner.page.evaluate(FOCUS)
        if focus["name"].startswith(name) if name else focus["tag"] == "INPUT":
            assert focus["outline"] != "none"
            return
    pytest.fail(f"The keyboard does not reach {name or 'a field'}.")


def test_nothing_moves_for_those_who_want_no_motion(owner: OwnerAtHull):
    owner.page.emulate_media(reduced_motion="reduce")
    owner.register()
    for path in ("", "photos", "corrosion/new"):
        show(owner, path)
        assert owner.page.evaluate(LONGEST_MOTION) <= 0.01, path


@pytest.mark.parametrize("mode", ["osmosis", "corrosion"])
@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
def test_a_product_says_and_loads_nothing_of_the_other(
    mode: str, locale: str, served: SharedServer, tmp_path: Path, subtests: pytest.Subtests
):
    loaded: list[str] = []
    with browser_of(tmp_path / "profile", locale="en-GB") as context:
        owner = OwnerAtHull(context, served.base_url)
        owner.register()
    with browser_of(tmp_path / "profile", locale=locale) as context:
        owner = OwnerAtHull(context, served.base_url)
        owner.page.on("response", lambda response: loaded.append(response.url))
        for path in OF_A_MODE[mode]:
            with subtests.test(path):
                show(owner, path)
                assert not WORDS[OTHER[mode]].findall(owner.text())
    assert not [url for url in loaded if OTHER[mode] in url]


def test_the_first_load_fits_a_bad_connection(served: SharedServer, tmp_path: Path):
    """Everything that the browser fetches before the first screen is complete, as it travels."""
    sizes: dict[str, int] = {}
    with browser_of(tmp_path / "profile") as context:
        page = context.pages[0]

        def note(response: Response) -> None:
            if "/app/" in response.url and not response.url.endswith("sw.js"):
                sizes[response.url] = response.request.sizes()["responseBodySize"]

        page.on("requestfinished", lambda request: note(request.response()))
        page.goto(f"{served.base_url}/app/")
        page.get_by_role("heading", name="Sign in").wait_for()
    assert len(sizes) >= 3
    assert sum(sizes.values()) <= FIRST_LOAD_BYTES, sizes


def test_a_script_cannot_read_the_session(owner: OwnerAtHull):
    owner.register()
    assert owner.page.evaluate("document.cookie") == ""
    kept = owner.page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    assert kept == "{}"
    cookies = {one["name"]: one for one in owner.page.context.cookies(f"{owner.base_url}/app/session")}
    assert cookies["maretech_refresh"]["httpOnly"]
    assert cookies["maretech_refresh"]["sameSite"] == "Strict"


def test_signing_out_leaves_nothing_to_read(owner: OwnerAtHull):
    owner.register()
    owner.page.evaluate("fetch('/app/session', {method: 'DELETE'})")
    owner.page.wait_for_load_state("networkidle")
    owner.open("orders")
    owner.sees("Sign in")
