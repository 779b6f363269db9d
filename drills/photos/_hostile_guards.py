"""The guards against hostile files: how to remove each, and which kinds of file it alone stops.

The decoders themselves refuse the kinds that no guard names here.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Final
from unittest.mock import patch

import numpy as np
from PIL import Image

from inspections.engines.base import Rgb
from inspections.engines.imaging.containers import Undecoded
from inspections.engines.imaging.headers import sniff
from inspections.engines.imaging.quality import PhotoCheck, PhotoConstraints, check_photo
from inspections.media_types import HEIC, JPEG, PNG
from maretech.common.storage.local import Body, Link, LocalStore, etag_of

_IMAGING: Final = "inspections.engines.imaging"
_ANY_NUMBER: Final = 10**12


@dataclass(frozen=True, slots=True)
class Guard:
    """`is_harmless`: its kinds may be judged without it in the process of the tests."""

    remove: Callable[[], AbstractContextManager[object]]
    kinds: tuple[str, ...]
    is_harmless: bool = False


@contextmanager
def _any_number_of_pixels() -> Iterator[None]:
    most = dict.fromkeys((JPEG, PNG, HEIC), _ANY_NUMBER)
    with (
        patch.dict(f"{_IMAGING}.decode._MAX_PIXELS_OF", most),
        patch.dict(f"{_IMAGING}.decode._MAX_DECODER_BYTES_OF", most),
        patch("PIL.Image.MAX_IMAGE_PIXELS", None),
    ):
        yield


@contextmanager
def _any_number_of_parts() -> Iterator[None]:
    with (
        patch(f"{_IMAGING}.decode.is_overloaded", lambda *_: False),
        patch(f"{_IMAGING}.jpeg.MAX_PARTS", _ANY_NUMBER),
        patch(f"{_IMAGING}.png.MAX_PARTS", _ANY_NUMBER),
    ):
        yield


@contextmanager
def _incomplete_pictures() -> Iterator[None]:
    """Remove the guard: a decoder fills in the missing end of the picture."""
    end = b"\xff\xd9"
    with (
        patch(f"{_IMAGING}.jpeg._is_whole", lambda _: True),
        patch(f"{_IMAGING}.jpeg._lacks_pixels", lambda _: False),
        patch(f"{_IMAGING}.jpeg._AHEAD", end),
        patch(f"{_IMAGING}.heic.is_whole", lambda _: True),
    ):
        yield


@contextmanager
def _any_format() -> Iterator[None]:
    """Remove the guard: any format that Pillow opens is a photo."""

    def open_any(content: bytes) -> Undecoded:
        picture = Image.open(BytesIO(content))

        def pixels(_: int) -> Rgb:
            return np.asarray(picture.convert("RGB"))

        return Undecoded(
            width=picture.width,
            height=picture.height,
            orientation=1,
            colour=None,
            decoder_bytes=0,
            is_whole=lambda: True,
            decode=pixels,
        )

    def known_or_png(content: bytes) -> str:
        return sniff(content) or PNG

    with (
        patch(f"{_IMAGING}.decode.sniff", known_or_png),
        patch(f"{_IMAGING}.decode.is_overloaded", lambda *_: False),
        patch(f"{_IMAGING}.readers.OPEN", {PNG: open_any}),
    ):
        yield


@contextmanager
def _original_shown() -> Iterator[None]:
    """Remove the guard: people see the original bytes."""
    sent: list[bytes] = []

    def check(content: bytes, *, constraints: PhotoConstraints) -> PhotoCheck:
        sent.append(content)
        return check_photo(content, constraints=constraints)

    module = "drills.photos._limited_process"
    with patch(f"{module}.check_photo", check), patch(f"{module}.viewing_copy", lambda _: sent[-1]):
        yield


def any_upload() -> AbstractContextManager[object]:
    """Remove the guard: the store keeps every upload over a link."""

    def receive(store: LocalStore, link: Link, body: Body) -> str:
        pieces = list(iter(lambda: body.stream.read(65_536), b"")) if body.length != 0 else []
        content = b"".join(pieces)
        store.write(link.key, content, content_type=link.content_type)
        return etag_of(content)

    return patch.object(LocalStore, "receive", receive)


GUARDS: Final[dict[str, Guard]] = {
    "pixels": Guard(
        _any_number_of_pixels,
        (
            "PNG of 400 million pixels in 50 kB",
            "PNG, interlaced, of 100 million pixels",
            "HEIC of 49 million pixels in full colour",
        ),
    ),
    "coefficients": Guard(
        lambda: patch.dict(f"{_IMAGING}.decode._MAX_DECODER_BYTES_OF", {JPEG: _ANY_NUMBER}),
        ("JPEG of 59 million pixels, progressive", "JPEG of 59 million pixels, CMYK, progressive"),
    ),
    "parts": Guard(
        _any_number_of_parts,
        (
            "JPEG of 5,000 scans",
            "JPEG of 5 million comments",
            "JPEG with 20 megabytes of fill bytes",
            "PNG of a million texts",
            "PNG of a million pieces of pixels",
        ),
    ),
    "profile": Guard(
        lambda: patch(f"{_IMAGING}.icc.MAX_PROFILE_BYTES", _ANY_NUMBER), ("PNG whose profile unpacks to 1 GB",)
    ),
    "whole": Guard(
        _incomplete_pictures,
        (
            "JPEG cut off at a half",
            "JPEG that lacks its last bytes",
            "JPEG cut off behind a thumbnail",
            "JPEG cut off before another one",
            "JPEG cut off before fill bytes",
            "JPEG cut off before a restart marker",
            "JPEG cut off before noise",
            "JPEG cut off before zeros",
            "JPEG cut off before a film",
            "JPEG, progressive, cut off before another one",
            "HEIC cut off before zeros",
            "HEIC cut off before fill bytes",
            "HEIC cut off before a film",
        ),
        is_harmless=True,
    ),
    "format": Guard(
        _any_format,
        ("animated GIF", "BMP", "TIFF of several pages", "WebP"),
        is_harmless=True,
    ),
    "new encoding": Guard(
        _original_shown,
        (
            "JPEG with a ZIP behind it",
            "JPEG that is a script too",
            "JPEG with HTML in its EXIF",
            "JPEG with a position in its EXIF",
            "JPEG with a position in its XMP",
            "JPEG with a position in a second picture",
            "PNG with a page of script behind it",
        ),
        is_harmless=True,
    ),
}
