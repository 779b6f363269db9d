"""Test what an owner does with a result: a dossier for a surveyor, and handing the boat over."""

import re
from pathlib import Path

import requests
from playwright.sync_api import expect

from testing.browser.chromium import browser_of
from testing.browser.owner import PASSWORD, OwnerAtHull
from testing.phone import Phone
from testing.plugins.shared_server import SharedServer
from tests.web.mails import code_for, verify

TIMEOUT_SECONDS = 30


def phone_of(email: str, served: SharedServer) -> Phone:
    phone = Phone.at(served.base_url)
    phone.bear(phone.send("/auth/login", {"email": email, "password": PASSWORD})["token"]["access_token"])
    return phone


def inspected(email: str, served: SharedServer) -> str:
    """Inspect the boat Nordstern with the phone. Returns the inspection's id, once its result is there."""
    phone = phone_of(email, served)
    opened = phone.open(vessel_label="Nordstern")
    phone.shoot(opened["uploads"])
    inspection = str(opened["inspection_id"])
    phone.send(f"/inspections/{inspection}/submit")
    phone.poll(f"/inspections/{inspection}", until=lambda body: body["status"] == "completed")
    return inspection


def test_a_result_becomes_a_sealed_and_shared_dossier(owner: OwnerAtHull, served: SharedServer):
    email = owner.register()
    verify(owner, email, served=served)
    owner.open(f"corrosion/inspections/{inspected(email, served)}")
    owner.follow("Make a dossier for a surveyor")
    owner.press("Begin the dossier")
    owner.fill("Statement", "Grounded on a sandbank in May.")
    owner.press("Save the statement")
    owner.sees("Saved.")
    owner.press("Make it final")
    owner.press("Yes, make it final")
    owner.sees("Download the PDF")
    owner.press("Make a link")
    owner.sees("not opened yet")
    (link,) = re.findall(r"https?://\S+/share/\S+", owner.page.content())[:1] or [""]
    address = link.split('"')[0].split("<")[0]
    shared = requests.get(address, timeout=TIMEOUT_SECONDS)
    assert (shared.status_code, "Nordstern" in shared.text) == (200, True)


def test_a_boat_goes_to_its_buyer_with_its_history(owner: OwnerAtHull, served: SharedServer, tmp_path: Path):
    seller = owner.register()
    verify(owner, seller, served=served)
    inspected(seller, served)
    with browser_of(tmp_path / "buyer") as context:
        buyer = OwnerAtHull(context, served.base_url)
        bought_by = buyer.register()
        verify(buyer, bought_by, served=served)

        owner.open()
        owner.follow("Nordstern")
        owner.follow("Hand this boat over")
        owner.fill("E-mail address of the buyer", bought_by)
        owner.press("Go on")
        owner.press("Yes, offer it")
        confirm(owner, seller, served)
        owner.sees("You have confirmed. We wait for the other code.")
        owner.open()
        owner.sees("Nordstern")

        buyer.open("handovers")
        buyer.follow("Nordstern")
        confirm(buyer, bought_by, served)
        buyer.sees("with its history")
        buyer.open()
        buyer.sees("Nordstern")
        assert buyer.faults == []
    owner.open()
    owner.sees("No boat yet.")


def confirm(owner: OwnerAtHull, email: str, served: SharedServer) -> None:
    expect(owner.page.get_by_label("Code from the mail")).to_be_visible()
    owner.fill("Code from the mail", code_for(email, served=served, page=owner.page, subject=".*(?:hand|take).*"))
    owner.press("Confirm")
