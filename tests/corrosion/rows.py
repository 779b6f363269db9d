"""Completed corrosion inspections as rows, with evidence in the store, and a phone that may look back."""

import hashlib
from typing import Any
from uuid import uuid4

from corrosion.comparison.compute import compute
from corrosion.models import Comparison
from inspections.models import Inspection
from maretech.common.storage import object_store
from testing.factories import AssetFactory, InspectionFactory, SlotFactory, deliver_result


def subscribe(phone, *, active: bool = True) -> None:
    assert phone.post("/subscriptions/corrosion/mock", {"active": active}).status_code == 200


def completed(owner, **changes: Any) -> Inspection:
    """Create a completed corrosion inspection; no point of its result has a usable photo."""
    inspection = InspectionFactory.create(owner=owner, completed=True, **changes)
    deliver_result(inspection)
    return inspection


def visit(
    owner,
    *points: dict[str, Any],
    vessel_label: str = "Tern",
    model_version: str = "stub-1",
    **changes: Any,
) -> Inspection:
    """Create a completed corrosion inspection with `points`, each as `point` describes it."""
    inspection = InspectionFactory.create(owner=owner, completed=True, vessel_label=vessel_label, **changes)
    entries, findings = [], []
    for index, described in enumerate(points, start=1):
        entries.append(_entry(inspection, index, described))
        if described["photos"]:
            findings.append(_finding(index, described, _keep(inspection, index, described["photos"])))
    deliver_result(inspection, corrosion={"points": entries}, signals=findings, model_version=model_version)
    return inspection


def point(area: float = 5, *, signal: str = "yes", label: str = "", **photos: bytes) -> dict[str, Any]:
    """Return one point: the area in percent that was measured at the inspection, and its photos by angle."""
    return {"area": area, "signal": signal, "label": label, "photos": photos}


def body_of(phone, before, after) -> Any:
    """Return the answer after the worker has finished."""
    first = compare(phone, before, after)
    if first.status_code == 200:
        return first.json()
    work_off()
    second = compare(phone, before, after)
    assert second.status_code == 200, second.content
    return second.json()


def compare(phone, before, after) -> Any:
    return phone.get(f"/corrosion/compare?from={_id(before)}&to={_id(after)}")


def work_off() -> None:
    for pk in Comparison.objects.filter(state="pending").values_list("pk", flat=True):
        compute(pk)


def _id(inspection: Any) -> Any:
    return inspection.pk if isinstance(inspection, Inspection) else inspection


def _keep(inspection: Inspection, index: int, photos: dict[str, bytes]) -> str:
    """Store the evidence; return the first photo's id, the one that the overlay marks."""
    slot = SlotFactory.create(inspection=inspection, point_index=index)
    ids = []
    for angle, content in photos.items():
        pk = uuid4()
        key = f"{inspection.key_prefix}evidence/{pk}"
        object_store().write(key, content, content_type="image/png")
        AssetFactory.create(
            id=pk,
            slot=slot,
            angle=angle,
            frozen=True,
            evidence_uri=key,
            evidence_sha256=hashlib.sha256(content).hexdigest(),
            view_uri=f"{inspection.key_prefix}view/{pk}.jpg",
        )
        ids.append(str(pk))
    return ids[0]


def _entry(inspection: Inspection, index: int, described: dict[str, Any]) -> dict[str, Any]:
    return {
        "point_index": index,
        "label": described["label"],
        "coverage_band": "light",
        "signal_detected": described["signal"],
        "overlay_uri": f"{inspection.key_prefix}overlay/stub-1/{index}.png" if described["photos"] else None,
    }


def _finding(index: int, described: dict[str, Any], overlay_asset_id: str) -> dict[str, Any]:
    area = described["area"]
    measured = {"name": "area_percent", "value": area, "low": area - 1, "high": area + 1, "unit": "percent"}
    return {
        "point_index": index,
        "signal_detected": described["signal"],
        "confidence": "medium",
        "signals": [],
        "measurements": [measured],
        "reasons": [],
        "overlay_asset_id": overlay_asset_id,
    }
