"""The photo check: is this picture usable, and if not, what should the owner retake?"""

from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from inspections.engines.base import Rgb
from inspections.engines.imaging.decode import ImageHeader, UnreadableImage, read_picture
from inspections.engines.imaging.display_copy import VIEW_LONG_SIDE_PX
from inspections.engines.imaging.formats import is_another_format, is_cut
from inspections.engines.imaging.headers import sniff
from inspections.engines.imaging.scaling import shrink
from inspections.engines.quality_flags import QualityFlag
from inspections.media_types import MAX_PIXELS

_CHECK_LONG_SIDE_PX: Final = 450
_TILES_PER_SIDE: Final = 4
_BLURRED_BELOW: Final = 10.0
_SLIGHTLY_BLURRED_BELOW: Final = 30.0
_TOO_DARK_BELOW: Final = 50.0
_TOO_BRIGHT_ABOVE: Final = 225.0
_SMALL_FACTOR: Final = 2
_HASH_SIDE: Final = 8
_NEARLY_SAME_BITS: Final = 6
# Every engine gets a picture shrunk to a long side of 512 px. A picture this many times as long as high, a panorama of
# the side, keeps fewer than 218 rows, and a patch as large as a hand disappears. The widest format of phones, 21:9
# (2.333, in even pixels up to 2.336), is not a panorama. The number of pixels does not matter: at two megapixels or two
# hundred, the picture of one lens shows the same patch in the same share of its width.
PANORAMA_FROM: Final = 2.35

_Grey = NDArray[np.uint8]
_UNREADABLE_REASON: Final = {
    "too_many_pixels": "too_large",
    "truncated": "incomplete",
    "unsupported": "unsupported_format",
    "too_many_parts": "not_an_image",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoConstraints:
    """Requirements of the capture policy for a photo. `min_short_side_px` rejects; twice that warns."""

    min_short_side_px: int
    max_bytes: int
    content_types: tuple[str, ...]
    max_pixels: int = MAX_PIXELS


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoCheck:
    """The outcome of one photo check. `fingerprint` is a perceptual hash, 16 hex digits; empty if nothing was decoded.

    `pixels` are the decoded pixels in the size of the viewing copy, so that it needs no second decode; None if nothing
    was decoded.

    `quality_meta` holds width and height (px, upright), sharpness (variance of the Laplacian), lightness (mean grey, 0
    to 255) and content_type: never anything read from EXIF.
    """

    usable: bool
    retake_reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    quality_meta: dict[str, float | int | str]
    fingerprint: str
    pixels: Rgb | None = field(default=None, compare=False, repr=False)


def check_photo(content: bytes, *, constraints: PhotoConstraints) -> PhotoCheck:
    """Judge the encoded bytes of one photo; hostile bytes give an outcome, never an error.

    Retake reasons: too_large, incomplete, unsupported_format, not_an_image, too_small, too_dark, too_bright, blurred.
    Warnings: small, slightly_blurred, too_far. Thresholds: our own capture rules, measured at a long side of 450 px.
    """
    if len(content) > constraints.max_bytes:
        return _rejected("too_large")
    try:
        content_type = sniff(content)
        if content_type is not None and content_type not in constraints.content_types:
            return _rejected("unsupported_format")
        picture = read_picture(content, long_side_px=VIEW_LONG_SIDE_PX)
    except UnreadableImage as error:
        return _rejected(_UNREADABLE_REASON.get(error.reason) or _unreadable(content))
    if picture.header.width * picture.header.height > constraints.max_pixels:
        return _rejected("too_large")
    return _check(picture.pixels, picture.header, constraints)


def is_too_far(*, width: int, height: int) -> bool:
    """Return whether a picture shows so much of the side that an engine would miss a patch as large as a hand."""
    return max(width, height) > PANORAMA_FROM * min(width, height)


def nearly_same(a: str, b: str) -> bool:
    """Return whether two fingerprints are of the same picture, allowing for re-encoding and slight exposure changes."""
    if not a or not b:
        return False
    return (int(a, 16) ^ int(b, 16)).bit_count() <= _NEARLY_SAME_BITS


def sharpness(grey: _Grey) -> float:
    """Return the variance of the Laplacian of the sharpest of 4x4 tiles (Pech-Pacheco et al., ICPR 2000).

    The best tile decides: smooth, clean gelcoat scores low over most of a perfectly sharp photo.
    """
    laplacian = cv2.Laplacian(grey, cv2.CV_64F)
    rows = np.array_split(laplacian, _TILES_PER_SIDE, axis=0)
    tiles = (tile for row in rows for tile in np.array_split(row, _TILES_PER_SIDE, axis=1))
    return max(float(tile.var()) for tile in tiles if tile.size)


def fingerprint(grey: _Grey) -> str:
    """Return the 64-bit DCT hash as 16 hex digits: signs of the lowest 8x8 frequencies against their median."""
    side = 4 * _HASH_SIDE
    small = cv2.resize(grey, (side, side), interpolation=cv2.INTER_AREA).astype(np.float32)
    low = cv2.dct(small)[:_HASH_SIDE, :_HASH_SIDE].ravel()
    bits = np.packbits(low > np.median(low))
    return bytes(bits).hex()


def _check(pixels: Rgb, header: ImageHeader, constraints: PhotoConstraints) -> PhotoCheck:
    checked = shrink(pixels, _CHECK_LONG_SIDE_PX)
    grey = cv2.cvtColor(checked, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)
    measured_sharpness, lightness = sharpness(grey), float(grey.mean())
    short_side = min(header.width, header.height)
    reasons = {
        "too_small": short_side < constraints.min_short_side_px,
        "too_dark": lightness < _TOO_DARK_BELOW,
        "too_bright": lightness > _TOO_BRIGHT_ABOVE,
        "blurred": measured_sharpness < _BLURRED_BELOW,
    }
    warnings = {
        "small": not reasons["too_small"] and short_side < _SMALL_FACTOR * constraints.min_short_side_px,
        "slightly_blurred": _BLURRED_BELOW <= measured_sharpness < _SLIGHTLY_BLURRED_BELOW,
        QualityFlag.TOO_FAR: is_too_far(width=header.width, height=header.height),
    }
    return PhotoCheck(
        usable=not any(reasons.values()),
        retake_reasons=tuple(reason for reason, applies in reasons.items() if applies),
        warnings=tuple(warning for warning, applies in warnings.items() if applies),
        quality_meta={
            **_upright_size(header),
            "sharpness": round(measured_sharpness, 2),
            "lightness": round(lightness, 2),
            "content_type": header.content_type,
        },
        fingerprint=fingerprint(grey),
        pixels=pixels,
    )


def _upright_size(header: ImageHeader) -> dict[str, int]:
    sideways = header.orientation >= 5
    width, height = (header.height, header.width) if sideways else (header.width, header.height)
    return {"width": width, "height": height}


def _unreadable(content: bytes) -> str:
    """Classify bytes that no decoder reads: cut before they state their type, another format, or no picture."""
    if is_cut(content):
        return "incomplete"
    return "unsupported_format" if is_another_format(content) else "not_an_image"


def _rejected(reason: str) -> PhotoCheck:
    return PhotoCheck(usable=False, retake_reasons=(reason,), warnings=(), quality_meta={}, fingerprint="")
