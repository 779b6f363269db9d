"""Ghosts: the last accepted photo of each point and angle, from earlier completed visits to the same vessel."""

from typing import Final

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from inspections.models import Inspection, MediaAsset
from inspections.vocabulary import AssetState, InspectionStatus, Mode

# The database sorts these columns of every earlier photo.
_SHOWN: Final = (
    *("angle", "view_uri", "capture", "uploaded_at"),
    *("slot__point_index", "slot__label", "slot__required_angles"),
    *("slot__inspection__owner", "slot__inspection__opened_by"),
)


def ghosts_of(inspection: Inspection) -> list[MediaAsset]:
    """Return the newest accepted photo of each point and angle before this inspection, with its point.

    In the order of points and angles; empty on a first visit. One statement.
    """
    newest_first = Window(
        RowNumber(),
        partition_by=[F("slot__point_index"), F("angle")],
        order_by=[F("slot__inspection__created_at").desc(), F("slot__inspection_id").desc()],
    )
    rows = (
        _accepted(inspection)
        .select_related("slot__inspection")
        .only(*_SHOWN)
        .annotate(age=newest_first)
        .filter(age=1)
        .order_by()
    )
    return sorted(rows, key=lambda row: (row.slot.point_index, row.slot.required_angles.index(row.angle)))


def ghost_for(asset: MediaAsset, inspection: Inspection) -> MediaAsset | None:
    """Return the photo that `ghosts_of` has for the point and angle of this photo."""
    same_place = _accepted(inspection).filter(slot__point_index=asset.slot.point_index, angle=asset.angle)
    newest_first = same_place.order_by("-slot__inspection__created_at", "-slot__inspection_id")
    return newest_first.select_related("slot__inspection").first()


def _accepted(inspection: Inspection) -> QuerySet[MediaAsset, MediaAsset]:
    """Return the photos of earlier visits that can be shown. As in comparisons, a visit's time is its opening."""
    if inspection.vessel_id is None:
        return MediaAsset.objects.none()
    return MediaAsset.objects.filter(
        slot__inspection__vessel=inspection.vessel_id,
        slot__inspection__owner=inspection.owner_id,
        slot__inspection__mode=Mode.CORROSION,
        slot__inspection__status=InspectionStatus.COMPLETED,
        slot__inspection__deleted_at=None,
        slot__inspection__created_at__lt=inspection.created_at,
        superseded_at=None,
        state=AssetState.READY,
    ).exclude(view_uri="")
