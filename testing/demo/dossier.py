"""The owner speaks a statement and makes a dossier of one inspection, which others read and verify."""

import hashlib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dossiers.post.covering_letter import printed_pages
from testing.demo.owner import Owner, WalkthroughFailed
from testing.demo.people import prove_address
from testing.demo.server import DemoServer
from testing.phone import Phone, accepted

VOICE = Path(__file__).parent / "voice" / "statement.ogg"
# What the owner said, typed in haste.
CORRECTED = (
    "I ground one spot down to bare metal and and painted it with primer. "
    "please look at the frames in the forward cabin first"
)
SHARED_DAYS = 14


def make_dossier(owner: Owner, server: DemoServer, inspection_id: str) -> str | None:
    """Open, speak, refine, make final, share. Returns the dossier's id; None if the photos are not usable for one."""
    prove_address(server, owner.phone, owner.email)
    owner.say("escalation: the address is proven with the mailed code")
    eligibility = owner.phone.fetch(f"/inspections/{inspection_id}/escalation")
    if not eligibility["eligible"]:
        owner.say(f"no dossier of this inspection is possible: {', '.join(eligibility['reasons'])}")
        return None
    dossier_id = open_draft(owner, inspection_id)
    speak(owner, dossier_id)
    refine(owner, dossier_id)
    final = finalise(owner, dossier_id)
    pdf = save_pdf(owner, final)
    verify(owner, server, final, pdf)
    share(owner, server, dossier_id)
    return dossier_id


def open_draft(owner: Owner, inspection_id: str) -> str:
    draft = owner.phone.send("/dossiers", {"inspection_ids": [inspection_id], "language": "en"})
    owner.say(f"dossier {draft['dossier_id'][:8]} opened for {draft['vessel_label']}: a {draft['status']}")
    return str(draft["dossier_id"])


def speak(owner: Owner, dossier_id: str) -> None:
    """Upload the recording, wait for its transcript, and correct what it misheard."""
    phone, audio = owner.phone, VOICE.read_bytes()
    declared = {"content_type": "audio/ogg", "byte_size": len(audio), "sha256": hashlib.sha256(audio).hexdigest()}
    phone.upload(phone.send(f"/dossiers/{dossier_id}/recording", declared)["upload"], audio)
    phone.send(f"/dossiers/{dossier_id}/recording/uploaded")
    owner.say(f"statement spoken: {VOICE.name}, {len(audio)} bytes")
    draft = phone.poll(f"/dossiers/{dossier_id}", until=lambda body: body["recording"]["state"] != "uploaded")
    if not draft["transcript"]:
        raise WalkthroughFailed(f"the recording has no transcript: {draft['reason']}")
    owner.say(f"    written down by {draft['transcriber']}:")
    owner.say_plainly(draft["transcript"])
    owner.say("    the owner corrects it:")
    owner.say_plainly(CORRECTED)
    change(owner, dossier_id, CORRECTED)


def refine(owner: Owner, dossier_id: str) -> None:
    """Ask for a clearer wording, and accept it."""
    owner.phone.send(f"/dossiers/{dossier_id}/statement/refine")
    draft = owner.phone.poll(f"/dossiers/{dossier_id}", until=lambda body: body["refinement"]["state"] != "pending")
    proposal = draft["refinement"]
    if proposal["state"] != "done":
        raise WalkthroughFailed("no clearer wording was proposed")
    owner.say(f"    clearer wording by {proposal['engine']}, accepted: {len(proposal['changes'])} sentences changed")
    owner.say_plainly(proposal["text"])
    change(owner, dossier_id, proposal["text"])


def change(owner: Owner, dossier_id: str, statement: str) -> None:
    accepted(owner.phone.patch(f"/dossiers/{dossier_id}", {"statement": statement}))


def finalise(owner: Owner, dossier_id: str) -> dict[str, Any]:
    """Make it final. Returns the dossier."""
    owner.phone.send(f"/dossiers/{dossier_id}/finalise")
    final = owner.phone.poll(f"/dossiers/{dossier_id}", until=lambda body: body["status"] != "rendering")
    if final["status"] != "final":
        raise WalkthroughFailed(f"the dossier is a {final['status']}: {final['reason']}")
    owner.say(f"dossier final: {len(final['photos'])} photos, disclaimer {final['disclaimer_version'] or 'unaccepted'}")
    return final


def save_pdf(owner: Owner, dossier: dict[str, Any]) -> bytes:
    link = owner.phone.fetch(f"/dossiers/{dossier['dossier_id']}/pdf")["url"]
    pdf = owner.phone.download(link)
    path = owner.save(f"dossier-{dossier['dossier_id'][:8]}.pdf", pdf)
    pages = printed_pages(pdf) - 1  # without the covering letter of a printed one
    owner.say(f"    PDF: {path}, {pages} pages, {len(pdf)} bytes")
    return pdf


def verify(owner: Owner, server: DemoServer, dossier: dict[str, Any], pdf: bytes) -> None:
    """Follow the printed code without signing in, and compare the file with what it names."""
    anyone = Phone.at(server.base_url)
    answer = accepted(anyone.follow("GET", dossier["verify_url"])).json()
    if answer["result"] != "VALID" or answer["sha256"] != hashlib.sha256(pdf).hexdigest():
        raise WalkthroughFailed(f"the printed code does not verify the PDF: {answer}")
    owner.say(
        f"    its printed code, without signing in: {answer['result']}, SHA-256 of the file {answer['sha256'][:12]}…"
    )


def share(owner: Owner, server: DemoServer, dossier_id: str) -> None:
    """Share the dossier, and read its page as somebody without an account."""
    opened = owner.phone.send(f"/dossiers/{dossier_id}/shares", {"expires_in_days": SHARED_DAYS})
    page = Phone.at(server.base_url).download(opened["url"])
    [shown] = owner.phone.fetch(f"/dossiers/{dossier_id}")["shares"]
    if shown["views"] != 1:
        raise WalkthroughFailed(f"the share counts {shown['views']} views after one")
    path = urlsplit(opened["url"]).path
    owner.say(f"shared until {shown['expires_at'][:10]}: {path[:16]}…, read without signing in, {len(page)} bytes")
    owner.say(f"    views counted: {shown['views']}")
