"""From rows to bodies. Links are made here, absolute and fresh each time."""

from typing import Any

from rest_framework.request import Request

from inspections.api.serializers import PhotoSerializer, SlotUploadSerializer
from inspections.capture import opening
from inspections.lifecycle.status_query import waiting_of
from inspections.models import CaptureSlot, Inspection, MediaAsset, Result
from inspections.modes.registry import rules_of
from maretech.common.http.output import view_url


def opened_inspection(inspection: Inspection, points: int, request: Request) -> dict[str, Any]:
    slots = list(inspection.slots.filter(point_index__lte=points))
    uploads = SlotUploadSerializer(opening.targets(inspection, slots), many=True, context={"request": request}).data
    return {
        "inspection_id": inspection.pk,
        "mode": inspection.mode,
        "status": inspection.status,
        "upload_urls": [upload["url"] for upload in uploads],
        "uploads": uploads,
        "expires_at": inspection.expires_at,
    }


def list_item(inspection: Inspection) -> dict[str, Any]:
    return {
        "inspection_id": inspection.pk,
        "mode": inspection.mode,
        "status": inspection.status,
        "label": inspection.label,
        "created_at": inspection.created_at,
    }


def detail(inspection: Inspection, request: Request) -> dict[str, Any]:
    wait = waiting_of(inspection)
    assets = MediaAsset.objects.filter(slot__inspection=inspection, superseded_at=None)
    by_slot: dict[Any, list[MediaAsset]] = {}
    for asset in assets:
        by_slot.setdefault(asset.slot_id, []).append(asset)
    return {
        **list_item(inspection),
        "vessel_label": inspection.vessel_label,
        "failure_reason": inspection.failure_reason or None,
        "waiting_for": wait.reason,
        "waiting_since": wait.since,
        "expires_at": inspection.expires_at,
        "policy_version": inspection.policy.version,
        "capture_context": inspection.capture_context,
        "slots": [_slot(slot, by_slot.get(slot.pk, []), request) for slot in inspection.slots.all()],
    }


def _slot(slot: CaptureSlot, assets: list[MediaAsset], request: Request) -> dict[str, Any]:
    in_capture_order = sorted(assets, key=lambda asset: slot.required_angles.index(asset.angle))
    return {
        "slot_id": slot.pk,
        "point_index": slot.point_index,
        "label": slot.label,
        "required_angles": slot.required_angles,
        "assets": PhotoSerializer(in_capture_order, many=True, context={"request": request}).data,
    }


def result(row: Result, request: Request) -> dict[str, Any]:
    return {
        "inspection_id": row.inspection_id,
        "mode": row.mode,
        "signal_detected": row.signal_detected,
        "confidence_level": row.confidence_level,
        "guidance": row.guidance,
        "explanation": row.explanation,
        "disclaimer": row.disclaimer,
        "coverage": row.coverage,
        "model_version": row.model_version,
        "created_at": row.created_at,
        row.mode: _block(row, request),
    }


def _block(row: Result, request: Request) -> dict[str, Any]:
    """The mode's own block with its overlay keys as links."""
    items = rules_of(row.mode).block_items
    block: dict[str, Any] = getattr(row, row.mode)
    entries = [
        {name: value for name, value in entry.items() if name != "overlay_uri"}
        | {"overlay_url": view_url(entry["overlay_uri"], request)}
        for entry in block[items]
    ]
    return {items: entries}
