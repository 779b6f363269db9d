"""The only writers of a photo's state: awaited, uploaded, ready or rejected (`AssetState`).

The `set_` functions set fields and leave saving to the caller, who holds the lock or lease that makes the change valid.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.utils import timezone

from inspections.models import MediaAsset
from inspections.retake_reasons import RetakeReason
from inspections.vocabulary import AssetState

if TYPE_CHECKING:  # the web sets states too, and never needs the image libraries
    from inspections.engines.imaging.quality import PhotoCheck

_UPLOAD_FIELDS = (
    "state",
    "uploaded_at",
    "uploaded_etag",
    "check_enqueued_at",
    "check_turn",
    "check_attempts",
    "request_id",
    "checked_at",
    "retake_reasons",
    "warnings",
    "quality_meta",
    "checked_sha256",
    "fingerprint",
    "view_uri",
    "framing",
)
_VERDICT_FIELDS = (
    "state",
    "retake_reasons",
    "warnings",
    "quality_meta",
    "fingerprint",
    "checked_at",
    "checked_sha256",
    "view_uri",
    "framing",
)


def set_uploaded(asset: MediaAsset, *, etag: str, request_id: str) -> None:
    """Let the photo await the check of these bytes. Clears the findings on the previous ones."""
    now = timezone.now()
    asset.state, asset.uploaded_at, asset.uploaded_etag, asset.check_enqueued_at = AssetState.UPLOADED, now, etag, now
    asset.check_attempts, asset.request_id = 0, request_id
    asset.retake_reasons, asset.warnings, asset.quality_meta = [], [], {}
    asset.checked_sha256 = asset.fingerprint = asset.view_uri = ""
    asset.framing = None


def set_verdict(asset: MediaAsset, check: "PhotoCheck", *, sha256: str, view_uri: str, likeness: Sequence[str]) -> None:
    """Set the verdict on the bytes of that checksum; `likeness` are warnings about other photos of the point."""
    asset.state = AssetState.READY if check.usable else AssetState.REJECTED
    asset.retake_reasons = list(check.retake_reasons)
    asset.warnings = [*check.warnings, *likeness]
    asset.quality_meta, asset.fingerprint = check.quality_meta, check.fingerprint
    asset.checked_at, asset.checked_sha256, asset.view_uri = timezone.now(), sha256, view_uri
    asset.framing = None
    asset.uploaded_at = asset.uploaded_at or timezone.now()


def set_framing(asset: MediaAsset, framing: Mapping[str, float] | None, *, warnings: Sequence[str]) -> None:
    """Add to the verdict how the photo is framed against an earlier one; None if it could not be measured."""
    asset.framing = None if framing is None else dict(framing)
    asset.warnings = [*asset.warnings, *warnings]


def set_rejected(asset: MediaAsset, reason: RetakeReason) -> None:
    """Reject a photo without usable bytes."""
    now = timezone.now()
    asset.state, asset.retake_reasons, asset.warnings = AssetState.REJECTED, [reason], []
    asset.checked_at, asset.checked_sha256, asset.view_uri = now, "", ""
    asset.framing = None
    asset.uploaded_at = asset.uploaded_at or now


def save_upload(asset: MediaAsset) -> None:
    """Save an upload. Leaves the lease alone: a worker that checks the previous bytes holds it until it is done."""
    asset.save(update_fields=_UPLOAD_FIELDS)


def save_verdict(asset: MediaAsset) -> bool:
    """Save the verdict if the photo still awaits this very check; return whether it did."""
    awaiting = MediaAsset.objects.filter(
        pk=asset.pk, state=AssetState.UPLOADED, uploaded_etag=asset.uploaded_etag, evidence_uri=""
    )
    return bool(awaiting.update(**{field: getattr(asset, field) for field in _VERDICT_FIELDS}))
