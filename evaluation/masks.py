"""Read drawn masks, and compare an engine's segmentation map with one, pixel by pixel."""

import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inspections.engines.base import SegmentationMap
from inspections.media_types import MAX_PIXELS

CLASSES: Final = 4
_WITH_TRANSPARENCY: Final = ("LA", "RGBA", "PA")
_ASPECT_TOLERANCE: Final = 0.05
# All errors that Pillow is known to raise on invalid pictures.
_MASK_ERRORS: Final = (
    OSError, ValueError, TypeError, SyntaxError, LookupError, EOFError, ArithmeticError, MemoryError,
    struct.error, zlib.error, Image.DecompressionBombError,
)  # fmt: skip

Drawn: TypeAlias = NDArray[np.int64]
"""One drawn class per pixel, shape (height, width); 0 is nothing."""


class UnreadableMask(Exception):
    """The mask is not a picture, or its shape differs from its photo's. The message is a token for the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PixelTally:
    """Pixels of one mask: `hits` both drawn and detected, `predicted` by the engine, `drawn` by people.

    `confusion` counts drawn class (row) against detected class (column), flattened, shape (16,); None for a binary
    mask.
    """

    hits: int
    predicted: int
    drawn: int
    confusion: tuple[int, ...] | None


def read_mask(content: bytes) -> Drawn:
    """Return a mask's classes; of a mask in colours the brightest channel. Raises `UnreadableMask`."""
    try:
        with Image.open(BytesIO(content)) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise UnreadableMask("too_many_pixels")
            drawn = picture.convert("RGB") if picture.mode in _WITH_TRANSPARENCY else picture
            # A one-bit mask is binary and has no class "fair": it becomes 0 and 255.
            values = np.asarray(drawn.convert("L") if drawn.mode == "1" else drawn, np.int64)
    except _MASK_ERRORS as error:
        raise UnreadableMask("broken") from error
    return values if values.ndim == 2 else np.asarray(values[..., :3].max(axis=2), np.int64)


def check_fit(drawn: Drawn, *, height: int, width: int) -> None:
    """Raise `UnreadableMask` unless the mask has the shape of its photo up to scale."""
    of_mask, of_photo = drawn.shape[1] / drawn.shape[0], width / height
    if abs(of_mask / of_photo - 1) > _ASPECT_TOLERANCE:
        raise UnreadableMask("another_shape")


def tally_pixels(drawn: Drawn, segmentation_map: SegmentationMap) -> PixelTally:
    """Tally an engine's classes, enlarged to the size of the mask, against it."""
    size = (drawn.shape[1], drawn.shape[0])
    predicted = np.asarray(cv2.resize(segmentation_map, size, interpolation=cv2.INTER_NEAREST), np.int64)
    return PixelTally(
        hits=int(np.count_nonzero((drawn > 0) & (predicted > 0))),
        predicted=int(np.count_nonzero(predicted)),
        drawn=int(np.count_nonzero(drawn)),
        confusion=_confusion(drawn, predicted) if drawn.max() < CLASSES else None,
    )


def percent_drawn(drawn: Drawn) -> float:
    """Return the drawn share of the picture, in percent."""
    return 100 * float((drawn > 0).mean())


def _confusion(drawn: Drawn, predicted: Drawn) -> tuple[int, ...]:
    pairs = drawn * CLASSES + np.minimum(predicted, CLASSES - 1)
    return tuple(int(count) for count in np.bincount(pairs.ravel(), minlength=CLASSES**2))
