"""Purge deleted drafts and revoked documents from the object store."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from dossiers.models import Dossier, Recording
from dossiers.recordings.limits import WINDOW
from dossiers.vocabulary import DossierStatus
from maretech.common.storage import object_store


def dossiers_to_purge() -> list[UUID]:
    """Return revoked documents with a PDF left, and deleted drafts with objects left or with rows due for deletion."""
    drafts = Q(deleted_at__isnull=False) & (Q(purged_at=None) | ~Exists(_counted()) & Q(deleted_at__lt=_links_ended()))
    revoked = Q(status=DossierStatus.REVOKED) & ~Q(pdf_uri="")
    return list(Dossier.objects.filter(drafts | revoked).order_by("?").values_list("pk", flat=True))


def purge(dossier_id: UUID) -> None:
    """Delete every object of a deleted draft or a revoked document. Safe to run twice.

    The row of a draft is deleted once no upload link can write any more and no limit counts its recordings.
    """
    dossier = Dossier.objects.filter(pk=dossier_id).first()
    if dossier is None or not (dossier.deleted_at or dossier.status == DossierStatus.REVOKED):
        return
    store = object_store()
    store.delete(store.list(dossier.key_prefix))
    if dossier.deleted_at is None:
        Dossier.objects.filter(pk=dossier_id, status=DossierStatus.REVOKED).update(pdf_uri="")
        return
    unneeded = Dossier.objects.filter(~Exists(_counted()), pk=dossier_id, deleted_at__lt=_links_ended())
    if unneeded.exists():
        dossier.delete()
    else:
        Dossier.objects.filter(pk=dossier_id).update(purged_at=timezone.now())


def _links_ended() -> datetime:
    return timezone.now() - timedelta(seconds=settings.UPLOAD_LINK_SECONDS)


def _counted() -> QuerySet[Recording]:
    return Recording.objects.filter(dossier=OuterRef("pk"), created_at__gte=timezone.now() - WINDOW)
