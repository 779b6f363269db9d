"""One completed inspection as a visit of the document; it has no words of either mode."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from dossiers.document.content import CaptureFacts, Language, PhotoFacts, PointFacts, Timeline, Visit
from inspections.models import CaptureSlot, Inspection, MediaAsset, Result
from inspections.vocabulary import Angle, AssetState, ConfidenceLevel, SignalDetected
from maretech.common.text import instant_of
from vessels.models import Vessel

_ANGLES = Angle.values()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeFacts:
    """What one mode knows of a visit: the name of its points and bands, and what only this mode prints."""

    items: str
    band: str
    hours_ashore: Callable[[Mapping[str, Any]], float | None]
    timeline: Callable[[Vessel, Sequence[UUID], Language], Timeline | None]


@dataclass(slots=True)
class PictureKeys:
    """Where the pictures of each photo are in the object store: the display copy, and the marked-up one."""

    views: dict[UUID, str] = field(default_factory=dict)
    overlays: dict[UUID, str] = field(default_factory=dict)


def visit_of(inspection: Inspection, *, of_mode: ModeFacts, keys: PictureKeys) -> Visit:
    """Return the visit without pictures, and add to `keys` where they are."""
    result = inspection.result
    block = getattr(result, inspection.mode)
    entries = {entry["point_index"]: entry for entry in block[of_mode.items]}
    findings = {finding["point_index"]: finding for finding in result.signals}
    slots = [slot for slot in inspection.slots.all() if slot.point_index in entries]
    assert inspection.submitted_at is not None
    assert inspection.finished_at is not None
    return Visit(
        inspection_id=inspection.pk,
        submitted_at=inspection.submitted_at,
        completed_at=inspection.finished_at,
        signal_detected=SignalDetected(result.signal_detected),
        confidence_level=ConfidenceLevel(result.confidence_level),
        guidance=tuple(result.guidance),
        explanation=result.explanation,
        disclaimer=result.disclaimer,
        model_version=result.model_version,
        policy_version=inspection.policy.version,
        points=tuple(
            _point(slot, entries[slot.point_index], findings.get(slot.point_index, {}), of_mode, keys) for slot in slots
        ),
        context=_context(inspection, result, of_mode),
        label=inspection.label,
    )


def _point(
    slot: CaptureSlot, entry: Mapping[str, Any], finding: Mapping[str, Any], of_mode: ModeFacts, keys: PictureKeys
) -> PointFacts:
    photos = sorted(filter(_is_listed, slot.assets.all()), key=lambda asset: _ANGLES.index(asset.angle))
    for asset in photos:
        keys.views[asset.pk] = asset.view_uri
    marked = finding.get("overlay_asset_id")
    if marked and entry.get("overlay_uri"):
        keys.overlays[UUID(marked)] = entry["overlay_uri"]
    return PointFacts(
        point_index=slot.point_index,
        label=entry["label"],
        band=entry[of_mode.band],
        signal_detected=SignalDetected(entry["signal_detected"]),
        photos=tuple(map(_photo, photos)),
        confidence_level=ConfidenceLevel(finding["confidence"]) if "confidence" in finding else None,
        doubts=tuple(finding.get("reasons", ())),
    )


def _is_listed(asset: MediaAsset) -> bool:
    """Return whether the photo was submitted, and is known by its hash."""
    return asset.superseded_at is None and bool(_sha256(asset))


def _sha256(asset: MediaAsset) -> str:
    return asset.evidence_sha256 or asset.checked_sha256


def _photo(asset: MediaAsset) -> PhotoFacts:
    is_used = asset.state == AssetState.READY and bool(asset.evidence_uri)
    capture = asset.shown_capture
    return PhotoFacts(
        asset_id=asset.pk,
        angle=asset.angle,
        sha256=_sha256(asset),
        used=is_used,
        reasons=() if is_used else tuple(asset.retake_reasons),
        warnings=tuple(asset.warnings),
        taken_at=instant_of(capture.get("captured_at", "")),
        received_at=asset.uploaded_at,
        content_type=asset.content_type,
        byte_size=asset.pinned_size or asset.byte_size,
        device_model=capture.get("device_model", ""),
        os=capture.get("os", ""),
        app_version=capture.get("app_version", ""),
    )


def _context(inspection: Inspection, result: Result, of_mode: ModeFacts) -> CaptureFacts:
    noted = inspection.shown_context
    return CaptureFacts(
        hull_material=noted.get("hull_material", ""),
        surface=noted.get("surface", ""),
        antifouling=noted.get("antifouling", ""),
        region_text=noted.get("region_text", ""),
        hauled_out_at=instant_of(noted.get("hauled_out_at", "")),
        hours_ashore=of_mode.hours_ashore(getattr(result, inspection.mode)),
    )
