"""The recording of a draft: announce, link, and report its upload."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from accounts.identity.verification import require_verified
from accounts.models import User
from dossiers.errors import RecordingMissing
from dossiers.models import Dossier, Recording
from dossiers.ownership import lock_draft, own_dossier
from dossiers.recordings.limits import refuse_beyond_limit
from dossiers.recordings.media_types import CONTENT_TYPES, canonical_type
from dossiers.tasks import send_transcription
from dossiers.turns import turn_of
from dossiers.vocabulary import MAX_RECORDING_BYTES, RecordingFailure, RecordingState
from maretech.common.http.errors import Invalid
from maretech.common.storage import object_store
from maretech.common.storage.base import Upload, UploadTarget

# Sent again, or tried again, one of these may become a transcript.
_WORTH_A_RETRY: Final = (
    RecordingFailure.MISSING,
    RecordingFailure.CHECKSUM_MISMATCH,
    RecordingFailure.COULD_NOT_BE_TRANSCRIBED,
    RecordingFailure.LANGUAGE_UNSUPPORTED,  # the owner may choose another language
)


@dataclass(frozen=True, slots=True)
class RecordingDeclaration:
    """The phone's description of the file it will upload: any name of the type, `sha256` in lower-case hex."""

    content_type: str
    byte_size: int
    sha256: str


@transaction.atomic
def announce_recording(*, owner: User, dossier_id: UUID, declared: RecordingDeclaration) -> tuple[Recording, bool]:
    """Return the recording for exactly these bytes, and whether it is new. Other bytes replace the recording before.

    Raises `NotFound`, `NotADraft`, `EmailUnverified`, `Invalid` or `TooManyOfOwner`.
    """
    dossier = lock_draft(owner=owner, dossier_id=dossier_id)
    require_verified(owner)
    content_type = _check(declared)
    current = current_recording(dossier)
    if current is not None and current.discarded_at is None and current.sha256 == declared.sha256:
        return current, False
    refuse_beyond_limit(owner)
    now, recording_id = timezone.now(), uuid4()
    dossier.recordings.filter(superseded_at=None, discarded_at=None).update(discarded_at=now)
    dossier.recordings.filter(superseded_at=None).update(superseded_at=now)
    recording = Recording.objects.create(
        id=recording_id,
        dossier=dossier,
        uri=f"{dossier.key_prefix}recording/{recording_id}",
        content_type=content_type,
        byte_size=declared.byte_size,
        sha256=declared.sha256,
    )
    return recording, True


def upload_target(recording: Recording) -> UploadTarget:
    """Return a fresh link that accepts exactly what the recording declares."""
    return object_store().presign_upload(
        Upload(
            key=recording.uri,
            content_type=recording.content_type,
            byte_size=recording.byte_size,
            sha256=recording.sha256,
            max_bytes=MAX_RECORDING_BYTES,
        )
    )


def confirm_recording(*, owner: User, dossier_id: UUID) -> Dossier:
    """Record that the recording has arrived, and queue its transcription. Repeated calls change nothing.

    Raises `NotFound`, `NotADraft`, `EmailUnverified`, or `RecordingMissing` if the store has no object.
    """
    dossier = own_dossier(owner=owner, dossier_id=dossier_id)
    announced = current_recording(dossier)
    # Outside the transaction: the store may be slow.
    found = None if announced is None else object_store().head(announced.uri)
    with transaction.atomic():
        dossier = lock_draft(owner=owner, dossier_id=dossier_id)
        require_verified(owner)
        recording = current_recording(dossier)
        if recording is None or announced is None or recording.pk != announced.pk or found is None:
            raise RecordingMissing
        if recording.state == RecordingState.CREATED or recording.failure_reason in _WORTH_A_RETRY:
            _queue(recording, owner)
    return dossier


def current_recording(dossier: Dossier) -> Recording | None:
    return dossier.recordings.filter(superseded_at=None).first()


def _queue(recording: Recording, owner: User) -> None:
    now = timezone.now()
    recording.state, recording.failure_reason = RecordingState.UPLOADED, ""
    recording.uploaded_at, recording.due_at, recording.attempts = now, now, 0
    recording.turn = turn_of(Recording, dossier__owner=owner)
    recording.save(update_fields=["state", "failure_reason", "uploaded_at", "due_at", "attempts", "turn"])
    send_transcription()


def _check(declared: RecordingDeclaration) -> str:
    content_type = canonical_type(declared.content_type)
    if content_type not in CONTENT_TYPES:
        raise Invalid(content_type=f"One of {', '.join(CONTENT_TYPES)}.")
    if not 1 <= declared.byte_size <= MAX_RECORDING_BYTES:
        raise Invalid(byte_size=f"From 1 to {MAX_RECORDING_BYTES} bytes.")
    return content_type
