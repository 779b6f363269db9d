"""Picture files as phones, scanners and attackers make them."""

import struct
import zlib
from io import BytesIO

import numpy as np
import pillow_heif
from PIL import Image

from testing.samples.hostile_files import FAST

CORNER = 40


def corner_picture(width: int = 320, height: int = 240) -> Image.Image:
    """Return a grey gradient with a red upper left corner, which reveals any turn of it."""
    ramp = np.linspace(60, 200, width, dtype=np.uint8)
    pixels = np.repeat(np.tile(ramp, (height, 1))[..., None], 3, axis=2)
    pixels[:CORNER, :CORNER] = (220, 20, 20)
    return Image.fromarray(pixels)


def encoded(picture: Image.Image, file_format: str, **options: object) -> bytes:
    """Return the file; a PNG is compressed quickly, because its pixels are the same at every level."""
    buffer = BytesIO()
    picture.save(buffer, file_format, **{"compress_level": 1, **options})
    return buffer.getvalue()


def oriented_jpeg(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encoded(corner_picture(), "JPEG", exif=exif.tobytes(), quality=95)


def located_jpeg() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "TopSecretPhone"
    exif.get_ifd(0x8825)[1] = "N"
    return encoded(corner_picture(), "JPEG", exif=exif.tobytes())


def heic(picture: Image.Image, *, orientation: int = 1) -> bytes:
    """Return a HEIC as an iPhone writes it: the turn is in a transform box and, to be ignored, in EXIF too."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    buffer = BytesIO()
    pillow_heif.encode(
        picture.mode, picture.size, picture.tobytes(), buffer, exif=exif.tobytes(), quality=90, enc_params=FAST
    )
    return buffer.getvalue()


def bomb_png(width: int, height: int) -> bytes:
    """Return a few bytes that declare an enormous picture."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )


def sixteen_bit_grey_png(value: int) -> bytes:
    return encoded(Image.fromarray(np.full((64, 64), value, np.uint16)), "PNG")
