"""From rows to bodies. Links are made here, absolute and fresh each time."""

from typing import Any

from rest_framework.request import Request

from corrosion.models import Comparison
from inspections.models import Inspection
from maretech.common.http.output import view_url


def history(page: list[Inspection], following: str | None) -> dict[str, Any]:
    return {"inspections": [_history_item(inspection) for inspection in page], "next": following}


def _history_item(inspection: Inspection) -> dict[str, Any]:
    return {
        "inspection_id": inspection.pk,
        "created_at": inspection.created_at,
        "confidence_level": inspection.result.confidence_level,
        "signal_detected": inspection.result.signal_detected,
        "label": inspection.label,
        "vessel_label": inspection.vessel_label,
    }


def pending(comparison: Comparison) -> dict[str, Any]:
    return {**_pair(comparison), "status": "pending"}


def compared(comparison: Comparison, request: Request) -> dict[str, Any]:
    return {
        **_pair(comparison),
        "comparable": comparison.comparable,
        "trend": comparison.trend,
        "reasons": comparison.reasons,
        "points": [_point(entry, request) for entry in comparison.points],
        "explanation": comparison.explanation,
    }


def _pair(comparison: Comparison) -> dict[str, Any]:
    return {"from": comparison.before_id, "to": comparison.after_id}


def _point(entry: dict[str, Any], request: Request) -> dict[str, Any]:
    return {
        "point_index": entry["point_index"],
        "trend": entry["trend"],
        "reasons": entry["reasons"],
        "from_photo_url": view_url(entry["from_photo_uri"], request),
        "to_photo_url": view_url(entry["to_photo_uri"], request),
        "overlay_url": view_url(entry["overlay_uri"], request),
    }
