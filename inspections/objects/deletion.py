"""Purge deleted inspections from the object store, then from the database."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from inspections.capture import upload_limits
from inspections.models import Inspection, MediaAsset
from maretech.common.storage import object_store


def unpurged_inspections() -> QuerySet[Inspection]:
    """Returns deleted inspections with objects left in the store."""
    return Inspection.objects.filter(deleted_at__isnull=False, purged_at=None)


def inspections_to_purge() -> list[uuid.UUID]:
    """Returns deleted inspections with objects left, or with a link that was still valid and could write again.

    Includes those with rows due for deletion.
    """
    purged = Inspection.objects.filter(deleted_at__isnull=False, purged_at__isnull=False)
    links = timedelta(seconds=settings.UPLOAD_LINK_SECONDS)
    again = purged.filter(deleted_at__lt=timezone.now() - links, purged_at__lt=F("deleted_at") + links)
    uncounted = purged.filter(deleted_at__lt=timezone.now() - links).exclude(Exists(_counted()))
    # Unordered: a round ends after some seconds, and an inspection that hangs must not come first in each round.
    parts = (unpurged_inspections(), again, uncounted)
    return [pk for rows in parts for pk in rows.order_by("?").values_list("pk", flat=True)]


def purge(inspection_id: uuid.UUID) -> None:
    """Delete every object of a deleted inspection.

    Its rows are deleted once no upload link can write any more and no limit counts its photos (`upload_limits`):
    otherwise deletion would reset the owner's daily upload limit.
    """
    inspection = Inspection.objects.exclude(deleted_at=None).filter(pk=inspection_id).first()
    if inspection is None:
        return
    store = object_store()
    store.delete(store.list(inspection.key_prefix))
    with transaction.atomic():
        assert inspection.deleted_at is not None
        links = timedelta(seconds=settings.UPLOAD_LINK_SECONDS)
        is_counted = Inspection.objects.filter(Exists(_counted()), pk=inspection_id).exists()
        if inspection.deleted_at < timezone.now() - links and not is_counted:
            inspection.delete()
        else:
            Inspection.objects.filter(pk=inspection_id).update(purged_at=timezone.now())


def _counted() -> QuerySet[MediaAsset]:
    since = timezone.now() - upload_limits.WINDOW
    return MediaAsset.objects.filter(slot__inspection=OuterRef("pk"), created_at__gte=since)
