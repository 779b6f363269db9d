"""Hostile files sent in the place of a photo, each generated on demand, with the required verdict.

`REFUSED` must be refused with a reason. `JUDGED` is a valid picture: it must come out as our own re-encoding, usable or
with a reason to retake it.
"""

import random
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from io import BytesIO
from typing import Any, Final

import numpy as np
import pillow_heif
from PIL import Image

REFUSED: Final = "refused"
JUDGED: Final = "judged"
EITHER: Final = "either"
SIDE: Final = 960
# x265 settings; the defaults take eight times as long.
FAST: Final = {"preset": "ultrafast"}
POSITION: Final = b"54.3217"
_START_OF_SCAN: Final = b"\xff\xda"
_END_OF_IMAGE: Final = b"\xff\xd9"
_PNG: Final = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class Hostile:
    name: str
    make: Callable[[], bytes]
    expected: str


def files() -> Iterator[Hostile]:
    """Return every kind of file, generated only on request: some are large."""
    for expected, kinds in ((REFUSED, _REFUSED), (JUDGED, _JUDGED), (EITHER, _EITHER)):
        for name, make in kinds.items():
            yield Hostile(name, make, expected)


@cache
def picture(width: int = 1280, height: int = SIDE) -> Image.Image:
    """Return a sharp, well exposed picture."""
    blocks = np.random.default_rng(7).integers(60, 200, (height // 32, width // 32, 3), dtype=np.uint8)
    return Image.fromarray(np.kron(blocks, np.ones((32, 32, 1), dtype=np.uint8)))


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def jpeg(**options: Any) -> bytes:
    return saved(picture(), "JPEG", quality=90, **options)


@cache
def small_jpeg() -> bytes:
    return saved(picture().resize((160, 120)), "JPEG")


def png(mode: str = "RGB", **options: Any) -> bytes:
    return saved(picture().convert(mode), "PNG", **options)


def heic(**options: Any) -> bytes:
    out = BytesIO()
    pillow_heif.from_pillow(picture()).save(out, quality=60, enc_params=FAST, **options)
    return out.getvalue()


# --- JPEG, by its segments ----------------------------------------------------------------------------------------


def with_segments(*segments: bytes, content: bytes = b"") -> bytes:
    """Insert the segments right after the start of the image."""
    content = content or jpeg()
    return content[:2] + b"".join(segments) + content[2:]


def segment(marker: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def resized(content: bytes, width: int, height: int) -> bytes:
    """Declare another size in the header."""
    at = next(at for at in (content.find(bytes((0xFF, sof))) for sof in (0xC0, 0xC2)) if at > 0)
    return content[: at + 5] + struct.pack(">HH", height, width) + content[at + 9 :]


def as_frame(content: bytes, marker: int, precision: int = 8) -> bytes:
    """Declare another coding in the header."""
    at = content.find(b"\xff\xc0")
    return content[: at + 1] + bytes((marker,)) + content[at + 2 : at + 4] + bytes((precision,)) + content[at + 5 :]


def scan_bomb(side: int, scans: int) -> bytes:
    """Build a JPEG of tiny scans; each makes the decoder process the whole picture once more."""
    content = saved(Image.new("L", (side, side), 128), "JPEG", progressive=True)
    last = content.rfind(_START_OF_SCAN)
    return content[:last] + content[last:-2] * scans + _END_OF_IMAGE


def exif(**tags: Any) -> bytes:
    found = Image.Exif()
    for number, value in tags.items():
        found[int(number[1:], 16)] = value
    return found.tobytes()


def located_exif() -> bytes:
    found = Image.Exif()
    found[0x010F] = "Secret Cameras Ltd"
    found.get_ifd(0x8825).update({1: "N", 2: (54.0, 19.0, 22.0), 3: "E", 4: (10.0, 8.0, 5.0)})
    return found.tobytes()


def located_xmp() -> bytes:
    return b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><exif:GPSLatitude>' + POSITION + b"</exif:GPSLatitude></x:xmpmeta>"


def xmp_segment() -> bytes:
    return segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + located_xmp())


def sixteen_bit() -> Image.Image:
    return Image.fromarray(np.asarray(picture().convert("L")).astype(np.uint16) * 257)


def exif_loop() -> bytes:
    """Build EXIF that names the same directory as its next one."""
    return b"Exif\0\0MM\0*" + struct.pack(">IH", 8, 1) + struct.pack(">HHII", 0x8825, 4, 1, 8) + struct.pack(">I", 8)


def thumbnail_with_position() -> bytes:
    inner = with_segments(segment(0xE1, b"Exif\0\0" + located_exif()[6:]))[:60000]
    return with_segments(segment(0xE2, b"MPF\0" + inner[:60000]))


# --- PNG, by its chunks -------------------------------------------------------------------------------------------


def chunk(kind: bytes, payload: bytes = b"") -> bytes:
    return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", zlib.crc32(kind + payload))


def raw_png(width: int, height: int, *, depth: int = 8, colour: int = 2, interlaced: int = 0, rows: int = 0) -> bytes:
    """Build a PNG of this many empty rows, whatever its header declares."""
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    line = b"\0" * (1 + (width * channels * depth + 7) // 8)
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(line) for _ in range(rows)) + packer.flush()
    header = struct.pack(">IIBBBBB", width & 0xFFFFFFFF, height & 0xFFFFFFFF, depth, colour, 0, 0, interlaced)
    return _PNG + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND")


def with_chunks(*chunks: bytes, content: bytes = b"") -> bytes:
    """Insert the chunks right after the header."""
    content = content or png()
    end = len(_PNG) + 25
    return content[:end] + b"".join(chunks) + content[end:]


def zip_bomb(size: int) -> bytes:
    return zlib.compress(b"\0" * size, 9)


def apng() -> bytes:
    frames = [picture().rotate(90 * turn) for turn in range(3)]
    return saved(frames[0], "PNG", save_all=True, append_images=frames[1:])


# --- Others -------------------------------------------------------------------------------------------------------


def with_heic_size(width: int, height: int) -> bytes:
    content = bytearray(heic())
    at = 0
    while (at := content.find(b"ispe", at)) > 0:
        content[at + 8 : at + 16] = struct.pack(">II", width, height)
        at += 16
    return bytes(content)


def heic_sequence() -> bytes:
    several = pillow_heif.HeifFile()
    for turn in range(3):
        several.add_from_pillow(picture().rotate(90 * turn))
    out = BytesIO()
    several.save(out, quality=60, enc_params=FAST)
    return out.getvalue()


def flat_heic(side: int) -> bytes:
    """Build a HEIC with colour at full resolution, which takes a decoder twice the memory."""
    pixels = np.full((side, side, 3), 120, np.uint8)
    out = BytesIO()
    pillow_heif.encode("RGB", (side, side), pixels.data, out, quality=20, chroma=444, enc_params=FAST)
    return out.getvalue()


def rotated_heic() -> bytes:
    return heic(exif=exif(_0112=6))


def animated_gif() -> bytes:
    return saved(picture(), "GIF", save_all=True, append_images=[picture().rotate(90)])


def two_pictures() -> bytes:
    return saved(picture(), "MPO", save_all=True, append_images=[picture().rotate(180)])


def noise(size: int, *, start: bytes = b"") -> bytes:
    return start + random.Random(size).randbytes(size)


def half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def flat(mode: str, side: int, **options: Any) -> bytes:
    return saved(Image.new(mode, (side, side)), "JPEG", **options)


def boxed(brand: bytes) -> bytes:
    return struct.pack(">I", 24) + b"ftyp" + brand + b"\0\0\0\0" + brand + brand + noise(5000)


_HTML: Final = b"<html><script>alert(document.domain)</script></html>"
_REFUSED: Final[dict[str, Callable[[], bytes]]] = {
    "empty": bytes,
    "one byte": lambda: b"\xff",
    "only the magic": lambda: b"\xff\xd8\xff\xe0",
    "noise behind the magic of JPEG": partial(noise, 200_000, start=b"\xff\xd8\xff\xe0"),
    "noise behind the magic of PNG": partial(noise, 200_000, start=_PNG),
    "HTML": lambda: _HTML * 200,
    "SVG with a script": lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>' * 100,
    "PDF": lambda: b"%PDF-1.7\n" + noise(5000) + b"%%EOF",
    "ZIP": lambda: b"PK\x03\x04" + noise(5000),
    "HTML that begins like a GIF": lambda: b"GIF89a" + _HTML * 200,
    "animated GIF": animated_gif,
    "BMP": lambda: saved(picture(), "BMP"),
    "TIFF of several pages": lambda: saved(picture(), "TIFF", save_all=True, append_images=[picture()] * 3),
    "WebP": lambda: saved(picture(), "WEBP"),
    "WebP that says it is enormous": lambda: b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff" * 9,
    "AVIF": partial(boxed, b"avif"),
    "video": partial(boxed, b"isom"),
    "JPEG cut off in its header": lambda: jpeg()[:300],
    "JPEG cut off at a half": lambda: half(jpeg()),
    "JPEG that lacks its last bytes": lambda: jpeg()[:-40],
    "JPEG cut off behind a thumbnail": lambda: with_segments(segment(0xE1, b"Exif\0\0" + small_jpeg()))[:-40],
    "JPEG cut off before another one": lambda: half(jpeg()) + small_jpeg(),
    "JPEG cut off before fill bytes": lambda: half(jpeg()) + b"\xff" * 4096,
    "JPEG cut off before a restart marker": lambda: half(jpeg()) + b"\xff\xd0" + b"\x11" * 1000,
    "JPEG cut off before noise": lambda: half(jpeg()) + noise(50_000),
    "JPEG cut off before zeros": lambda: half(jpeg()) + bytes(500_000),
    "JPEG cut off before a film": lambda: half(jpeg()) + boxed(b"isom")[:24] + bytes(range(256)) * 2000,
    "JPEG, progressive, cut off before another one": lambda: half(jpeg(progressive=True)) + small_jpeg(),
    "PNG cut off at a half": lambda: half(png()),
    "HEIC cut off at a half": lambda: half(heic()),
    "HEIC cut off before zeros": lambda: half(heic()) + bytes(500_000),
    "HEIC cut off before fill bytes": lambda: half(heic()) + b"\xff" * 500_000,
    "HEIC cut off before a film": lambda: half(heic()) + boxed(b"isom") * 100,
    "JPEG that says it is 65,500 × 65,500": lambda: resized(jpeg(), 65_500, 65_500),
    "JPEG without a height": lambda: resized(jpeg(), 1280, 0),
    "JPEG of 5,000 scans": partial(scan_bomb, 6000, 5000),
    "JPEG of 5 million comments": lambda: with_segments(segment(0xFE, b"") * 5_000_000),
    "JPEG with 20 megabytes of fill bytes": lambda: with_segments(b"\xff" * 20_000_000),
    "JPEG of 59 million pixels, progressive": partial(flat, "RGB", 7700, progressive=True, subsampling=0),
    "JPEG of 59 million pixels, CMYK, progressive": partial(flat, "CMYK", 7700, progressive=True),
    "JPEG, lossless": lambda: as_frame(jpeg(), 0xC3),
    "JPEG of 12 bits": lambda: as_frame(jpeg(), 0xC1, 12),
    "PNG that says it is 100,000 × 100,000": partial(raw_png, 100_000, 100_000, rows=1),
    "PNG of 400 million pixels in 50 kB": partial(raw_png, 20_000, 20_000, depth=1, colour=0, rows=20_000),
    "PNG, interlaced, of 100 million pixels": partial(raw_png, 10_000, 10_000, interlaced=1, rows=11_000),
    "PNG of a million texts": lambda: with_chunks(chunk(b"tEXt", b"a\0b") * 1_000_000),
    "PNG of a million pieces of pixels": lambda: with_chunks(chunk(b"IDAT") * 1_000_000),
    "PNG of negative size": partial(raw_png, -1280, -960, rows=10),
    "PNG of no width": partial(raw_png, 0, 960, rows=10),
    "PNG with a wrong checksum": lambda: png().replace(b"IDAT", b"IDAT!", 1),
    "HEIC of 49 million pixels in full colour": partial(flat_heic, 7000),
    "HEIC that says it is 60,000 × 60,000": partial(with_heic_size, 60_000, 60_000),
}
_JUDGED: Final[dict[str, Callable[[], bytes]]] = {
    "JPEG with HTML behind it": lambda: jpeg() + _HTML,
    "JPEG with a ZIP behind it": lambda: jpeg() + b"PK\x03\x04" + noise(100_000),
    "JPEG that is a script too": lambda: with_segments(segment(0xFE, b"*/=1;alert(1);/*" * 100)),
    "JPEG with HTML in its EXIF": partial(jpeg, exif=exif(_010E=_HTML.decode())),
    "JPEG of 10,000 comments": lambda: with_segments(*[segment(0xFE, b"x" * 100)] * 10_000),
    "JPEG with ten megabytes of colour profile": partial(jpeg, icc_profile=noise(10_000_000)),
    "JPEG with 60 kB of EXIF": partial(jpeg, exif=exif(_9286=noise(60_000))),
    "JPEG with a position in its EXIF": lambda: jpeg(exif=located_exif()),
    "JPEG with a position in its XMP": lambda: with_segments(xmp_segment()),
    "JPEG with a position in a second picture": thumbnail_with_position,
    "JPEG, CMYK": lambda: saved(picture().convert("CMYK"), "JPEG", quality=90),
    "JPEG, grey": lambda: saved(picture().convert("L"), "JPEG", quality=90),
    "JPEG, progressive": partial(jpeg, progressive=True),
    "JPEG of 49 million pixels, progressive": partial(flat, "RGB", 7000, progressive=True),
    "JPEG of 59 million pixels, CMYK": partial(flat, "CMYK", 7700),
    "JPEG of two pictures (MPO)": two_pictures,
    "JPEG, one pixel": partial(flat, "RGB", 1),
    "JPEG, 1 × 65,500": lambda: saved(Image.new("RGB", (1, 65_500)), "JPEG"),
    "JPEG, 65,500 × 1": lambda: saved(Image.new("RGB", (65_500, 1)), "JPEG"),
    "PNG, 16-bit grey": lambda: saved(
        Image.fromarray(np.asarray(picture().convert("L")).astype(np.uint16) * 257), "PNG"
    ),
    "PNG, 16-bit colour, 24 million pixels": partial(raw_png, 4898, 4898, depth=16, rows=4898),
    "PNG, 16-bit transparent, 24 million pixels": partial(raw_png, 4898, 4898, depth=16, colour=6, rows=4898),
    "PNG, palette": partial(png, "P"),
    "PNG, grey and transparent": partial(png, "LA"),
    "PNG, one bit": partial(png, "1"),
    "PNG, animated": apng,
    "PNG with a page of script behind it": lambda: png() + _HTML,
    "HEIC, rotated": rotated_heic,
    "HEIC of three pictures": heic_sequence,
    **{f"JPEG, turned as EXIF says {turn}": partial(jpeg, exif=exif(_0112=turn)) for turn in range(1, 9)},
}
# A decoder may accept or refuse these; anything else is a fault.
_EITHER: Final[dict[str, Callable[[], bytes]]] = {
    "JPEG, arithmetic": lambda: as_frame(jpeg(), 0xC9),
    "PNG whose pixels are not there": partial(raw_png, 1280, 960, rows=3),
    "JPEG with broken EXIF": lambda: with_segments(segment(0xE1, b"Exif\0\0" + noise(5000))),
    "JPEG whose EXIF goes in circles": lambda: with_segments(segment(0xE1, exif_loop())),
    "JPEG with an orientation of 4,711": partial(jpeg, exif=exif(_0112=4711)),
    "PNG whose text unpacks to 2 GB": lambda: with_chunks(chunk(b"zTXt", b"a\0\0" + zip_bomb(2**31))),
    "PNG whose profile unpacks to 1 GB": lambda: with_chunks(chunk(b"iCCP", b"a\0\0" + zip_bomb(2**30))),
    "PNG whose interlaced pixels are 24 million": partial(raw_png, 4898, 4898, interlaced=1, rows=5000),
}
