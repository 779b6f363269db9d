"""Record the examples of dossiers: a draft that becomes final, is shared, sent, verified and revoked."""

import hashlib
from typing import Any, Final
from unittest.mock import patch

from django.test import override_settings
from django.utils import timezone

from accounts.models import User
from dossiers.drafts.refining import refine_next
from dossiers.lifecycle import rendering
from dossiers.models import Dossier
from dossiers.recordings import transcription
from dossiers.statement import registry
from testing.letters import ADDRESS, letter_of, posting
from tests.dossiers.standins import Engine

PDF: Final = b"%PDF-1.7 /Type/Pages/Count 2 a dossier"
EVENT: Final = {
    "id": "evt_d95ff8ffd2b5cfb4",
    "body": {"id": "ltr_4868c3b754655f90", "metadata": {}, "tracking_events": [], "object": "letter"},
    "reference_id": "ltr_4868c3b754655f90",
    "event_type": {"id": "letter.mailed", "enabled_for_test": True, "resource": "letters", "object": "event_type"},
    "date_created": "2026-05-01T10:00:00.000Z",
    "object": "event",
}
VOICE: Final = b"OggS a spoken statement"
SPOKEN: Final = {"content_type": "audio/ogg", "byte_size": len(VOICE), "sha256": hashlib.sha256(VOICE).hexdigest()}
MAIL: Final = {"channel": "email", "to": "surveyor@example.net"}
WORDS: Final = "Well, there is some rust below the waterline."


def record_dossiers(owner: Any, settings: Any, *, old: str, recent: str) -> None:
    """Walk through the dossier of the recent inspection; the other is too old by now."""
    owner.get(f"/inspections/{recent}/escalation")
    owner.get("/documents/statement-sending")
    owner.post("/dossiers", {"inspection_ids": []})  # 400
    owner.post("/dossiers", {"inspection_ids": [old]})  # 409
    _without_a_proven_address(owner, recent)
    opened = owner.post("/dossiers", {"inspection_ids": [recent], "statement": WORDS, "language": "en"}).json()
    path = f"/dossiers/{opened['dossier_id']}"
    owner.patch(path, {"statement": "x" * 5000})  # 400
    owner.patch(path, {"paper": "a4"})
    _before_it_is_final(owner, path)
    _spoken(owner, path)
    with patch.object(rendering, "render_pdf", lambda _: PDF):
        owner.post(f"{path}/finalise")
        rendering.render_next()
    owner.get(path)
    owner.get("/dossiers")
    owner.get("/dossiers?page_size=1000")  # 400
    _final(owner, path)
    _posted(owner, settings, path)
    owner.delete(path)
    owner.post(f"{path}/finalise")  # 409


def _without_a_proven_address(owner: Any, inspection_id: str) -> None:
    """Be refused with 403 by every call that reaches other people, or leads there."""
    draft = owner.post("/dossiers", {"inspection_ids": [inspection_id]}).json()
    path = f"/dossiers/{draft['dossier_id']}"
    with patch.object(User, "email_verified", new=False):
        owner.post("/dossiers", {"inspection_ids": [inspection_id]})
        owner.post(f"{path}/recording", SPOKEN)
        owner.post(f"{path}/recording/uploaded")
        owner.post(f"{path}/statement/refine")
        owner.post(f"{path}/finalise")
    owner.delete(path)


def _before_it_is_final(owner: Any, path: str) -> None:
    """Ask too early for what only a final dossier has."""
    owner.get(f"{path}/pdf")
    owner.post(f"{path}/shares", {"expires_in_days": 7})
    owner.post(f"{path}/deliveries", MAIL)


def _spoken(owner: Any, path: str) -> None:
    owner.post(f"{path}/recording", SPOKEN | {"content_type": "image/jpeg"})  # 400
    announced = owner.post(f"{path}/recording", SPOKEN).json()
    owner.post(f"{path}/recording", SPOKEN)  # 200
    owner.post(f"{path}/recording/uploaded")  # 409
    owner.put(announced["upload"], VOICE)
    owner.post(f"{path}/recording/uploaded")
    with override_settings(REFINEMENTS_PER_DAY=0):
        owner.post(f"{path}/statement/refine")  # 429
    owner.post(f"{path}/statement/refine")
    owner.glance(path)
    owner.patch(path, {"paper": "a4"})
    engine = Engine(text="There is some rust below the waterline.")
    with (
        patch.object(registry, "transcriber", lambda **_: engine),
        patch.object(registry, "refiner", lambda **_: engine),
        patch.object(transcription, "decode", lambda audio: audio),
    ):
        transcription.transcribe_next()
        refine_next()
    owner.get(path)


def _final(owner: Any, path: str) -> None:
    owner.patch(path, {"statement": "Other words."})  # 409
    owner.post(f"{path}/recording", SPOKEN)  # 409
    owner.post(f"{path}/statement/refine")  # 409
    owner.get(f"{path}/pdf")
    owner.post(f"{path}/shares", {"expires_in_days": 100})  # 400
    share = owner.post(f"{path}/shares", {"expires_in_days": 7}).json()
    owner.post(f"{path}/deliveries", MAIL | {"to": "nobody"})  # 400
    owner.post(f"{path}/deliveries", MAIL)
    with patch.object(User, "email_verified", new=False):
        owner.post(f"{path}/shares", {"expires_in_days": 7})  # 403
        owner.post(f"{path}/deliveries", MAIL)  # 403
    owner.get(f"{path}/deliveries")
    owner.get(f"{path}/deliveries?page_size=1000")  # 400
    owner.get(path)
    owner.delete(f"/shares/{share['share_id']}")
    anonymous = owner.signed_in("")
    anonymous.get("/verify/keys")
    token = owner.get(path).json()["verify_url"].rpartition("/")[2]
    anonymous.get(f"/verify/{token}")
    anonymous.get("/verify/no-such-code")


def _posted(owner: Any, settings: Any, path: str) -> None:
    """Write a letter, pay for it, and receive an event about it."""
    with posting(settings) as lob:
        owner.post(f"{path}/deliveries", {"channel": "post", "to": ADDRESS | {"lines": ["undeliverable"]}})  # 400
        letter = owner.post(f"{path}/deliveries", {"channel": "post", "to": ADDRESS}).json()
        checkout = f"/deliveries/{letter['delivery_id']}/checkout"
        settings.LETTERS = "off"
        owner.post(checkout)  # 400
        settings.LETTERS = "fake"
        owner.post(checkout)
        owner.post(checkout)
        dossier = Dossier.objects.get(pk=path.rpartition("/")[2])
        expired = letter_of(dossier.owner, dossier=dossier, due_at=timezone.now())
        owner.post(f"/deliveries/{expired.pk}/checkout")  # 409
        body, headers = lob.signed(EVENT, at=timezone.now().timestamp())
        headers.pop("Content-Type")
        owner.signed_in("").post_bytes("/webhooks/post", body, headers)
        owner.signed_in("").post_bytes("/webhooks/post", b"{}", {})
