"""The owner books a surveyor, pays, and is checked in with the code on the phone. The surveyor is paid."""

from typing import Any

import cv2
import numpy as np
from icalendar import Calendar

from billing.catalogue.currencies import money
from testing.demo.mail_log import attached
from testing.demo.owner import Owner, WalkthroughFailed
from testing.demo.people import join
from testing.demo.server import DemoServer
from testing.phone import Phone, accepted

REGION = "Kiel"
INVITATION = "text/calendar"


def survey(owner: Owner, server: DemoServer, dossier_id: str | None) -> None:
    """Go from the search for a surveyor to the scheduled payout, with the dossier if there is one."""
    surveyor, email = join(server, "surveyor")
    server.offer_times(email)
    owner.say("a surveyor is registered with free times by the rules of the admin; no API call does this")
    slot = find_time(owner)
    held = hold(owner, slot, dossier_id)
    appointment = pay(owner, held)
    show_invitation(owner, server)
    if dossier_id is not None:
        read_dossier(owner, surveyor, appointment)
    check_in(owner, surveyor, appointment)
    server.begin(appointment["appointment_id"])
    owner.say("the demo has the appointment begin now in its own database; no API call does this")
    complete(owner, surveyor, appointment)


def find_time(owner: Owner) -> dict[str, Any]:
    """Return the first free time of a surveyor of the region."""
    phone = owner.phone
    [found, *_] = phone.fetch(f"/surveyors?mode=corrosion&region={REGION}")["results"]
    slots = phone.fetch(f"/surveyors/{found['surveyor_id']}/appointment-slots")["results"]
    owner.say(
        f"surveyor for corrosion near {REGION}: {found['name']}, {', '.join(found['regions'])}, {len(slots)} free times"
    )
    first: dict[str, Any] = slots[0]
    return first


def hold(owner: Owner, slot: dict[str, Any], dossier_id: str | None) -> dict[str, Any]:
    held = owner.phone.send("/appointments", {"slot_id": slot["slot_id"], "dossier_id": dossier_id})
    price = money(held["price_minor"], held["currency"])
    owner.say(f"    held: {_time(held['starts_at'])} in {held['place']}, {price}")
    return held


def pay(owner: Owner, held: dict[str, Any]) -> dict[str, Any]:
    """Pay on the provider's page; its event confirms the appointment. Returns the appointment."""
    path = f"/appointments/{held['appointment_id']}"
    page = owner.phone.send(f"{path}/checkout")
    owner.phone.fill_in(page["url"], how="card")
    appointment = owner.phone.poll(path, until=lambda body: body["status"] != "held")
    if appointment["status"] != "confirmed":
        raise WalkthroughFailed(f"the paid appointment is {appointment['status']}")
    owner.say(f"    order {page['session_id'][:8]} paid by card: appointment {appointment['status']}")
    return appointment


def show_invitation(owner: Owner, server: DemoServer) -> None:
    mail = server.mails.wait_for(owner.email, "Your appointment")
    invitation = attached(mail, INVITATION)
    if invitation is None:
        raise WalkthroughFailed("the mail of the confirmed appointment has no calendar file")
    [event] = Calendar.from_ical(invitation).walk("VEVENT")
    path = owner.save("appointment.ics", invitation.encode())
    owner.say(f"    mailed calendar file {path.name}: {event['SUMMARY']}, {event['LOCATION']}, {event['STATUS']}")


def read_dossier(owner: Owner, surveyor: Phone, appointment: dict[str, Any]) -> None:
    pdf = accepted(surveyor.get(f"/appointments/{appointment['appointment_id']}/dossier")).content
    owner.say(f"the surveyor reads the attached dossier: {len(pdf)} bytes")


def check_in(owner: Owner, surveyor: Phone, appointment: dict[str, Any]) -> None:
    """Scan the picture on the owner's phone, and check in with what it says: twice."""
    picture = accepted(owner.phone.get(f"/appointments/{appointment['appointment_id']}/qr")).content
    pixels = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_GRAYSCALE)
    if pixels is None:
        raise WalkthroughFailed("the code of the appointment is no picture")
    token, *_ = cv2.QRCodeDetector().detectAndDecode(pixels)
    scanned = {"token": token, "place_id": appointment["place_id"]}
    results = [surveyor.send("/check-ins", scanned)["result"] for _ in range(2)]
    if results != ["CHECKED_IN", "DUPLICATE"]:
        raise WalkthroughFailed(f"two scans of one code: {results}")
    owner.say(f"the surveyor scans the code on the owner's phone: {results[0]}; a second scan: {results[1]}")


def complete(owner: Owner, surveyor: Phone, appointment: dict[str, Any]) -> None:
    marked = surveyor.send(f"/appointments/{appointment['appointment_id']}/complete")
    owner.say(f"the surveyor marks the appointment as {marked['status']}")
    [payout, *_] = surveyor.poll("/surveyors/me/payouts", until=lambda body: bool(body["results"]))["results"]
    amount = money(payout["amount_minor"], payout["currency"])
    owner.say(f"    payout {payout['status']} for {payout['scheduled_for']}: {amount} after our fee")


def _time(instant: str) -> str:
    return instant[:16].replace("T", " ") + " UTC"
