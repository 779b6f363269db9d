"""Delete the objects of dossiers that no row claims: of killed attempts, and of links that wrote after a deletion."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Final

import structlog
from django.conf import settings
from django.utils import timezone

from dossiers.models import DOSSIERS, Dossier, Recording
from maretech.common.storage import object_store

CHUNK: Final = 500
# More unclaimed objects than this, and more than are claimed: the database does not belong to this store.
MAX_UNKNOWN: Final = 50

log = structlog.get_logger(__name__)


def collect_garbage() -> list[str]:
    """Delete what is too old for an upload or a rendering to claim. Returns the deleted keys. Safe at any time.

    Each object is written under a unique name, and its row claims it before it is old: so an old object without a row
    can never be claimed later.
    """
    orphans, claimed_count = [], 0
    horizon = timezone.now() - timedelta(hours=settings.ORPHAN_AGE_HOURS)
    old = (entry.key for entry in object_store().entries(DOSSIERS) if entry.modified_at < horizon)
    for keys in chunks(old):
        claimed = claimed_keys(keys)
        claimed_count += len(claimed)
        orphans += [key for key in keys if key not in claimed]
    if len(orphans) > max(MAX_UNKNOWN, claimed_count):
        log.error("most objects are of no dossier in this database: nothing is deleted", unknown=len(orphans))
        return []
    object_store().delete(orphans)
    if orphans:
        log.info("orphans deleted", prefix=DOSSIERS, count=len(orphans))
    return orphans


def claimed_keys(keys: list[str]) -> set[str]:
    """Return those of the keys that a row needs. A discarded recording is purged, so its row needs none."""
    documents = Dossier.objects.filter(pdf_uri__in=keys).values_list("pdf_uri", flat=True)
    recordings = Recording.objects.filter(uri__in=keys, discarded_at=None).values_list("uri", flat=True)
    return {*documents, *recordings}


def chunks(keys: Iterable[str]) -> Iterator[list[str]]:
    remaining = iter(keys)
    while chunk := list(islice(remaining, CHUNK)):
        yield chunk
