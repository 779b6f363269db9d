"""Erase and export inspections as part of a person's data; both are complete."""

from contextlib import suppress
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.privacy.archive import Archive
from accounts.privacy.register import Counts, DataSubject, PersonalData
from billing.entitlements import entitlements
from inspections.lifecycle import failures
from inspections.media_types import HEIC, JPEG, PNG
from inspections.models import (
    CapturePolicy,
    CaptureSlot,
    InferenceJob,
    Inspection,
    InspectionEvent,
    JobAttempt,
    MediaAsset,
    MissingObject,
    Result,
    ShadowResult,
)
from inspections.modes.registry import rules_of
from inspections.privacy.former_owners import erase_originals, handed_over_by
from maretech.common.http.errors import NotFound
from maretech.common.storage import object_store

# Fields of a photo that the owner or the phone supplied, and our answers to them.
_PHOTO: Final = ("angle", "state", "content_type", "byte_size", "capture", "created_at", "uploaded_at", "checked_at")
_SUFFIXES: Final = {JPEG: "jpg", PNG: "png", HEIC: "heic"}
_RESULT: Final = ("signal_detected", "confidence_level", "guidance", "explanation", "disclaimer", "coverage")
_INSPECTION: Final = (
    *("mode", "status", "label", "vessel_id", "vessel_label"),
    *("capture_context", "created_at", "submitted_at"),
)
_EMPTY: Final[dict[str, Any]] = {"label": "", "vessel": None, "vessel_label": "", "capture_context": {}}


def count(subject: DataSubject) -> Counts:
    own = Inspection.objects.filter(owner_id=subject.id)
    store = object_store()
    return {
        "inspections": own.exclude(slots=None).distinct().count(),
        "photos": MediaAsset.objects.filter(slot__inspection__in=own).count(),
        "results": Result.objects.filter(inspection__in=own).count(),
        "results of other models": ShadowResult.objects.filter(inspection__in=own).count(),
        "inspections of others, without their originals": handed_over_by(subject.id).count(),
        "objects": sum(1 for inspection in own for _ in store.list(inspection.key_prefix)),
    }


def erase(subject: DataSubject) -> None:
    """End unfinished inspections as if the owner had deleted them; then delete the photos, and all findings.

    Of inspections that went to another owner with their vessel, only the originals are this person's.
    A bare row remains until no upload link can write any more (`objects.deletion`): through it a late photo is found.
    """
    for inspection in Inspection.objects.filter(owner_id=subject.id, deleted_at=None):
        with suppress(NotFound):  # handed over at this moment
            failures.delete(inspection)
    known, store = list(Inspection.objects.filter(owner_id=subject.id)), object_store()
    for inspection in known:
        _forget(inspection.pk, subject.id)
    for inspection in known:  # last, because the store may be down
        store.delete(store.list(inspection.key_prefix))
    erase_originals(subject.id)


@transaction.atomic
def _forget(inspection_id: UUID, owner_id: UUID) -> None:
    entitlements.lock(owner_id)
    row = Inspection.objects.select_for_update().filter(pk=inspection_id).first()
    if row is None:  # purged concurrently
        return
    for model in (CaptureSlot, InferenceJob, InspectionEvent, MissingObject, Result, ShadowResult):
        QuerySet(model).filter(inspection=row).delete()
    Inspection.objects.filter(pk=row.pk).update(purged_at=row.purged_at or timezone.now(), **_EMPTY)


def export(user: User, archive: Archive) -> None:
    """Export each used mode in a folder of its own, in its own words; unused modes are not mentioned."""
    own = Inspection.objects.owned_by(user).select_related("result", "policy").order_by("created_at")
    for mode in sorted(set(own.values_list("mode", flat=True).distinct())):
        archive.text(f"{mode}/README.txt", rules_of(mode).export_description + "\n")
        archive.json(f"{mode}/inspections.json", [_inspection(row, archive) for row in own.filter(mode=mode)])


def _inspection(row: Inspection, archive: Archive) -> dict[str, Any]:
    folder = f"{row.mode}/{row.pk}"
    result = getattr(row, "result", None)
    return {
        "inspection_id": row.pk,
        **{name: getattr(row, name) for name in _INSPECTION},
        "capture_context": row.shown_context,
        "finished_at": row.finished_at,
        "failure_reason": row.failure_reason or None,
        "points": [_point(slot, folder, archive) for slot in row.slots.prefetch_related("assets")],
        "result": _result(result, folder, archive) if result else None,
    }


def _point(slot: CaptureSlot, folder: str, archive: Archive) -> dict[str, Any]:
    photos = [_photo(asset, slot, folder, archive) for asset in slot.assets.all() if asset.superseded_at is None]
    return {"point_index": slot.point_index, "label": slot.label, "photos": photos}


def _photo(asset: MediaAsset, slot: CaptureSlot, folder: str, archive: Archive) -> dict[str, Any]:
    """The re-encoded copy, and separately the original, which may contain the place of the shot.

    The original of an inspection that came with its vessel is not the owner's: it may say where another person was.
    """
    name = f"point-{slot.point_index}-{asset.angle}"
    file = archive.picture(f"{folder}/{name}.jpg", asset.view_uri) if asset.view_uri else None
    key = asset.evidence_uri or (asset.uri if asset.uploaded_at else "")
    path = f"{folder}/originals/{name}.{_SUFFIXES.get(asset.content_type, 'bin')}"
    original = archive.original(path, key) if key and not slot.inspection.came_with_vessel else None
    fields = {name: getattr(asset, name) for name in _PHOTO}
    fields |= {"capture": asset.shown_capture}
    fields |= {"retake_reasons": asset.retake_reasons, "warnings": asset.warnings}
    framing = {"framing": asset.framing} if asset.framing is not None else {}  # a mode that has none does not name it
    return {**fields, **framing, "file": file, "original": original}


def _result(row: Result, folder: str, archive: Archive) -> dict[str, Any]:
    """The result as the owner read it, with the marked-up photos; nothing that is for staff."""
    items, block = rules_of(row.mode).block_items, getattr(row, row.mode)
    entries = [_entry(entry, folder, archive) for entry in block[items]]
    fields = {name: getattr(row, name) for name in _RESULT}
    fields |= {"model_version": row.model_version, "created_at": row.created_at}
    return {**fields, row.mode: {**block, items: entries}}


def _entry(entry: dict[str, Any], folder: str, archive: Archive) -> dict[str, Any]:
    fields = {name: value for name, value in entry.items() if name != "overlay_uri"}
    key = entry["overlay_uri"]
    path = f"{folder}/point-{entry['point_index']}-marked.png"
    return {**fields, "file": archive.picture(path, key) if key else None}


PERSONAL_DATA: Final = PersonalData(
    app="inspections",
    erased=(InspectionEvent, CaptureSlot, MediaAsset, MissingObject, InferenceJob, JobAttempt, Result, ShadowResult),
    retained={
        Inspection: {
            "label": "blanked; the bare row is deleted once no upload link can write",
            "vessel_label": "blanked",
            "capture_context": "blanked",
        }
    },
    impersonal=(CapturePolicy,),
    count=count,
    erase=erase,
    export=export,
)
