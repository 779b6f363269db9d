"""Test that no photo is lost or doubled: no connection, a bad one, a closed tab, an ended session, another owner."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import expect

from testing.browser.chromium import browser_of
from testing.browser.connection import Connection, connection_to
from testing.browser.owner import PASSWORD, OwnerAtHull
from testing.plugins.shared_server import SharedServer

ANGLES = ("wide", "mid", "close")
TIMEOUT_SECONDS = 30
PATIENCE_SECONDS = 120
CUTS = 8


@pytest.fixture
def connection(served: SharedServer) -> Iterator[Connection]:
    with connection_to(urlsplit(served.base_url).port or 0) as connection:
        yield connection


def api(served: SharedServer, email: str, path: str) -> dict[str, list[dict[str, object]]]:
    """Return an answer of the API to this owner, who asks from elsewhere."""
    credentials = {"email": email, "password": PASSWORD}
    token = requests.post(f"{served.base_url}/v1/auth/login", json=credentials, timeout=TIMEOUT_SECONDS).json()["token"]
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    answer = requests.get(f"{served.base_url}/v1{path}", headers=headers, timeout=TIMEOUT_SECONDS)
    assert answer.status_code == 200, answer.text
    return answer.json()  # type: ignore[no-any-return]


def test_a_first_visit_without_a_connection_is_sent_later(
    served: SharedServer, connection: Connection, camera: Path, tmp_path: Path
):
    with browser_of(tmp_path / "profile", camera=camera) as context:
        owner = OwnerAtHull(context, connection.base_url)
        email = owner.register()
        owner.open()
        owner.wait_for_worker()
        owner.page.wait_for_load_state("networkidle")  # once loaded
        connection.cut()

        owner.start_visit("corrosion", boat="Möwe")
        for angle in ANGLES:
            owner.shoot(angle)
        owner.submit()
        owner.sees("Will be sent for analysis as soon as the photos are there.")
        owner.open("photos")
        owner.sees("3 photos wait")

    assert api(served, email, "/inspections?mode=corrosion")["results"] == []
    with browser_of(tmp_path / "profile", camera=camera) as context:  # the tab was closed, and the battery empty
        owner = OwnerAtHull(context, connection.base_url)
        owner.open("photos")
        owner.sees("3 photos wait")
        connection.restore()
        owner.page.evaluate("dispatchEvent(new Event('online'))")
        owner.sees("Everything has been sent.")
    assert [one["status"] for one in api(served, email, "/inspections?mode=corrosion")["results"]] != ["pending"]


def test_a_bad_connection_delivers_each_photo_once(
    served: SharedServer, connection: Connection, tmp_path: Path, photos: Callable[..., Path]
):
    with browser_of(tmp_path / "profile") as context:
        owner = OwnerAtHull(context, connection.base_url)
        email = owner.register()
        owner.open()
        owner.wait_for_worker()
        owner.start_visit("corrosion", boat="Kormoran")
        connection.left_to_cut = CUTS
        connection.cut()  # so that no connection from before is left
        connection.restore()
        for angle in ANGLES:
            owner.choose(angle, photos(angle))
        for _ in range(PATIENCE_SECONDS):
            if owner.page.locator(".photo-state").get_by_text("Ready", exact=True).count() == len(ANGLES):
                break
            owner.page.evaluate("dispatchEvent(new Event('online'))")
            owner.page.wait_for_timeout(1000)  # the browser goes on meanwhile
        owner.waits_for_photos("Ready")
    (inspection,) = api(served, email, "/inspections?mode=corrosion")["results"]
    detail = api(served, email, f"/inspections/{inspection['inspection_id']}")
    assert [[photo["state"] for photo in slot["assets"]] for slot in detail["slots"]] == [["ready"] * 3]  # type: ignore[attr-defined]
    assert connection.cuts > CUTS / 2


def test_photos_of_an_ended_session_wait_for_their_owner(
    served: SharedServer, owner: OwnerAtHull, connection: Connection, photos: Callable[..., Path]
):
    owner.base_url = connection.base_url
    first = owner.register()
    owner.open()
    owner.wait_for_worker()
    owner.start_visit("corrosion", boat="Alk")
    connection.cut()
    owner.choose("wide", photos("wide"))
    owner.page.wait_for_timeout(200)
    connection.restore()
    end_sessions(served, first)
    owner.open("photos")
    owner.sees("Sign in")
    owner.sees("One photo of an account is kept on this device.")

    second = owner.register()  # on the same phone
    owner.open("photos")
    owner.sees("1 photo of another account is kept here too.")
    assert api(served, second, "/inspections?mode=corrosion")["results"] == []
    owner.page.evaluate("fetch('/app/session', {method: 'DELETE'})")
    owner.page.wait_for_timeout(200)

    owner.open()
    owner.sign_in(first)
    owner.open("photos")
    owner.sees("Everything has been sent.")
    (inspection,) = api(served, first, "/inspections?mode=corrosion")["results"]
    assert api(served, first, f"/inspections/{inspection['inspection_id']}")["slots"]


def end_sessions(served: SharedServer, email: str) -> None:
    """End every session of this owner from another device."""
    credentials = {"email": email, "password": PASSWORD}
    signed_in = requests.post(f"{served.base_url}/v1/auth/login", json=credentials, timeout=TIMEOUT_SECONDS).json()
    headers = {"Authorization": f"Bearer {signed_in['token']['access_token']}"}
    sessions = requests.get(f"{served.base_url}/v1/auth/me/sessions", headers=headers, timeout=TIMEOUT_SECONDS).json()
    for one in sorted(sessions["sessions"], key=lambda session: session["current"]):
        requests.delete(f"{served.base_url}/v1/auth/me/sessions/{one['id']}", headers=headers, timeout=TIMEOUT_SECONDS)


def test_a_refused_camera_leaves_the_file(tmp_path: Path, served: SharedServer, photos: Callable[..., Path]):
    with browser_of(tmp_path / "profile") as context:
        owner = OwnerAtHull(context, served.base_url)
        owner.register()
        owner.start_visit("corrosion", boat="Alk")
        owner.page.locator("[data-angle=wide]").get_by_role("button", name="Take photo").click()
        expect(owner.page.get_by_role("dialog")).to_contain_text("The camera may not be used here.")
        owner.press("Close camera")
        owner.choose("wide", photos("wide"))
        owner.waits_for_photos("Ready", 1)


def test_a_file_that_is_no_photo_is_refused_at_the_hull(owner: OwnerAtHull, tmp_path: Path):
    owner.register()
    owner.start_visit("corrosion", boat="Alk")
    note = tmp_path / "note.txt"
    note.write_text("not a photo")
    owner.page.locator("[data-angle=wide] input[type=file]").set_input_files(note)
    owner.sees("This kind of file is not taken.")
    expect(owner.page.locator(".photo-state")).to_have_count(0)
