"""Encode the viewing copy of a photo."""

from typing import Final

import cv2

from inspections.engines.base import Rgb

VIEW_LONG_SIDE_PX: Final = 1600
_JPEG_QUALITY: Final = 85


def viewing_copy(pixels: Rgb) -> bytes:
    """Return the pixels re-encoded as JPEG: no EXIF, position, thumbnail or trailing bytes of the original."""
    _, encoded = cv2.imencode(
        ".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY]
    )
    return encoded.tobytes()
