"""Check one photo by one rule, both at the hull (the quick check) and from the frozen evidence (the analysis)."""

import hashlib
from uuid import uuid4

from inspections.engines.base import Rgb
from inspections.engines.imaging.display_copy import viewing_copy
from inspections.engines.imaging.quality import PhotoCheck, PhotoConstraints, check_photo, nearly_same
from inspections.lifecycle import photo_state
from inspections.models import CapturePolicy, Inspection, MediaAsset
from inspections.retake_reasons import RetakeReason
from inspections.vocabulary import PhotoWarning
from maretech.common.storage import object_store

SAME_AS_OTHER_ANGLE = PhotoWarning.SAME_AS_OTHER_ANGLE.value


def check_asset(asset: MediaAsset, content: bytes, *, inspection: Inspection) -> Rgb | None:
    """Check these bytes, set the outcome on `asset`, and store the viewing copy. Does not save.

    Returns the pixels of a usable photo. Bytes that were checked before are not checked again, and have none.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    if asset.checked_sha256 == sha256:
        return None
    if asset.sha256 and asset.sha256 != sha256:
        photo_state.set_rejected(asset, _mismatch_reason(asset, content))
        return None
    check = check_photo(content, constraints=constraints_of(inspection.policy))
    view_uri = _store_view(check.pixels, sha256, inspection) if check.pixels is not None else ""
    likeness = _similarity_warnings(asset, check)
    photo_state.set_verdict(asset, check, sha256=sha256, view_uri=view_uri, likeness=likeness)
    return check.pixels if check.usable else None


def _mismatch_reason(asset: MediaAsset, content: bytes) -> RetakeReason:
    is_incomplete = not content or len(content) < (asset.byte_size or 0)
    return RetakeReason.INCOMPLETE if is_incomplete else RetakeReason.CHECKSUM_MISMATCH


def remove_too_large(asset: MediaAsset) -> None:
    """Delete at once an object larger than its policy allows: it is useless and fills the store. Does not save."""
    object_store().delete([asset.uri])
    photo_state.set_rejected(asset, RetakeReason.TOO_LARGE)


def constraints_of(policy: CapturePolicy) -> PhotoConstraints:
    return PhotoConstraints(
        min_short_side_px=policy.min_short_side_px,
        max_bytes=policy.max_bytes,
        content_types=tuple(policy.content_types),
        max_pixels=policy.max_pixels,
    )


def _similarity_warnings(asset: MediaAsset, check: PhotoCheck) -> list[str]:
    others = MediaAsset.objects.filter(slot=asset.slot_id, superseded_at=None).exclude(pk=asset.pk)
    prints = others.values_list("fingerprint", flat=True)
    return [SAME_AS_OTHER_ANGLE] if any(nearly_same(check.fingerprint, other) for other in prints) else []


def _store_view(pixels: Rgb, sha256: str, inspection: Inspection) -> str:
    """Store our own re-encoding under a unique name, so that a link never shows other bytes."""
    uri = f"{inspection.key_prefix}view/{sha256}-{uuid4().hex}.jpg"
    object_store().write(uri, viewing_copy(pixels), content_type="image/jpeg")
    return uri
