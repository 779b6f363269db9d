"""Daily limits of announced photos and bytes per owner, which bound an owner's share of the object store.

Photos that came with a vessel do not count: another person announced them.

A link without a declared length counts with the largest photo its policy allows. Replaced and deleted photos count too,
because a link may still write them. Uploaded photos stay, and submission is never refused.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Min, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from inspections.errors import TooManyUploads
from inspections.models import Inspection, MediaAsset

WINDOW: Final = timedelta(days=1)
TOO_MANY_FOR_ANGLE: Final = "TOO_MANY_UPLOADS_FOR_ANGLE"
TOO_MANY_BYTES_IN_INSPECTION: Final = "TOO_MANY_BYTES_IN_INSPECTION"
TOO_MANY_OF_OWNER: Final = "TOO_MANY_UPLOADS_OF_OWNER"


def refuse_beyond_limits(
    inspection: Inspection, *, photos: int, byte_size: int, slot_id: UUID | None = None, angle: str = ""
) -> None:
    """Check `photos` more photos of `byte_size` together; slot and angle are given if one replaces another.

    Raises `TooManyUploads`. The caller holds the owner's lock until the photos are recorded.
    """
    now = timezone.now()
    used = _used(inspection, since=now - WINDOW, of_angle=Q(slot=slot_id, angle=angle))
    for reason, oldest_at in _exceeded(used, photos, byte_size):
        waits = oldest_at + WINDOW - now if oldest_at else WINDOW
        raise TooManyUploads(reason=reason, retry_after=round(waits.total_seconds()) + 1)


def _used(inspection: Inspection, *, since: datetime, of_angle: Q) -> dict[str, Any]:
    """One statement. No photo can be announced after its inspection has closed."""
    opened_since = since - timedelta(hours=settings.INSPECTION_OPEN_HOURS)
    announced = MediaAsset.objects.filter(
        Q(slot__inspection__opened_by=None) | Q(slot__inspection__opened_by=inspection.owner_id),
        slot__inspection__owner=inspection.owner_id,
        slot__inspection__created_at__gte=opened_since,
        created_at__gte=since,
    ).order_by()
    length, here = Coalesce("byte_size", "slot__inspection__policy__max_bytes"), Q(slot__inspection=inspection.pk)
    return announced.aggregate(
        photos=Count("pk"),
        bytes_of_owner=Sum(length, default=0),
        oldest_at=Min("created_at"),
        bytes_here=Sum(length, filter=here, default=0),
        oldest_here_at=Min("created_at", filter=here),
        photos_of_angle=Count("pk", filter=of_angle),
        oldest_of_angle_at=Min("created_at", filter=of_angle),
    )


def _exceeded(used: dict[str, Any], photos: int, byte_size: int) -> Iterator[tuple[str, datetime | None]]:
    if used["photos_of_angle"] >= settings.UPLOADS_PER_ANGLE:
        yield TOO_MANY_FOR_ANGLE, used["oldest_of_angle_at"]
    if used["bytes_here"] + byte_size > settings.UPLOAD_BYTES_PER_INSPECTION:
        yield TOO_MANY_BYTES_IN_INSPECTION, used["oldest_here_at"]
    too_many = used["photos"] + photos > settings.UPLOADS_PER_OWNER
    if too_many or used["bytes_of_owner"] + byte_size > settings.UPLOAD_BYTES_PER_OWNER:
        yield TOO_MANY_OF_OWNER, used["oldest_at"]
