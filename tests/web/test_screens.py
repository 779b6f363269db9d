"""Test every screen: who can use it, what it says, and what it loads."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Response

from testing.browser.chromium import browser_of
from testing.browser.owner import OwnerAtHull
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
