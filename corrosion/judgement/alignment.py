"""Put two registered photos into one frame and find the region that both show. Plain Python."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from corrosion.judgement.registration import Registration
from inspections.engines.base import Rgb
from inspections.engines.imaging.scaling import shrink

Mask = NDArray[np.bool_]

# Interpolation makes the pixels at the rim of a warped photo unreliable.
_RIM_PX: Final = 3


@dataclass(frozen=True, slots=True)
class Aligned:
    """The earlier photo in the frame of the later, shape (height, width, 3) each; `shared` is the region in both.

    Outside the shared region the earlier photo is filled from the later one, so that a detector sees the same
    surroundings in both.
    """

    earlier: Rgb
    later: Rgb
    shared: Mask


def align_pair(earlier: Rgb, later: Rgb, registration: Registration) -> Aligned:
    """Warp the earlier photo into the frame of the later."""
    mapping, size = np.reshape(registration.mapping, (3, 3)), (later.shape[1], later.shape[0])
    whole = np.full(earlier.shape[:2], 255, np.uint8)
    seen = cv2.warpPerspective(whole, mapping, size) == 255
    shared = cv2.erode(seen.astype(np.uint8), np.ones((2 * _RIM_PX + 1,) * 2, np.uint8)) > 0
    moved = cv2.warpPerspective(earlier, mapping, size, flags=cv2.INTER_LINEAR)
    around = np.where(seen[..., None], moved, later).astype(np.uint8)
    return Aligned(around, later, np.asarray(shared, np.bool_))


def shrink_pair(aligned: Aligned, long_side_px: int) -> Aligned:
    """Return the pair with a long side of at most `long_side_px`."""
    earlier, later = (shrink(photo, long_side_px) for photo in (aligned.earlier, aligned.later))
    size = (earlier.shape[1], earlier.shape[0])
    shared = cv2.resize(aligned.shared.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
    return Aligned(earlier, later, np.asarray(shared, np.bool_))


def warp_mask(plane: NDArray[np.uint8], registration: Registration, size: tuple[int, int]) -> NDArray[np.uint8]:
    """Warp a mask of the earlier photo into a frame of `size` (width, height); 0 outside."""
    mapping = np.reshape(registration.mapping, (3, 3))
    return np.asarray(cv2.warpPerspective(plane, mapping, size, flags=cv2.INTER_NEAREST), np.uint8)
