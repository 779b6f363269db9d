"""Test what an owner does with a result: a dossier for a surveyor, and handing the boat over."""

import re
import wave
from pathlib import Path
from uuid import uuid4

import cv2
import numpy as np
import pytest
import requests
from django.conf import settings
from playwright.sync_api import expect

from dossiers.statement.audio import decode
from dossiers.statement.ports import SAMPLE_RATE
from maretech.processes import manage
from testing.browser.chromium import browser_of
from testing.browser.owner import PASSWORD, OwnerAtHull
from testing.phone import Phone
from testing.plugins.shared_server import SharedServer
from tests.web.mails import code_for, verify
from tests.web.paying import pay_on_its_page
from tests.web.usable import assert_usable

TIMEOUT_SECONDS = 30
RECORDING = settings.BASE_DIR / "testing" / "demo" / "voice" / "statement.ogg"


@pytest.fixture
def voice(tmp_path: Path) -> Path:
    """Return the demo's spoken statement as Chromium takes it for a microphone."""
    path = tmp_path / "voice.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(decode(RECORDING.read_bytes()).samples.tobytes())
    return path


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


def test_a_spoken_statement_is_corrected_printed_and_posted(
    served: SharedServer, voice: Path, tmp_path: Path, camera: Path
):
    with browser_of(tmp_path / "profile", camera=camera, voice=voice) as context:
        owner = OwnerAtHull(context, served.base_url)
        email = owner.register()
        verify(owner, email, served=served)
        owner.open(f"dossiers/new?inspection={inspected(email, served)}")
        owner.press("Begin the dossier")
        speak(owner)
        assert owner.page.get_by_label("What we heard").input_value()
        assert_usable(owner)
        owner.sees("Written down by pocketsphinx")
        corrected = "I ground one spot to bare metal and and painted it. Please look at the frames."
        owner.fill("What we heard", corrected)
        owner.press("Use it as the statement")  # the next press waits until it is saved
        owner.press("Propose a clearer wording")
        owner.press("Use this wording")
        statement = "I ground one spot to bare metal and painted it. Please look at the frames."
        expect(owner.page.get_by_label("Statement", exact=True)).to_have_value(statement)
        owner.press("Make it final")
        owner.press("Yes, make it final")
        owner.sees("Download the PDF")
        owner.page.get_by_text("Your words in it").click()
        owner.sees(statement)
        assert_usable(owner)
        post(owner)
        assert (owner.faults, owner.broken) == ([], [])


def speak(owner: OwnerAtHull) -> None:
    owner.press("Record")
    owner.sees("Recording: 0:0")
    owner.page.get_by_role("timer").get_by_text(re.compile(r"0:0[5-9] of")).wait_for()
    owner.press("Stop")
    owner.press("Have it written down")
    expect(owner.page.get_by_label("What we heard")).to_be_visible()


def post(owner: OwnerAtHull) -> None:
    """Have the dossier printed and posted, and pay for it."""
    owner.press("Send it by post")
    fields = {
        "Name of the person or the firm": "Petra Holm",
        "Street and number": "210 King Street",
        "Postal code": "94107",
        "Town": "San Francisco",
        "State (two letters)": "CA",
    }
    for label, value in fields.items():
        owner.fill(label, value)
    owner.press("Check the address and go on")
    owner.sees("not paid")
    assert_usable(owner)
    owner.press("Continue to payment")
    pay_on_its_page(owner)
    owner.follow("Go on")
    owner.follow("Letter to Petra Holm")
    expect(owner.page.get_by_text(re.compile("^(sent|on its way)$"))).to_be_visible()


def test_an_appointment_is_found_paid_and_checked_in(owner: OwnerAtHull, served: SharedServer):
    verify(owner, owner.register(), served=served)
    surveyor = surveyor_near("Kiel", served)
    owner.open("appointments")
    owner.follow("Find a surveyor")
    owner.fill("Region or harbour", "Kiel")
    owner.press("Search")
    owner.follow("Petra Holm")
    owner.page.get_by_role("button", name="Hall 2, Kiel").first.click()
    owner.press("Hold this time")
    owner.sees("This time is held for you for")
    assert_usable(owner)
    owner.press("Continue to payment")
    pay_on_its_page(owner)
    expect(owner.page.get_by_text("booked", exact=True)).to_be_visible()
    owner.press("Show the code")
    place = surveyor.fetch(f"/appointments/{owner.page.url.rpartition('/')[2]}")["place_id"]
    scanned = surveyor.send("/check-ins", {"token": code_on(owner), "place_id": place})
    assert scanned["result"] == "CHECKED_IN"
    assert_usable(owner)
    owner.page.reload()
    owner.sees("Checked in on")


def surveyor_near(region: str, served: SharedServer) -> Phone:
    """Register a surveyor with free times today, as staff do in the admin."""
    surveyor, email = Phone.at(served.base_url), f"surveyor+{uuid4().hex}@example.org"
    surveyor.register(email, PASSWORD)
    code = f"from testing.demo.offering import offer_times; offer_times({email!r})"
    manage("shell", "--no-imports", "-c", code, var_dir=served.var_dir)
    assert surveyor.fetch(f"/surveyors?region={region}")["results"]
    return surveyor


def code_on(owner: OwnerAtHull) -> str:
    """Read the code from the screen, as the surveyor's phone does."""
    picture = owner.page.get_by_alt_text("Code to check in, for the surveyor to scan")
    expect(picture).to_be_visible()
    pixels = cv2.imdecode(np.frombuffer(picture.screenshot(), np.uint8), cv2.IMREAD_GRAYSCALE)
    token, *_ = cv2.QRCodeDetector().detectAndDecode(pixels)
    return token


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
        assert_usable(owner)
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
