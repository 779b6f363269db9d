"""Recordings that are not needed any more leave the object store; their rows keep the transcript for the draft."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from dossiers.models import Dossier, Recording
from maretech.common.storage import object_store
from maretech.common.work.retention import RetentionRule


def discard_recordings(dossier: Dossier, *, with_transcripts: bool) -> None:
    """Discard the recordings of a dossier. Call this in the transaction that ends the need for them."""
    now = timezone.now()
    dossier.recordings.filter(discarded_at=None).update(discarded_at=now)
    if with_transcripts:
        dossier.recordings.exclude(transcript="").update(transcript="")


def recordings_to_purge() -> list[UUID]:
    """Return the discarded recordings with an object left, or with a link that was valid and could write again."""
    links = timedelta(seconds=settings.UPLOAD_LINK_SECONDS)
    # Links are signed again for the same bytes until a recording is discarded.
    again = Q(discarded_at__lt=timezone.now() - links, purged_at__lt=F("discarded_at") + links)
    discarded = Recording.objects.filter(Q(purged_at=None) | again, discarded_at__isnull=False)
    return list(discarded.order_by("?").values_list("pk", flat=True))


def purge_recording(recording_id: UUID) -> None:
    """Delete the object of a discarded recording. Safe to run twice."""
    recording = Recording.objects.exclude(discarded_at=None).filter(pk=recording_id).first()
    if recording is not None:
        object_store().delete([recording.uri])
        Recording.objects.filter(pk=recording_id).update(purged_at=timezone.now())


def _old_recordings() -> QuerySet[Recording]:
    horizon = timezone.now() - timedelta(days=settings.RETENTION_RECORDING_DAYS)
    return Recording.objects.filter(created_at__lt=horizon, discarded_at=None)


def _discard(recordings: QuerySet[Recording]) -> None:
    recordings.update(discarded_at=timezone.now())


RULES: Final = (RetentionRule("recordings", _old_recordings, _discard),)
