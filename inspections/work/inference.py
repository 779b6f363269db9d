"""The analysis proper: run an engine on an inspection's photographs, independent of caller and storage.

Writes no rows: the worker delivers the output as the result, a shadow run stores it beside the result.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from inspections.engines.base import Engine, Photo, Point
from inspections.media_types import format_names
from inspections.models import CaptureSlot, Inspection, MediaAsset
from inspections.modes.base import Coverage, LeftOut, SeenPoint, Verdict
from inspections.modes.registry import rules_of
from maretech.common.storage import object_store

NO_USABLE_PHOTO = "no_usable_photo"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmittedPoint:
    """One submitted point: the photos to judge, in capture order, and those that cannot be judged."""

    point_index: int
    label: str
    photos: tuple[Photo, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """One model's answer for one inspection."""

    model_version: str
    points: list[SeenPoint]
    coverage: Coverage
    verdict: Verdict


def photographed(inspection: Inspection) -> Iterator[tuple[CaptureSlot, list[MediaAsset]]]:
    """Returns each point with submitted photos, in capture order."""
    for slot in inspection.slots.all():
        pinned = slot.assets.filter(superseded_at=None).exclude(pinned_etag="")
        if assets := sorted(pinned, key=lambda asset: slot.required_angles.index(asset.angle)):
            yield slot, assets


def submitted_point(slot: CaptureSlot, assets: list[MediaAsset], contents: Iterable[bytes | None]) -> SubmittedPoint:
    """Returns the point with its bytes; a photo without bytes is left out, for the reasons recorded on it."""
    formats = format_names(slot.inspection.policy.content_types)
    photos: list[Photo] = []
    left_out: list[LeftOut] = []
    for asset, content in zip(assets, contents, strict=True):
        if content is None:
            left_out.append(LeftOut(angle=asset.angle, reasons=tuple(asset.retake_reasons), formats=formats))
        else:
            photos.append(Photo(asset_id=str(asset.pk), angle=asset.angle, content=content))
    return SubmittedPoint(
        point_index=slot.point_index, label=slot.label, photos=tuple(photos), left_out=tuple(left_out)
    )


def examine(inspection: Inspection, points: Iterable[SubmittedPoint], *, engine: Engine) -> Examined:
    """Run the engine on every point, and the mode's verdict over them. One point is in memory at a time."""

    def see(point: SubmittedPoint) -> SeenPoint:
        return _see(engine, point, inspection.capture_context)

    # `map`, because a loop variable would keep the last point's bytes alive while the next ones are read.
    seen = list(map(see, points))
    coverage = Coverage(
        points=len(seen),
        photos_used=sum(point.photos_used for point in seen),
        photos_rejected=sum(len(point.left_out) for point in seen),
    )
    verdict = rules_of(inspection.mode).judge(seen, coverage, inspection.capture_context)
    return Examined(model_version=engine.model_version, points=seen, coverage=coverage, verdict=verdict)


def store_overlays(points: Iterable[SeenPoint], *, prefix: str) -> dict[int, str]:
    """Store the marked-up photo of each examined point below the prefix, which is unique to this attempt."""
    uris = {}
    for point in points:
        if point.finding is not None:
            uri = f"{prefix}{point.point_index}.png"
            object_store().write(uri, point.finding.overlay_png, content_type="image/png")
            uris[point.point_index] = uri
    return uris


def as_row(examined: Examined, *, mode: str, overlays: Mapping[int, str]) -> dict[str, Any]:
    """The fields of `Findings`, the mode's block with its overlays' keys."""
    verdict, items = examined.verdict, rules_of(mode).block_items
    entries = [entry | {"overlay_uri": overlays.get(entry["point_index"])} for entry in verdict.block[items]]
    return {
        "mode": mode,
        "signal_detected": verdict.signal_detected,
        "confidence_level": verdict.confidence_level,
        "guidance": verdict.guidance,
        "worst_band": verdict.worst_band,
        "explanation": verdict.explanation,
        "disclaimer": verdict.disclaimer,
        "coverage": asdict(examined.coverage),
        mode: {items: entries},
        "signals": [_for_staff(point) for point in examined.points],
        "model_version": examined.model_version,
    }


def _see(engine: Engine, point: SubmittedPoint, context: Mapping[str, str]) -> SeenPoint:
    finding = None
    if point.photos:
        finding = engine.examine(Point(point_index=point.point_index, photos=point.photos), context=context)
    return SeenPoint(
        point_index=point.point_index,
        label=point.label,
        finding=finding,
        photos_used=len(point.photos),
        left_out=point.left_out,
    )


def _for_staff(point: SeenPoint) -> dict[str, Any]:
    """Signals, measurements and reasons of one point: stored, never returned to an owner."""
    finding = point.finding
    measured = dict.fromkeys((finding.extent, *finding.measurements)) if finding else ()
    return {
        "point_index": point.point_index,
        "signal_detected": point.signal_detected,
        "confidence": point.confidence,
        "signals": [asdict(signal) for signal in finding.signals] if finding else [],
        "measurements": [asdict(measurement) for measurement in measured],
        "reasons": list(finding.reasons) if finding else [NO_USABLE_PHOTO],
        "overlay_asset_id": finding.overlay_asset_id if finding else "",
        "left_out": [{"angle": photo.angle, "reasons": list(photo.reasons)} for photo in point.left_out],
    }
