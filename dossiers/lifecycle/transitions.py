"""The transition table of dossiers, and the only writer of their status.

Every function runs in the caller's transaction. A rendering ends by compare-and-set: only the attempt that claimed the
row can finish it, and none can once the draft was withdrawn.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from dossiers.models import Dossier
from dossiers.vocabulary import DossierStatus, RenderingFailure, RevocationReason

TRANSITIONS: Final[Mapping[str, frozenset[str]]] = {
    DossierStatus.DRAFT: frozenset({DossierStatus.RENDERING}),
    DossierStatus.RENDERING: frozenset({DossierStatus.FINAL, DossierStatus.DRAFT}),
    DossierStatus.FINAL: frozenset({DossierStatus.REVOKED}),
    DossierStatus.REVOKED: frozenset(),
}


class TransitionRefused(Exception):
    """This transition is not allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a rendering made: the columns that are sealed with the PDF."""

    token: str
    vessel_name: str
    disclaimer_version: str
    model_versions: list[str]
    photos: list[dict[str, Any]]
    pdf_uri: str
    pdf_sha256: str
    pdf_bytes: int


def start_rendering(dossier: Dossier, *, vessel_id: UUID, turn: int) -> None:
    """draft → rendering, of the vessel that its inspections belong to now. The caller has locked the row."""
    now = timezone.now()
    _move(
        dossier,
        DossierStatus.RENDERING,
        vessel=vessel_id,
        dated_at=now,
        due_at=now,
        attempts=0,
        turn=turn,
        failure_reason="",
    )


def return_to_draft(dossier: Dossier, reason: RenderingFailure) -> bool:
    """rendering → draft, with the reason. Returns False if another attempt or the owner was quicker."""
    return _end_rendering(dossier, DossierStatus.DRAFT, dated_at=None, failure_reason=reason)


def withdraw_rendering(dossier: Dossier) -> None:
    """rendering → draft, because the owner deletes it or its vessel moves. The caller holds the owner's lock."""
    _move(dossier, DossierStatus.DRAFT, dated_at=None)


def finish(dossier: Dossier, document: Document) -> bool:
    """rendering → final. Returns False if another attempt or the owner was quicker, or if the vessel has moved.

    It supersedes the owner's current dossier of the same vessel and mode, unless that one has a later date.
    The caller holds the owner's lock.
    """
    unchanged = Dossier.unfinished().filter(pk=dossier.pk, attempts=dossier.attempts, vessel=dossier.vessel_id)
    if unchanged.select_for_update(of=("self",)).first() is None:  # locked: no other attempt claims it from here on
        return False
    current = Dossier.objects.filter(
        owner=dossier.owner_id, vessel=dossier.vessel_id, mode=dossier.mode, status=DossierStatus.FINAL
    ).filter(superseded_by=None, vessel__isnull=False)
    newer = current.filter(dated_at__gt=dossier.dated_at).first()
    if newer is None:
        current.update(superseded_by=dossier.pk)
    return _end_rendering(
        dossier, DossierStatus.FINAL, final_at=timezone.now(), superseded_by=newer, **asdict(document)
    )


def revoke(dossier: Dossier, reason: RevocationReason) -> None:
    """final → revoked. The caller has locked the row."""
    _move(dossier, DossierStatus.REVOKED, revoked_at=timezone.now(), revocation_reason=reason)


def _end_rendering(dossier: Dossier, to: DossierStatus, **changes: Any) -> bool:
    _check(DossierStatus.RENDERING, to)
    if not dossier.update_unless_changed(status=to, **changes):
        return False
    dossier.refresh_from_db()
    return True


def _move(dossier: Dossier, to: DossierStatus, **changes: Any) -> None:
    _check(dossier.status, to)
    Dossier.objects.filter(pk=dossier.pk, status=dossier.status).update(status=to, **changes)
    dossier.refresh_from_db()


def _check(start: str, to: DossierStatus) -> None:
    if to not in TRANSITIONS[start]:
        raise TransitionRefused(f"{start} → {to}")
