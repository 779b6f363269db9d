"""Load the visits that a comparison needs from the database, in four statements."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from corrosion.comparison.baselines import Baselines, baselines_of
from corrosion.judgement.comparability import Visit, VisitPhoto, VisitPoint
from inspections.lifecycle.vessel_links import ensure_vessel
from inspections.models import Inspection, MediaAsset, Result
from inspections.vocabulary import AssetState

Photos = Mapping[tuple[UUID, int], Mapping[str, VisitPhoto]]


def visits_of(*inspections: Inspection) -> list[Visit]:
    """Returns the visits of completed corrosion inspections of one owner, in the given order.

    One that has no vessel yet gets it here, because inspections are compared by their vessels.
    """
    for inspection in inspections:
        ensure_vessel(inspection)
    ids = [inspection.pk for inspection in inspections]
    results = Result.objects.in_bulk(ids)
    photos = _usable_photos(ids)
    baselines = baselines_of(inspections[0].owner_id, (each.vessel_id for each in inspections))
    return [_visit(inspection, results[inspection.pk], photos, baselines) for inspection in inspections]


def _usable_photos(ids: Iterable[UUID]) -> Photos:
    """Return every analysed photo, with its frozen bytes, by inspection and point, in capture order."""
    rows = (
        MediaAsset.objects.filter(slot__inspection__in=ids, superseded_at=None, state=AssetState.READY)
        .exclude(evidence_uri="")
        .select_related("slot")
    )
    photos: dict[tuple[UUID, int], dict[str, VisitPhoto]] = {}
    for row in sorted(rows, key=lambda row: row.slot.required_angles.index(row.angle)):
        photos.setdefault((row.slot.inspection_id, row.slot.point_index), {})[row.angle] = VisitPhoto(
            asset_id=str(row.pk), sha256=row.evidence_sha256, evidence_uri=row.evidence_uri, view_uri=row.view_uri
        )
    return photos


def _visit(inspection: Inspection, result: Result, photos: Photos, baselines: Baselines) -> Visit:
    found = {entry["point_index"]: entry for entry in result.signals}
    assert result.corrosion is not None
    points = {}
    for entry in result.corrosion["points"]:
        index = entry["point_index"]
        points[index] = _point(entry, found.get(index, {}), photos.get((inspection.pk, index), {}))
    material = inspection.capture_context.get("hull_material", "")
    vessel_id = str(inspection.vessel_id) if inspection.vessel_id else None
    return Visit(
        vessel_id=vessel_id,
        hull_material=material,
        points=points,
        days=baselines.days_of(inspection.created_at, inspection.submitted_at),
        surface_works=baselines.works.get(inspection.vessel_id, ()) if inspection.vessel_id else (),
    )


def _point(entry: dict[str, Any], finding: dict[str, Any], photos: Mapping[str, VisitPhoto]) -> VisitPoint:
    return VisitPoint(
        label=entry["label"],
        photos=photos,
        overlay_asset_id=finding.get("overlay_asset_id", ""),
        overlay_uri=entry["overlay_uri"],
    )
