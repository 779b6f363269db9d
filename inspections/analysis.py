"""Worker side: claim the job, freeze the evidence, run the engine point by point, deliver the result once."""

import uuid
from collections.abc import Iterator, Mapping

import structlog
from django.conf import settings
from django.db import transaction

from billing import entitlements
from inspections import endings, evidence, lease, lifecycle
from inspections.allowance import access_of
from inspections.choices import Mode
from inspections.engines.base import Engine, Photo, Point, PointFinding
from inspections.engines.registry import engine_for
from inspections.lifecycle import Claim, LeaseLost
from inspections.models import CaptureSlot, Inspection, MediaAsset, Result
from inspections.modes.base import Coverage, SeenPoint, Verdict
from inspections.modes.registry import rules_of
from maretech.common import heartbeat, request_id
from maretech.common.storage import object_store

log = structlog.get_logger(__name__)


def analyse(job_id: uuid.UUID, *, worker: str, task_id: str) -> None:
    """Run one attempt of the job, if it is there to take. Safe to call twice, and to be killed at any line."""
    held = lifecycle.claim(job_id, worker=worker, task_id=task_id)
    if held is None:
        return
    request_id.adopt(held.request_id)
    heartbeat.beat("analyses")
    log.info("analysis started", inspection=str(held.inspection_id), attempt=held.attempt)
    try:
        with lease.kept_alive(held):
            _analyse(held)
    except LeaseLost:
        log.warning("analysis given up, another attempt has the job", inspection=str(held.inspection_id))
    except Exception as exc:  # whatever it was is noted on the attempt, and raised again for the log
        endings.fail_attempt(held, error=f"{type(exc).__name__}: {exc}")
        raise


def _analyse(held: Claim) -> None:
    inspection = Inspection.objects.select_related("policy").get(pk=held.inspection_id)
    engine = engine_for(mode=inspection.mode, name=settings.ENGINE)
    walk = list(_examine(inspection, engine, held))
    points = [point for point, _, _ in walk]
    used, rejected = sum(used for _, used, _ in walk), sum(rejected for _, _, rejected in walk)
    coverage = Coverage(points=len(points), photos_used=used, photos_rejected=rejected)
    verdict = rules_of(inspection.mode).judge(points, coverage, inspection.capture_context)
    overlays = _store_overlays(inspection, points, engine.model_version)
    _deliver(held, inspection.owner_id, verdict, points, coverage, overlays, engine.model_version)


def _examine(inspection: Inspection, engine: Engine, held: Claim) -> Iterator[tuple[SeenPoint, int, int]]:
    """Each photographed point with how many of its photos were used and rejected, one point in memory at a time."""
    done = 0
    for slot in inspection.slots.all():
        assets = _pinned(slot)
        if not assets:
            continue
        photos: list[Photo] = []
        for asset in assets:
            content = evidence.freeze(asset, inspection=inspection, held=held)
            if content is not None:
                photos.append(Photo(asset_id=str(asset.pk), angle=asset.angle, content=content))
            done += 1
            lifecycle.renew(held, photos_done=done)
        finding = _examine_point(engine, slot, photos, inspection.capture_context)
        seen = SeenPoint(point_index=slot.point_index, label=slot.label, finding=finding)
        yield seen, len(photos), len(assets) - len(photos)


def _pinned(slot: CaptureSlot) -> list[MediaAsset]:
    """What was submitted of this point, in capture order."""
    assets = slot.assets.filter(superseded_at=None).exclude(pinned_etag="")
    return sorted(assets, key=lambda asset: slot.required_angles.index(asset.angle))


def _examine_point(
    engine: Engine, slot: CaptureSlot, photos: list[Photo], context: Mapping[str, str]
) -> PointFinding | None:
    if not photos:
        return None
    return engine.examine(Point(point_index=slot.point_index, photos=tuple(photos)), context=context)


def _store_overlays(inspection: Inspection, points: list[SeenPoint], model_version: str) -> dict[int, str]:
    """The marked-up photo of each examined point; the same point and model always land on the same key."""
    uris = {}
    for point in points:
        if point.finding is not None:
            uri = f"{inspection.key_prefix}overlay/{model_version}/{point.point_index}.png"
            object_store().write(uri, point.finding.overlay_png, content_type="image/png")
            uris[point.point_index] = uri
    return uris


@transaction.atomic
def _deliver(
    held: Claim,
    owner_id: uuid.UUID,
    verdict: Verdict,
    points: list[SeenPoint],
    coverage: Coverage,
    overlays: dict[int, str],
    model_version: str,
) -> None:
    """Result, statuses and credit in one transaction, by the attempt that holds the lease. Raises `LeaseLost`."""
    entitlements.lock(owner_id)
    inspection = lifecycle.complete(held)
    rules = rules_of(inspection.mode)
    for entry in verdict.block[rules.block_items]:
        entry["overlay_uri"] = overlays.get(entry["point_index"])
    Result.objects.create(
        inspection=inspection,
        mode=inspection.mode,
        signal_detected=verdict.signal_detected,
        confidence_level=verdict.confidence_level,
        guidance=verdict.guidance,
        worst_band=verdict.worst_band,
        explanation=verdict.explanation,
        disclaimer=verdict.disclaimer,
        coverage={
            "points": coverage.points,
            "photos_used": coverage.photos_used,
            "photos_rejected": coverage.photos_rejected,
        },
        corrosion=verdict.block if inspection.mode == Mode.CORROSION else None,
        osmosis=verdict.block if inspection.mode == Mode.OSMOSIS else None,
        signals=[_for_staff(point.finding) for point in points if point.finding is not None],
        model_version=model_version,
    )
    rules.access.settle_delivered(
        owner=owner_id, inspection_id=inspection.pk, access=access_of(inspection), usable=coverage.photos_used > 0
    )


def _for_staff(finding: PointFinding) -> dict[str, object]:
    """Signals, measurements and reasons of one point: kept, never returned to an owner."""
    return {
        "point_index": finding.point_index,
        "signal_detected": finding.signal_detected,
        "confidence": finding.confidence,
        "signals": [{"type": signal.type, "strength": signal.strength} for signal in finding.signals],
        "measurements": [
            {"name": m.name, "value": m.value, "low": m.low, "high": m.high, "unit": m.unit}
            for m in dict.fromkeys((finding.extent, *finding.measurements))
        ],
        "reasons": list(finding.reasons),
        "overlay_asset_id": finding.overlay_asset_id,
    }
