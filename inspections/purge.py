"""Deleted inspections really leave the object store, and then the database."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from inspections.models import Inspection
from maretech.common.storage import object_store


def unpurged() -> QuerySet[Inspection]:
    """Deleted ones whose objects are still there."""
    return Inspection.objects.filter(deleted_at__isnull=False, purged_at=None)


def inspections_to_purge() -> list[uuid.UUID]:
    """Deleted ones whose objects are still there, or could have come back over an upload link that was still valid."""
    deleted = Inspection.objects.exclude(deleted_at=None)
    again = deleted.filter(deleted_at__lt=_all_links_expired(), purged_at__isnull=False)
    # In no order: a round ends after some seconds, and whatever hangs must not be first in every one.
    return [pk for rows in (unpurged(), again) for pk in rows.order_by("?").values_list("pk", flat=True)]


def purge(inspection_id: uuid.UUID) -> None:
    """Delete every object of a deleted inspection; its rows go once no upload link can write any more."""
    inspection = Inspection.objects.exclude(deleted_at=None).filter(pk=inspection_id).first()
    if inspection is None:
        return
    store = object_store()
    store.delete(store.list(inspection.key_prefix))
    with transaction.atomic():
        assert inspection.deleted_at is not None
        if inspection.deleted_at < _all_links_expired():
            inspection.delete()
        else:
            Inspection.objects.filter(pk=inspection_id).update(purged_at=timezone.now())


def _all_links_expired() -> datetime:
    return timezone.now() - timedelta(seconds=settings.UPLOAD_LINK_SECONDS)
