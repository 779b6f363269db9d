"""One dossier as its owner sees it."""

from django.db.models import prefetch_related_objects

from dossiers.models import Dossier, Recording, Refinement
from dossiers.shares.links import share_url
from dossiers.verification.answers import verification_url
from dossiers.vocabulary import DossierStatus, RecordingState, RefinementState

POLL_SECONDS = 2


def load_detail(dossier: Dossier) -> Dossier:
    """Load all that `DossierOutput` writes: sets attributes of the dossier that are no columns."""
    prefetch_related_objects([dossier], "entries", "shares")
    shown = dossier
    shown.inspection_ids = [entry.inspection_id for entry in dossier.entries.all()]  # type: ignore[attr-defined]
    recording = dossier.recordings.filter(superseded_at=None).first()
    shown.recording = recording if dossier.is_draft else None  # type: ignore[attr-defined]
    has_transcript = dossier.is_draft and recording is not None and recording.state == RecordingState.TRANSCRIBED
    shown.transcript = recording.transcript if recording and has_transcript else None  # type: ignore[attr-defined]
    shown.spoken_to = recording.transcriber if recording and has_transcript else None  # type: ignore[attr-defined]
    shown.proposal = Refinement.objects.filter(dossier=dossier).first()  # type: ignore[attr-defined]
    shown.reason = _reason(dossier, recording)  # type: ignore[attr-defined]
    shown.sealed = dossier if dossier.pdf_sha256 else None  # type: ignore[attr-defined]
    shown.verify_url = verification_url(dossier.token) if dossier.token else None  # type: ignore[attr-defined]
    shown.links = list(dossier.shares.all())  # type: ignore[attr-defined]
    for share in shown.links:  # type: ignore[attr-defined]
        share.url = share_url(share)
    return shown


def is_in_work(dossier: Dossier) -> bool:
    """Return whether a worker is about to change a dossier from `load_detail`."""
    recording: Recording | None = dossier.recording  # type: ignore[attr-defined]
    proposal: Refinement | None = dossier.proposal  # type: ignore[attr-defined]
    return (
        dossier.status == DossierStatus.RENDERING
        or (recording is not None and recording.state == RecordingState.UPLOADED)
        or (proposal is not None and proposal.state == RefinementState.PENDING)
    )


def _reason(dossier: Dossier, recording: Recording | None) -> str | None:
    if not dossier.is_draft:
        return None
    return dossier.failure_reason or (recording.failure_reason if recording else "") or None
