"""Marked-up photos as small PNGs: blue with white, distinguishable from rust with every common colour blindness."""

from collections.abc import Iterable
from io import BytesIO
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inspections.engines.base import Circle, Rgb
from inspections.engines.imaging.scaling import shrink

_BLUE: Final = (0, 90, 220)
_WHITE: Final = (255, 255, 255)
# A quarter of the size of a 12-megapixel phone photo, so that libjpeg does the shrinking.
LONG_SIDE_PX: Final = 1000
_LONG_SIDES_PX: Final = (LONG_SIDE_PX, 832, 640)
_MAX_BYTES: Final = 400_000
_COLOURS: Final = 96
# Higher levels take three times as long for a tenth of the size.
_COMPRESSION: Final = 3
_HATCH_PERIOD_PX: Final = 12
_HATCH_WIDTH_PX: Final = 3

Mask = NDArray[np.bool_]


def draw_hatching(pixels: Rgb, mask: Mask) -> Rgb:
    """Return a copy with `mask` (same height and width) hatched in blue and outlined in white on blue."""
    marked = pixels.copy()
    rows, columns = np.indices(mask.shape)
    stripes = (rows + columns) % _HATCH_PERIOD_PX < _HATCH_WIDTH_PX
    marked[mask & stripes] = _BLUE
    contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(marked, contours, -1, _BLUE, 4)
    cv2.drawContours(marked, contours, -1, _WHITE, 1)
    return marked


def draw_circles(pixels: Rgb, circles: Iterable[Circle]) -> Rgb:
    """Return a copy with every circle drawn, white inside blue."""
    marked = pixels.copy()
    for circle in circles:
        centre, radius = (round(circle.x), round(circle.y)), max(4, round(circle.radius))
        cv2.circle(marked, centre, radius, _BLUE, 5, cv2.LINE_AA)
        cv2.circle(marked, centre, radius, _WHITE, 2, cv2.LINE_AA)
    return marked


def encode_png(pixels: Rgb) -> bytes:
    """Return a palette PNG of at most 1000 px on the long side, shrunk further while it exceeds 400 kB.

    Same pixels, same bytes; the aspect ratio is kept, so the marks stay registered to the photo up to scale.
    """
    for long_side_px in _LONG_SIDES_PX:
        encoded = _palette_png(shrink(pixels, long_side_px))
        if len(encoded) <= _MAX_BYTES:
            break
    return encoded


def _palette_png(pixels: Rgb) -> bytes:
    reduced = Image.fromarray(pixels).quantize(_COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    buffer = BytesIO()
    reduced.save(buffer, "PNG", compress_level=_COMPRESSION)
    return buffer.getvalue()
