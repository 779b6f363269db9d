"""Shrink pixels."""

import cv2

from inspections.engines.base import Rgb


def shrink(pixels: Rgb, long_side_px: int) -> Rgb:
    """Return the pixels with a long side of at most `long_side_px`, each the mean of the area it covers."""
    height, width = pixels.shape[:2]
    scale = long_side_px / max(height, width)
    if scale >= 1:
        return pixels
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(pixels.dtype, copy=False)
