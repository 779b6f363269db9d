"""Photos that nobody will look at again: replaced ones, and those of inspections that were never submitted."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from inspections.choices import FailureReason
from inspections.models import MediaAsset
from maretech.common.retention import Rule
from maretech.common.storage import object_store


def superseded_photos() -> QuerySet[MediaAsset]:
    """Replaced by another before submission, a while ago."""
    return MediaAsset.objects.filter(superseded_at__lt=_horizon(), evidence_uri="")


def abandoned_photos() -> QuerySet[MediaAsset]:
    """Of inspections that ended because nobody submitted them, a while ago."""
    expired = Q(slot__inspection__failure_reason=FailureReason.EXPIRED, slot__inspection__finished_at__lt=_horizon())
    return MediaAsset.objects.filter(expired, slot__inspection__submitted_at=None)


def forget_photos(photos: Iterable[MediaAsset]) -> None:
    """First what lies in the store, then the rows that know where. A copy that another photo shows too stays."""
    known = list(photos)
    ids = [photo.pk for photo in known]
    views = {photo.view_uri for photo in known} - {""}
    shown = MediaAsset.objects.filter(view_uri__in=views).exclude(pk__in=ids).values_list("view_uri", flat=True)
    object_store().delete([*(photo.uri for photo in known), *(views - set(shown))])
    MediaAsset.objects.filter(pk__in=ids).delete()


def _horizon() -> datetime:
    return timezone.now() - timedelta(days=settings.RETENTION_UPLOAD_DAYS)


RULES: Final = (
    Rule("superseded photos", superseded_photos, forget_photos),
    Rule("abandoned photos", abandoned_photos, forget_photos),
)
