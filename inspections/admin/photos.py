"""The photos and overlays of an inspection for staff: our own re-encoded copies, through expiring links."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from inspections.models import CaptureSlot, Findings, Inspection, MediaAsset
from inspections.modes.registry import rules_of
from maretech.common.storage import object_store

# Keys of `quality_meta` that staff see: nothing read from EXIF.
QUALITY = ("width", "height", "sharpness", "lightness", "content_type")
LinkBuilder = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Photograph:
    asset: MediaAsset
    view_url: str
    quality: list[tuple[str, object]]


@dataclass(frozen=True, slots=True)
class PhotographedPoint:
    slot: CaptureSlot
    current: list[Photograph]
    replaced: list[Photograph]


@dataclass(frozen=True, slots=True)
class JudgedPoint:
    """A point of the result: what the owner reads, and what only staff see."""

    point_index: int
    shown_to_owner: list[tuple[str, object]]
    overlay_url: str
    finding: dict[str, Any] | None


def link_builder(request: HttpRequest) -> LinkBuilder:
    """Returns a function that turns an object's key into an absolute link, and an empty key into no link."""

    def link(key: str | None) -> str:
        return request.build_absolute_uri(object_store().presign_view(key)) if key else ""

    return link


def photographed_points(inspection: Inspection, link: LinkBuilder) -> list[PhotographedPoint]:
    """Returns every point with its photos in capture order; replaced photos come last."""
    return [_point(slot, link) for slot in inspection.slots.all()]


def judged_points(result: Findings, link: LinkBuilder) -> list[JudgedPoint]:
    entries: list[dict[str, Any]] = getattr(result, result.mode)[rules_of(result.mode).block_items]
    findings = {finding["point_index"]: finding for finding in result.signals}
    return [
        JudgedPoint(
            entry["point_index"],
            [(name.replace("_", " "), value) for name, value in entry.items() if name not in _ELSEWHERE],
            link(entry["overlay_uri"]),
            findings.get(entry["point_index"]),
        )
        for entry in entries
    ]


_ELSEWHERE = ("point_index", "overlay_uri")


def _point(slot: CaptureSlot, link: LinkBuilder) -> PhotographedPoint:
    photographs = [_photograph(asset, link) for asset in slot.assets.all()]
    current = [photograph for photograph in photographs if photograph.asset.superseded_at is None]
    return PhotographedPoint(
        slot,
        sorted(current, key=lambda photograph: slot.required_angles.index(photograph.asset.angle)),
        [photograph for photograph in photographs if photograph.asset.superseded_at is not None],
    )


def _photograph(asset: MediaAsset, link: LinkBuilder) -> Photograph:
    measured: dict[str, Any] = asset.quality_meta
    quality = [(name, measured[name]) for name in QUALITY if name in measured]
    framing = [(name.replace("_", " "), value) for name, value in (asset.framing or {}).items()]
    return Photograph(asset, link(asset.view_uri), [*quality, *framing])
