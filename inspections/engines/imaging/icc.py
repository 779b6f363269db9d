"""Convert ICC.1 profiles to colours. An untrusted profile is used only if it is plausible."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from io import BytesIO
from typing import Final, Literal

import numpy as np
from PIL import Image, ImageCms
from PIL.ImageCms import ImageCmsTransform

from inspections.engines.base import Rgb
from inspections.engines.imaging.colour import HLG, PQ, Colour, of_code_points
from inspections.engines.quality_flags import QualityFlag

# The largest profiles in use, those of printing presses, have less than 3 MB.
MAX_PROFILE_BYTES: Final = 4 * 1024 * 1024
_MAX_TAGS: Final = 100
_HEADER: Final = struct.Struct(">I8x4s4s4s12x4s")
_CLASSES: Final = frozenset({b"scnr", b"mntr", b"prtr", b"spac"})
_CONNECTIONS: Final = frozenset({b"XYZ ", b"Lab "})
_MODES: Final[dict[bytes, Literal["RGB", "L", "CMYK"]]] = {b"RGB ": "RGB", b"GRAY": "L", b"CMYK": "CMYK"}
# Chains of arbitrarily many steps: the plain tags beside them describe the same conversion.
_CHAINS: Final = (b"D2B", b"B2D")
_STEPS: Final = 9
# A profile that moves no colour by more than this, of 255, counts as sRGB.
_SAME: Final = 2
# Plausible range of a profile: the values to which white, black and the middle grey may map.
_WHITE_FROM: Final = 200
_BLACK_UNTIL: Final = 80
_MIDDLE_FROM: Final = 90
_MIDDLE_UNTIL: Final = 210
_COLOURLESS_WITHIN: Final = 50

_ERRORS: Final = (
    ImageCms.PyCMSError,
    OSError,
    ValueError,
    TypeError,
    AttributeError,
    RuntimeError,
    OverflowError,
    struct.error,
)


@dataclass(frozen=True, slots=True)
class _Tag:
    name: bytes
    at: int
    offset: int
    size: int


def colour_of(profile: bytes) -> Colour | None:
    """Return the colours of an RGB or grey profile; None for sRGB, and for a broken or implausible profile."""
    mode = _mode_of(profile)
    if mode not in ("RGB", "L"):
        return None
    code_points = _code_points(profile)
    if code_points is not None and code_points[1] in (PQ, HLG):
        return of_code_points(primaries=code_points[0], transfer=code_points[1])
    return _colour_of(profile, mode)


def from_cmyk(picture: Image.Image, profile: bytes) -> Image.Image:
    """Return a CMYK picture as RGB: by its profile if plausible, else by the plain rule."""
    transform = _transform(profile, "CMYK") if _mode_of(profile) == "CMYK" else None
    if transform is None or _fault_of(_greys(transform, "CMYK")):
        return picture.convert("RGB")
    return ImageCms.applyTransform(picture, transform) or picture.convert("RGB")


@lru_cache(maxsize=4)
def _colour_of(profile: bytes, mode: Literal["RGB", "L"]) -> Colour | None:
    transform = _transform(profile, mode)
    if transform is None:
        return None
    fault = _fault_of(_greys(transform, mode))
    if fault == "dark":  # a curve for light brighter than a screen: show the pixels unconverted
        return Colour(convert=np.asarray, quality_flags=(QualityFlag.UNKNOWN_COLOUR,))
    if fault or _is_srgb(transform, mode):
        return None
    return Colour(convert=partial(_converted, transform=transform, mode=mode))


def _mode_of(profile: bytes) -> Literal["RGB", "L", "CMYK"] | None:
    """Returns the picture mode that the profile applies to; None if it applies to no supported mode."""
    if not _HEADER.size <= len(profile) <= MAX_PROFILE_BYTES:
        return None
    _, kind, space, connection, signature = _HEADER.unpack_from(profile)
    is_of_pictures = kind in _CLASSES and connection in _CONNECTIONS and signature == b"acsp"
    return _MODES.get(space) if is_of_pictures else None


def _tags(profile: bytes) -> Iterator[_Tag]:
    count = int.from_bytes(profile[128:132], "big")
    for at in range(132, 132 + 12 * min(count, _MAX_TAGS), 12):
        name, offset, size = profile[at : at + 4], profile[at + 4 : at + 8], profile[at + 8 : at + 12]
        yield _Tag(name, at, int.from_bytes(offset, "big"), int.from_bytes(size, "big"))


def _code_points(profile: bytes) -> tuple[int, int] | None:
    """Primaries and transfer of the tag `cicp` (ICC.1:2022, 9.2.17)."""
    found = next((profile[tag.offset : tag.offset + 12] for tag in _tags(profile) if tag.name == b"cicp"), b"")
    return (found[8], found[9]) if len(found) == 12 and found.startswith(b"cicp") else None


def _transform(profile: bytes, mode: Literal["RGB", "L", "CMYK"]) -> ImageCmsTransform | None:
    plain = bytearray(profile)
    for tag in _tags(profile):
        if tag.name.startswith(_CHAINS):
            plain[tag.at : tag.at + 4] = b"\0\0\0\0"
    try:
        return ImageCms.buildTransform(
            ImageCms.ImageCmsProfile(BytesIO(plain)),
            ImageCms.createProfile("sRGB"),
            mode,
            "RGB",
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except _ERRORS:
        return None


def _greys(transform: ImageCmsTransform, mode: str) -> Rgb:
    """Returns the outputs for black, middle grey and white."""
    levels = Image.fromarray(np.array([[0, 128, 255]], np.uint8))
    picture = levels.convert("RGB").convert("CMYK") if mode == "CMYK" else levels.convert(mode)
    greys: Rgb = np.asarray(ImageCms.applyTransform(picture, transform))[0]
    return greys


def _fault_of(greys: Rgb) -> Literal["absurd", "dark", ""]:
    black, middle, white = greys.mean(axis=1)
    is_colourless = np.ptp(greys.astype(int), axis=1).max() <= _COLOURLESS_WITHIN
    if not (is_colourless and white >= _WHITE_FROM and black <= _BLACK_UNTIL and black <= middle <= _MIDDLE_UNTIL):
        return "absurd"
    return "dark" if middle < _MIDDLE_FROM else ""


def _is_srgb(transform: ImageCmsTransform, mode: str) -> bool:
    """Return whether the profile converts like sRGB, whatever its name."""
    if mode == "L":
        colours: Rgb = np.arange(256, dtype=np.uint8)[None]
    else:
        axis = np.linspace(0, 255, _STEPS).round().astype(np.uint8)
        colours = np.stack(np.meshgrid(axis, axis, axis), axis=-1).reshape(1, -1, 3)
    plain = Image.fromarray(colours)
    converted = np.asarray(ImageCms.applyTransform(plain, transform))
    return bool(np.abs(converted.astype(int) - np.asarray(plain.convert("RGB"))).max() <= _SAME)


def _converted(pixels: Rgb, *, transform: ImageCmsTransform, mode: str) -> Rgb:
    if mode == "L" and not (pixels == pixels[..., :1]).all():
        return pixels  # a grey profile does not describe colours
    picture = Image.fromarray(np.ascontiguousarray(pixels))
    return np.asarray(ImageCms.applyTransform(picture.convert(mode), transform))
