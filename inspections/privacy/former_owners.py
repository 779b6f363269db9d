"""Inspections that came with a vessel: what an erasure of the person who photographed it takes from them.

The original files are that person's: their metadata may name a place and a phone. The new owner keeps what they could
see all along: the viewing copies, which take the place of the originals, and the results.
"""

import hashlib
from typing import Final
from uuid import UUID, uuid4

from django.db.models import QuerySet

from inspections.media_types import JPEG
from inspections.models import Inspection, MediaAsset
from inspections.objects.claims import claims_of, rows_with_claims
from maretech.common.storage import object_store

_FOLDERS: Final = ("quarantine/", "evidence/")


def handed_over_by(owner_id: UUID) -> QuerySet[Inspection]:
    """Return the inspections that this person opened and that belong to another owner now."""
    return Inspection.objects.filter(opened_by=owner_id).exclude(owner=owner_id)


def erase_originals(owner_id: UUID) -> None:
    """Replace the originals, and forget the phone and the place that were typed. Safe to be killed at any line."""
    for inspection in handed_over_by(owner_id):
        for asset in MediaAsset.objects.filter(slot__inspection=inspection).select_related("slot__inspection"):
            _replace(asset, inspection)
        Inspection.objects.filter(pk=inspection.pk).update(capture_context=inspection.shown_context)
        _delete_unclaimed(inspection)


def _replace(asset: MediaAsset, inspection: Inspection) -> None:
    rows = MediaAsset.objects.filter(pk=asset.pk, evidence_uri=asset.evidence_uri)
    rows.update(capture=asset.shown_capture)
    if not asset.evidence_uri:  # never analysed: without its pin no row claims the upload any more
        rows.update(pinned_etag="", pinned_size=None)
        return
    store = object_store()
    content = store.read(asset.view_uri, max_bytes=inspection.policy.max_bytes) if asset.view_uri else b""
    digest = hashlib.sha256(content).hexdigest()
    if digest == asset.evidence_sha256:
        return
    uri = f"{inspection.key_prefix}evidence/{asset.pk}-{uuid4().hex}"  # a name of its own for each attempt
    store.write(uri, content, content_type=JPEG)
    rows.update(
        evidence_uri=uri,
        evidence_sha256=digest,
        pinned_size=len(content),
        pinned_content_type=JPEG,
        content_type=JPEG,
        checked_sha256=digest,
        sha256="",
    )


def _delete_unclaimed(inspection: Inspection) -> None:
    claims, store = claims_of(rows_with_claims().get(pk=inspection.pk)), object_store()
    below = [key for folder in _FOLDERS for key in store.list(f"{inspection.key_prefix}{folder}")]
    store.delete([key for key in below if not claims.is_claimed(key)])
