"""Shadow runs: another model analyses the frozen evidence again; its answer is stored beside the result.

The original is not touched: no row, object, status or credit. One inspection at a time, each whole or not at all, so
that a run can be killed at any line and repeated.
"""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import structlog
from django.db import transaction

from inspections.engines.base import Engine
from inspections.engines.registry import engine_for
from inspections.models import CaptureSlot, Inspection, MediaAsset, Result, ShadowResult
from inspections.vocabulary import AssetState, InspectionStatus
from inspections.work import evidence
from inspections.work.evidence import EvidenceUnreadable
from inspections.work.inference import (
    InferenceResult,
    SubmittedPoint,
    photographed_slots,
    result_fields,
    run_inference,
    store_overlays,
    submitted_point,
)
from maretech.common.storage import object_store

log = structlog.get_logger(__name__)


class Outcome(StrEnum):
    STORED = "stored"
    ALREADY_STORED = "there from an earlier run"
    DELETED = "skipped: deleted by its owner"
    NOT_COMPLETED = "skipped: it has no result"
    UNKNOWN = "skipped: there is no such inspection"
    UNREADABLE = "evidence unreadable"
    FAILED = "the engine failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerun:
    """Outcome for one inspection; with both answers if it was analysed again, now or before."""

    inspection_id: uuid.UUID
    outcome: Outcome
    note: str = ""
    answers: tuple[Result, ShadowResult] | None = None


def completed_inspections(*, mode: str | None, limit: int | None) -> list[uuid.UUID]:
    """Return inspections that can be analysed again, newest first, including deleted ones not purged yet."""
    completed = Inspection.objects.filter(status=InspectionStatus.COMPLETED).order_by("-created_at", "-id")
    if mode is not None:
        completed = completed.filter(mode=mode)
    return list(completed.values_list("pk", flat=True)[:limit])


def rerun(inspection_id: uuid.UUID, *, engine_name: str, again: bool = False) -> Rerun:
    """Judge one inspection's frozen evidence by that engine, unless its model version has done so before.

    With `again` that answer is replaced: new rules or words may change the answer of the same model.

    Raises `UnknownEngine`; any other error of the engine becomes the outcome.
    """
    inspection = Inspection.objects.select_related("policy", "result").filter(pk=inspection_id).first()
    if inspection is None:
        return Rerun(inspection_id=inspection_id, outcome=Outcome.UNKNOWN)
    if inspection.deleted_at is not None:
        return Rerun(inspection_id=inspection_id, outcome=Outcome.DELETED)
    if not hasattr(inspection, "result"):
        return Rerun(inspection_id=inspection_id, outcome=Outcome.NOT_COMPLETED)
    engine = engine_for(mode=inspection.mode, name=engine_name)
    known = inspection.shadow_results.filter(model_version=engine.model_version).first()
    if known is not None and not again:
        return Rerun(inspection_id=inspection_id, outcome=Outcome.ALREADY_STORED, answers=(inspection.result, known))
    return _run_again(inspection, engine, again=again)


def _run_again(inspection: Inspection, engine: Engine, *, again: bool) -> Rerun:
    try:
        stored = _infer_and_store(inspection, engine, again=again)
    except EvidenceUnreadable as unreadable:
        return Rerun(inspection_id=inspection.pk, outcome=Outcome.UNREADABLE, note=str(unreadable))
    except Exception as exc:
        log.exception("shadow run failed", inspection=str(inspection.pk), model_version=engine.model_version)
        return Rerun(inspection_id=inspection.pk, outcome=Outcome.FAILED, note=f"{type(exc).__name__}: {exc}")
    if stored is None:
        return Rerun(inspection_id=inspection.pk, outcome=Outcome.DELETED)
    return Rerun(inspection_id=inspection.pk, outcome=Outcome.STORED, answers=(inspection.result, stored))


def _infer_and_store(inspection: Inspection, engine: Engine, *, again: bool) -> ShadowResult | None:
    """Returns None if the owner has deleted the inspection meanwhile; then its output is removed from the store."""
    inference = run_inference(inspection, _evidence(inspection), engine=engine)
    run = f"{inference.model_version}/{uuid.uuid4().hex[:12]}"
    overlays = store_overlays(inference.points, prefix=f"{inspection.key_prefix}shadow/{run}/")
    stored = _store(inspection, inference, overlays, again=again)
    if stored is None:
        object_store().delete(overlays.values())
    return stored


@transaction.atomic
def _store(
    inspection: Inspection, inference: InferenceResult, overlays: Mapping[int, str], *, again: bool
) -> ShadowResult | None:
    """Store one answer per model version; returns None if the owner has deleted the inspection meanwhile."""
    if Inspection.objects.select_for_update().filter(pk=inspection.pk, deleted_at=None).first() is None:
        return None
    row = result_fields(inference, mode=inspection.mode, overlays=overlays)
    version = row.pop("model_version")
    if again:
        inspection.shadow_results.filter(model_version=version).delete()
    stored, _ = inspection.shadow_results.get_or_create(model_version=version, defaults=row)
    return stored


def _evidence(inspection: Inspection) -> Iterator[SubmittedPoint]:
    for slot, assets in photographed_slots(inspection):
        yield submitted_point(slot, assets, [_content(inspection, slot, asset) for asset in assets])


def _content(inspection: Inspection, slot: CaptureSlot, asset: MediaAsset) -> bytes | None:
    """Return the bytes behind the result; None for a rejected photo."""
    if asset.state != AssetState.READY:
        return None
    try:
        return evidence.read_frozen(
            asset.evidence_uri, sha256=asset.evidence_sha256, max_bytes=inspection.policy.max_bytes
        )
    except EvidenceUnreadable as unreadable:
        raise EvidenceUnreadable(f"point {slot.point_index}, {asset.angle}: {unreadable}") from unreadable
