"""Worker side, at the hull: register a checked photo on its ghost, while its owner can still shoot it again."""

from dataclasses import asdict
from typing import Final

import structlog

from billing.entitlements.entitlements import corrosion_entitlement
from corrosion.comparison.baselines import baselines_of
from corrosion.ghosts.earlier_photos import ghost_for
from corrosion.judgement.baselines import is_restarted
from corrosion.judgement.framing import Framing, check_framing
from corrosion.judgement.registration import LONG_SIDE_PX, find_landmarks
from inspections.engines.base import Rgb
from inspections.engines.imaging.decode import UnreadableImage, decode
from inspections.models import Inspection, MediaAsset
from inspections.work.framing import FramingFinding
from maretech.common.storage import object_store
from maretech.common.storage.base import ObjectMissing, ObjectStoreUnavailable, ObjectTooLarge

log = structlog.get_logger(__name__)

# Far more than any viewing copy of ours.
_MAX_BYTES: Final = 16 * 1024 * 1024
_DIGITS: Final = 3
_DIGITS_OF: Final = {"rotation_deg": 1}


def compare_with_ghost(asset: MediaAsset, inspection: Inspection, pixels: Rgb) -> FramingFinding | None:
    """Return how a subscriber's photo is framed against its ghost; None without a ghost that can be read.

    A photo that cannot be registered at all differs, without numbers. A ghost of the surface before a repaint is not
    compared: no comparison would use it, and fresh paint looks like another place.
    """
    ghost = ghost_for(asset, inspection)
    if ghost is None or not corrosion_entitlement(inspection.owner_id).subscribed:
        return None
    if _is_of_another_surface(ghost, asset, inspection):
        return None
    earlier = _read(ghost)
    if earlier is None:
        return None
    check = check_framing(find_landmarks(earlier), find_landmarks(pixels))
    framing = None if check.framing is None else _rounded(check.framing)
    return FramingFinding(framing=framing, differs=not check.can_be_compared)


def _is_of_another_surface(ghost: MediaAsset, asset: MediaAsset, inspection: Inspection) -> bool:
    assert inspection.vessel_id is not None  # it has a ghost
    baselines = baselines_of(inspection.owner_id, [inspection.vessel_id])
    works = baselines.works.get(inspection.vessel_id, ())
    days = (baselines.days_of(visit.created_at, visit.submitted_at) for visit in (ghost.slot.inspection, inspection))
    return is_restarted(asset.slot.point_index, works, *days)


def _read(ghost: MediaAsset) -> Rgb | None:
    try:
        content = object_store().read(ghost.view_uri, max_bytes=_MAX_BYTES, is_optional=True)
        return decode(content, long_side_px=LONG_SIDE_PX)
    except (ObjectMissing, ObjectStoreUnavailable, ObjectTooLarge, UnreadableImage) as error:
        log.warning("ghost cannot be read", asset=str(ghost.pk), error=f"{type(error).__name__}: {error}")
        return None


def _rounded(framing: Framing) -> dict[str, float]:
    # Adding zero turns -0.0 into 0.0.
    return {name: round(value, _DIGITS_OF.get(name, _DIGITS)) + 0.0 for name, value in asdict(framing).items()}
