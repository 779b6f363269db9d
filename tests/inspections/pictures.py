"""Photos with a fault, and one that carries its position."""

import io

import numpy as np
from PIL import Image

from testing.phone import jpeg


def encoded(pixels: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(out, "JPEG", quality=90)
    return out.getvalue()


def textured(seed: int, *, brightness: float = 1.0) -> np.ndarray:
    blocks = np.random.default_rng(seed).integers(60, 200, (15, 20, 3))
    return np.clip(np.kron(blocks, np.ones((32, 32, 1))) * brightness, 0, 255)


def dark(seed: int = 0) -> bytes:
    return encoded(textured(seed, brightness=0.1))


def bright(seed: int = 0) -> bytes:
    return encoded(255 - textured(seed, brightness=0.1))


def blurred(seed: int = 0) -> bytes:
    ramp = np.linspace(60 + seed, 200, 640)
    return encoded(np.repeat(np.tile(ramp, (480, 1))[:, :, None], 3, axis=2))


def small(seed: int = 0) -> bytes:
    return jpeg(seed, size=(160, 128))


# No random id and no duration looks like it, so a search of rows and logs finds nothing by chance.
LATITUDE = 54.0719833


def located(seed: int = 0) -> bytes:
    """Return a good photo with a position, a maker and a thumbnail's worth of text in its EXIF."""
    exif = Image.Exif()
    exif[0x010F] = "Secret Cameras Ltd"
    exif.get_ifd(0x8825).update({1: "N", 2: (LATITUDE, 19.0, 22.0), 3: "E", 4: (10.0, 8.0, 5.0)})
    return jpeg(seed, exif=exif.tobytes())


NOT_IMAGES = {
    "text": b"hello",
    "html": b"<html><script>alert(1)</script></html>" * 20,
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>' * 20,
    "one byte": b"\xff",
    "only the magic": b"\xff\xd8\xff\xe0",
    "cut short": jpeg(1)[:5000],
    "a gif": b"GIF89a" + b"\x00" * 600,
}
WHY_NOT = {
    "text": "not_an_image",
    "html": "not_an_image",
    "svg": "unsupported_format",
    "one byte": "incomplete",
    "only the magic": "incomplete",
    "cut short": "incomplete",
    "a gif": "unsupported_format",
}
