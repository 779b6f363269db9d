"""Pictures as they go into the file: JPEGs without metadata, each within its share of the size of the file."""

from collections.abc import Iterator
from io import BytesIO
from typing import Final

from PIL import Image, UnidentifiedImageError

from dossiers.document.content import DossierContent, PhotoFacts
from dossiers.document.errors import UnreadablePicture

# All pictures together; text, fonts and tags need about a tenth of it.
TOTAL_BYTES: Final = 13_000_000
_MOST_BYTES: Final = 700_000
_MAX_PIXELS: Final = 20_000_000
# Long side in pixels and JPEG quality, from the best: the first that fits is taken. At 85 mm, 1000 px are 300 dpi.
_STEPS: Final = ((1600, 85), (1400, 82), (1200, 80), (1100, 76), (1000, 72), (900, 68), (800, 62), (640, 55), (480, 45))


def share_of(content: DossierContent) -> int:
    """Return the size in bytes that each picture may have."""
    return min(_MOST_BYTES, TOTAL_BYTES // max(1, sum(1 for _ in _pictures(content))))


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


def fitted(picture: bytes, *, most_bytes: int) -> bytes:
    """Return the picture as a JPEG of at most this size; one that fits goes through untouched.

    The same picture and size give the same bytes. Raises `UnreadablePicture`.
    """
    try:
        with Image.open(BytesIO(picture), formats=("JPEG", "PNG")) as image:
            if image.width * image.height > _MAX_PIXELS:
                raise UnreadablePicture("A picture has more pixels than a display copy.")
            if len(picture) <= most_bytes and _is_plain(image):
                image.load()
                return picture
            pixels = image.convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as problem:
        if isinstance(problem, UnreadablePicture):
            raise
        raise UnreadablePicture("A picture cannot be opened.") from problem
    return _encoded(pixels, most_bytes)


def _is_plain(image: Image.Image) -> bool:
    """Return whether this is a colour JPEG with pixels alone."""
    added = set(image.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    return image.format == "JPEG" and image.mode == "RGB" and not added and max(image.size) <= _STEPS[0][0]


def _encoded(pixels: Image.Image, most_bytes: int) -> bytes:
    encoded = b""
    for long_side, quality in _STEPS:
        scaled = pixels.copy()
        scaled.thumbnail((long_side, long_side), Image.Resampling.LANCZOS)
        out = BytesIO()
        scaled.save(out, "JPEG", quality=quality, optimize=True)
        encoded = out.getvalue()
        if len(encoded) <= most_bytes:
            break
    return encoded
