"""Check the framing of a pair as the photo check does at the hull: against the viewing copy of the earlier photo."""

from corrosion.judgement.framing import FramingCheck, check_framing
from corrosion.judgement.registration import LONG_SIDE_PX, find_landmarks
from inspections.engines.imaging.decode import decode
from inspections.engines.imaging.display_copy import VIEW_LONG_SIDE_PX, viewing_copy


def check_at_the_hull(earlier: bytes, later: bytes) -> FramingCheck:
    """Return the check of the later file. Raises `UnreadableImage`."""
    ghost = viewing_copy(decode(earlier, long_side_px=VIEW_LONG_SIDE_PX))
    return check_framing(
        find_landmarks(decode(ghost, long_side_px=LONG_SIDE_PX)),
        find_landmarks(decode(later, long_side_px=VIEW_LONG_SIDE_PX)),
    )
