"""Erase and export dossiers as part of a person's data."""

from typing import Any, Final

from django.db import transaction
from django.db.models import Q

from accounts.models import ERASED_DOMAIN, User
from accounts.privacy.archive import Archive
from accounts.privacy.register import Counts, DataSubject, PersonalData
from billing.entitlements import entitlements
from dossiers.deliveries import transitions
from dossiers.deliveries.letters import work_on
from dossiers.deliveries.stopping import stop_letter
from dossiers.deliveries.transitions import STOPPABLE
from dossiers.models import Delivery, Dossier, DossierInspection, Recording, Refinement, Share, dossiers_of
from dossiers.recordings.media_types import SUFFIXES
from dossiers.vocabulary import DeliveryChannel, DeliveryFailure, DeliveryStatus
from maretech.common.storage import object_store

_DOSSIER: Final = (
    *("mode", "status", "language", "paper", "statement", "transcriber", "refiner", "vessel_id", "vessel_label"),
    *("created_at", "dated_at", "final_at", "revoked_at", "disclaimer_version", "model_versions", "photos"),
    *("pdf_sha256", "superseded_by_id"),
)
_RECORDING: Final = ("state", "created_at", "transcript", "transcriber", "consent_version", "failure_reason")
_REFINEMENT: Final = ("state", "source", "text", "changes", "engine", "consent_version", "created_at")
_SHARE: Final = ("created_at", "expires_at", "revoked_at", "views", "last_viewed_at")
_DELIVERY: Final = ("channel", "status", "email", "address", "created_at", "submitted_at", "ended_at", "failure_reason")
_NOBODY: Final = f"recipient{ERASED_DOMAIN}"


def count(subject: DataSubject) -> Counts:
    own = Dossier.objects.filter(owner=subject.id)
    return {
        "dossiers": own.count(),
        "recordings": Recording.objects.filter(dossier__in=own).count(),
        "shares": Share.objects.filter(dossier__in=own).count(),
        "deliveries": Delivery.objects.filter(dossier__in=own).count(),
        "objects": sum(1 for _ in object_store().list(dossiers_of(subject.id))),
    }


class LetterUnderWay(Exception):
    """It is not known yet whether a letter of this person can still be stopped."""


def settle(subject: DataSubject) -> None:
    """Stop the letters that are not printed yet, and refund them. Raises `LetterUnderWay` until each is decided."""
    waiting = Delivery.objects.filter(dossier__owner=subject.id, channel=DeliveryChannel.POST)
    for delivery_id in waiting.filter(status__in=STOPPABLE).values_list("pk", flat=True):
        stop_letter(delivery_id, DeliveryFailure.CANCELLED)
        work_on(delivery_id)
    undecided = Q(status=DeliveryStatus.PAID) | Q(status=DeliveryStatus.SUBMITTED) & ~Q(stop_reason="")
    if waiting.filter(undecided).exists():
        raise LetterUnderWay


def erase(subject: DataSubject) -> None:
    """Delete the dossiers with all that belongs to them; codes of their documents say REVOKED from then on.

    Dossiers that another owner sent to this person's address stay, without the address.
    """
    _forget(subject)
    _forget_as_recipient(subject)
    store = object_store()  # last, because it may be down; the objects are found by the owner's id again
    store.delete(store.list(dossiers_of(subject.id)))


@transaction.atomic
def _forget(subject: DataSubject) -> None:
    entitlements.lock(subject.id)
    Dossier.objects.filter(owner=subject.id).delete()


@transaction.atomic
def _forget_as_recipient(subject: DataSubject) -> None:
    if subject.email.endswith(ERASED_DOMAIN):
        return
    for unsent in Delivery.unfinished().filter(email=subject.email, channel=DeliveryChannel.EMAIL):
        transitions.fail(unsent, DeliveryFailure.REFUSED)
    Delivery.objects.filter(email=subject.email).update(email=_NOBODY)


def export(user: User, archive: Archive) -> None:
    own = Dossier.objects.owned_by(user).select_related("vessel").order_by("created_at", "id")
    if rows := [_dossier(row, archive) for row in own]:
        archive.json("dossiers/dossiers.json", rows)


def _dossier(row: Dossier, archive: Archive) -> dict[str, Any]:
    refinement = Refinement.objects.filter(dossier=row).first()
    return {
        "dossier_id": row.pk,
        **_fields(row, _DOSSIER),
        "inspection_ids": list(row.entries.values_list("inspection_id", flat=True)),
        "pdf": archive.picture(f"dossiers/{row.pk}.pdf", row.pdf_uri) if row.pdf_uri else None,
        "recordings": [_recording(each, archive) for each in row.recordings.filter(superseded_at=None)],
        "refinement": _fields(refinement, _REFINEMENT) if refinement else None,
        "shares": [_fields(share, _SHARE) for share in row.shares.all()],
        "deliveries": [_fields(delivery, _DELIVERY) for delivery in row.deliveries.all()],
    }


def _recording(row: Recording, archive: Archive) -> dict[str, Any]:
    path = f"dossiers/{row.dossier_id}-spoken.{SUFFIXES.get(row.content_type, 'bin')}"
    has_audio = row.uploaded_at is not None and row.discarded_at is None
    return {**_fields(row, _RECORDING), "file": archive.picture(path, row.uri) if has_audio else None}


def _fields(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


PERSONAL_DATA: Final = PersonalData(
    app="dossiers",
    erased=(Dossier, DossierInspection, Recording, Refinement, Share, Delivery),
    count=count,
    settle=settle,
    erase=erase,
    export=export,
)
