"""Pictures as they go into the file: JPEGs without metadata, each within its share of the size of the file."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image, UnidentifiedImageError

from dossiers.document.content import DossierContent, PhotoFacts
from dossiers.document.errors import UnreadablePicture

# All pictures together; text, fonts and tags need about a tenth of the file.
TOTAL_BYTES: Final = 13_000_000
# The typesetter holds the pixels of all pictures at once, three bytes each.
TOTAL_PIXELS: Final = 64_000_000
_MOST_BYTES: Final = 700_000
_MOST_PIXELS: Final = 1600 * 1200
# A display copy has 1600 px on its long side.
_READABLE_PIXELS: Final = 20_000_000
_SCALES: Final = (1.0, 0.85, 0.7, 0.55, 0.4, 0.25)
_QUALITIES: Final = (85, 76, 66)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one picture may take. On 85 mm of paper, 1000 px are 300 dpi."""

    most_bytes: int
    most_pixels: int


def share_of(content: DossierContent) -> Share:
    """Return the share of each picture; all are treated alike."""
    count = max(1, sum(1 for _ in _pictures(content)))
    return Share(
        most_bytes=min(_MOST_BYTES, TOTAL_BYTES // count), most_pixels=min(_MOST_PIXELS, TOTAL_PIXELS // count)
    )


def _pictures(content: DossierContent) -> Iterator[bytes]:
    for photo in photos_with_pictures(content):
        assert photo.pictures is not None
        yield photo.pictures.view
        if photo.pictures.overlay is not None:
            yield photo.pictures.overlay


def photos_with_pictures(content: DossierContent) -> Iterator[PhotoFacts]:
    for visit in content.visits:
        for point in visit.points:
            yield from (photo for photo in point.photos if photo.pictures is not None)


def fitted(picture: bytes, share: Share) -> bytes:
    """Return the picture as a JPEG within its share; one that is within it goes through untouched.

    The same picture and share give the same bytes. Raises `UnreadablePicture`.
    """
    try:
        with Image.open(BytesIO(picture), formats=("JPEG", "PNG")) as image:
            if image.width * image.height > _READABLE_PIXELS:
                raise UnreadablePicture("A picture has more pixels than a display copy.")
            if len(picture) <= share.most_bytes and _is_plain(image, share):
                image.load()
                return picture
            pixels = image.convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as problem:
        if isinstance(problem, UnreadablePicture):
            raise
        raise UnreadablePicture("A picture cannot be opened.") from problem
    return _encoded(pixels, share)


def _is_plain(image: Image.Image, share: Share) -> bool:
    """Return whether this is a colour JPEG of pixels alone, and of no more than its share."""
    added = set(image.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    is_small = image.width * image.height <= share.most_pixels
    return image.format == "JPEG" and image.mode == "RGB" and not added and is_small


def _encoded(pixels: Image.Image, share: Share) -> bytes:
    """Return the first that fits of ever smaller pictures, each in falling quality; else the last."""
    whole = min(1.0, math.sqrt(share.most_pixels / (pixels.width * pixels.height)))
    encoded = b""
    for scale in _SCALES:
        size = (max(1, int(pixels.width * whole * scale)), max(1, int(pixels.height * whole * scale)))
        scaled = pixels if size == pixels.size else pixels.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
        for quality in _QUALITIES:
            out = BytesIO()
            scaled.save(out, "JPEG", quality=quality, optimize=True)
            encoded = out.getvalue()
            if len(encoded) <= share.most_bytes:
                return encoded
    return encoded
