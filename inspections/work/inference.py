"""Run an engine on an inspection's photographs, independent of caller and storage.

Writes no rows: the worker delivers the output as the result, a shadow run stores it beside the result.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from inspections.engines.findings import Photo, Point
from inspections.media_types import format_names
from inspections.models import CaptureSlot, Inspection, MediaAsset
from inspections.modes.base import Assessment, Coverage, PointResult, RejectedPhoto
from inspections.modes.registry import rules_of
from maretech.common.http.fields import CLOCK_TOLERANCE
from maretech.common.storage import object_store
from maretech.common.text import instant_of

if TYPE_CHECKING:
    from inspections.engines.base import Engine

NO_USABLE_PHOTO = "no_usable_photo"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmittedPoint:
    """One submitted point: the photos to analyse, in capture order, and the rejected ones."""

    point_index: int
    label: str
    photos: tuple[Photo, ...]
    taken_at: tuple[datetime, ...]
    rejected_photos: tuple[RejectedPhoto, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InferenceResult:
    """The output of one model for one inspection."""

    model_version: str
    points: list[PointResult]
    coverage: Coverage
    assessment: Assessment


def photographed_slots(inspection: Inspection) -> Iterator[tuple[CaptureSlot, list[MediaAsset]]]:
    """Returns each point with submitted photos, in capture order."""
    for slot in inspection.slots.all():
        pinned = slot.assets.filter(superseded_at=None).exclude(pinned_etag="")
        if assets := sorted(pinned, key=lambda asset: slot.required_angles.index(asset.angle)):
            yield slot, assets


def submitted_point(slot: CaptureSlot, assets: list[MediaAsset], contents: Iterable[bytes | None]) -> SubmittedPoint:
    """Return the point with its bytes; a photo without bytes is rejected, for the reasons recorded on it."""
    formats = format_names(slot.inspection.policy.content_types)
    photos: list[Photo] = []
    taken_at: list[datetime] = []
    rejected_photos: list[RejectedPhoto] = []
    for asset, content in zip(assets, contents, strict=True):
        if content is None:
            rejected_photos.append(
                RejectedPhoto(angle=asset.angle, reasons=tuple(asset.retake_reasons), formats=formats)
            )
        else:
            photos.append(Photo(asset_id=str(asset.pk), angle=asset.angle, content=content))
            taken_at.append(_taken_at(asset, slot.inspection))
    return SubmittedPoint(
        point_index=slot.point_index,
        label=slot.label,
        photos=tuple(photos),
        taken_at=tuple(taken_at),
        rejected_photos=tuple(rejected_photos),
    )


def _taken_at(asset: MediaAsset, inspection: Inspection) -> datetime:
    """Return when the phone says that it took the photo.

    Without its word, or with a clock that is ahead of ours, it is when the photo arrived: at the latest with the
    submission, because the upload link reports nothing.
    """
    reported = asset.uploaded_at or asset.created_at
    arrived_at = min(reported, inspection.submitted_at) if inspection.submitted_at else reported
    captured_at = instant_of(asset.capture.get("captured_at", ""))
    return captured_at if captured_at and captured_at <= arrived_at + CLOCK_TOLERANCE else arrived_at


def run_inference(inspection: Inspection, points: Iterable[SubmittedPoint], *, engine: "Engine") -> InferenceResult:
    """Run the engine on every point, and assess them by the mode's rules. One point is in memory at a time."""

    def examine(point: SubmittedPoint) -> PointResult:
        return _examine(engine, point, inspection.capture_context)

    # `map`, because a loop variable would keep the last point's bytes alive while the next ones are read.
    results = list(map(examine, points))
    coverage = Coverage(
        points=len(results),
        photos_used=sum(point.photos_used for point in results),
        photos_rejected=sum(len(point.rejected_photos) for point in results),
    )
    assessment = rules_of(inspection.mode).assess(results, coverage, inspection.capture_context)
    return InferenceResult(model_version=engine.model_version, points=results, coverage=coverage, assessment=assessment)


def store_overlays(points: Iterable[PointResult], *, prefix: str) -> dict[int, str]:
    """Store the marked-up photo of each examined point below the prefix, which is unique to this attempt."""
    uris = {}
    for point in points:
        if point.finding is not None:
            uri = f"{prefix}{point.point_index}.png"
            object_store().write(uri, point.finding.overlay_png, content_type="image/png")
            uris[point.point_index] = uri
    return uris


def result_fields(inference: InferenceResult, *, mode: str, overlays: Mapping[int, str]) -> dict[str, Any]:
    """Return the fields of `Findings`, the mode's block with the keys of its overlays."""
    assessment, items = inference.assessment, rules_of(mode).block_items
    entries = [entry | {"overlay_uri": overlays.get(entry["point_index"])} for entry in assessment.block[items]]
    return {
        "mode": mode,
        "signal_detected": assessment.signal_detected,
        "confidence_level": assessment.confidence_level,
        "guidance": assessment.guidance,
        "worst_band": assessment.worst_band,
        "explanation": assessment.explanation,
        "disclaimer": assessment.disclaimer,
        "coverage": asdict(inference.coverage),
        mode: {**assessment.block, items: entries},
        "signals": [_staff_findings(point) for point in inference.points],
        "model_version": inference.model_version,
    }


def _examine(engine: "Engine", point: SubmittedPoint, context: Mapping[str, str]) -> PointResult:
    finding = None
    if point.photos:
        finding = engine.examine(Point(point_index=point.point_index, photos=point.photos), context=context)
    return PointResult(
        point_index=point.point_index,
        label=point.label,
        finding=finding,
        photos_used=len(point.photos),
        taken_at=point.taken_at,
        rejected_photos=point.rejected_photos,
    )


def _staff_findings(point: PointResult) -> dict[str, Any]:
    """Return signals, measurements and reasons of one point: stored, never returned to an owner."""
    finding = point.finding
    measurements = dict.fromkeys((finding.extent, *finding.measurements)) if finding else ()
    return {
        "point_index": point.point_index,
        "signal_detected": point.signal_detected,
        "confidence": point.confidence,
        "signals": [asdict(signal) for signal in finding.signals] if finding else [],
        "measurements": [asdict(measurement) for measurement in measurements],
        "reasons": list(finding.reasons) if finding else [NO_USABLE_PHOTO],
        "overlay_asset_id": finding.overlay_asset_id if finding else "",
        "left_out": [{"angle": photo.angle, "reasons": list(photo.reasons)} for photo in point.rejected_photos],
    }
