"""The points and photos of one inspection, as its owner sees them."""

from django.db.models import Prefetch, prefetch_related_objects

from inspections.lifecycle.status_query import waiting_of
from inspections.models import Inspection, MediaAsset


def load_detail(inspection: Inspection) -> Inspection:
    """Load points and photos in two statements, for `InspectionDetailSerializer`.

    Sets `wait` of the inspection, and `photos` of each point: the current ones, in the order of its angles.
    """
    current = MediaAsset.objects.filter(superseded_at=None)
    prefetch_related_objects([inspection], Prefetch("slots__assets", queryset=current, to_attr="photos"))
    for slot in inspection.slots.all():
        photos: list[MediaAsset] = slot.photos  # type: ignore[attr-defined]
        photos.sort(key=lambda photo, angles=slot.required_angles: angles.index(photo.angle))  # type: ignore[misc]
    inspection.wait = waiting_of(inspection)  # type: ignore[attr-defined]
    return inspection
