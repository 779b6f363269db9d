"""One scene as different phones store it: other primaries, curves and containers. Uses no code of the decoder.

Primaries as of ICC (D50) and BT.2087, curves as of IEC 61966-2-1, Adobe RGB (1998) and BT.2100.
"""

import struct
import zlib
from io import BytesIO
from typing import Final

import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image, ImageCms

from testing.samples.hostile_files import FAST
from tests.inspections.engines.picture_files import encoded

_D50: Final = (0.9642, 1.0, 0.8249)
COLORANTS: Final = {
    "sRGB": ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410)),
    "Display P3": ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407)),
    "Adobe RGB": ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457)),
    "Rec. 2020": ((0.67348, 0.27904, -0.00193), (0.16566, 0.67534, 0.02998), (0.12505, 0.04561, 0.79686)),
}
_TO_2020: Final = np.array([[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]])
_WHITE_NITS: Final = 203.0
CODE_POINTS: Final = {"PQ": (9, 16), "HLG": (9, 18)}


def profile(
    space: str, *, gamma: float | None = None, kind: bytes = b"mntr", extra: dict[bytes, bytes] | None = None
) -> bytes:
    """Return a matrix profile (ICC.1) of a space of `COLORANTS`; sRGB's curve unless `gamma` is given."""
    curve = _srgb_curve() if gamma is None else b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"
    colorants = zip((b"rXYZ", b"gXYZ", b"bXYZ"), COLORANTS[space], strict=True)
    tags = {name: _xyz(*place) for name, place in colorants} | {b"wtpt": _xyz(*_D50)}
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve) | (extra or {})
    return _profile(kind, b"RGB ", tags)


def grey_profile(gamma: float) -> bytes:
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"
    return _profile(b"mntr", b"GRAY", {b"wtpt": _xyz(*_D50), b"kTRC": curve})


def cicp_tag(space: str) -> bytes:
    return b"cicp\0\0\0\0" + bytes((*CODE_POINTS[space], 0, 1))


def in_profile(pixels: NDArray[np.uint8], of: bytes) -> Image.Image:
    """Return the same colours in the numbers of a profile, as a colour-managed program writes them."""
    picture = Image.fromarray(pixels)
    converted = ImageCms.profileToProfile(
        picture, ImageCms.createProfile("sRGB"), ImageCms.ImageCmsProfile(BytesIO(of)), renderingIntent=1
    )
    assert converted is not None
    return converted


def in_hdr(pixels: NDArray[np.uint8], space: str) -> NDArray[np.float64]:
    """Return the signal, 0 to 1, of the same colours in BT.2100; a screen's white is 203 cd/m²."""
    signal = pixels / 255
    linear = np.where(signal <= 0.04045, signal / 12.92, ((signal + 0.055) / 1.055) ** 2.4) @ _TO_2020.T
    return _pq(linear * _WHITE_NITS / 10_000) if space == "PQ" else _hlg(linear * _WHITE_NITS / 1000)


def stored(pixels: NDArray[np.uint8], *, space: str, container: str, turn: int = 1) -> bytes:
    """Return the scene as a file of that container ("JPEG", "PNG", "HEIC") in that space, to be turned as EXIF says."""
    exif = Image.Exif()
    exif[0x0112] = turn
    if space in CODE_POINTS:
        return _stored_hdr(in_hdr(pixels, space), space, container, exif.tobytes())
    of = profile(space, gamma=563 / 256 if space == "Adobe RGB" else None)
    picture = in_profile(pixels, of) if space != "sRGB" else Image.fromarray(pixels)
    icc = {} if space == "sRGB" else {"icc_profile": of}
    if container == "HEIC":
        return heic(picture, exif=exif.tobytes(), **icc)
    quality = {"quality": 95, "subsampling": 0} if container == "JPEG" else {}
    return encoded(picture, container, exif=exif.tobytes(), **icc, **quality)


def heic(picture: Image.Image, **options: object) -> bytes:
    out = BytesIO()
    pillow_heif.from_pillow(picture).save(out, quality=90, enc_params=FAST, **options)
    return out.getvalue()


def _stored_hdr(signal: NDArray[np.float64], space: str, container: str, exif: bytes) -> bytes:
    primaries, transfer = CODE_POINTS[space]
    if container == "HEIC":
        deep = np.rint(signal * 0xFFFF).astype(np.uint16)
        out = BytesIO()
        size = (deep.shape[1], deep.shape[0])
        pillow_heif.encode(
            "RGB;16",
            size,
            deep.tobytes(),
            out,
            quality=90,
            exif=exif,
            color_primaries=primaries,
            transfer_characteristics=transfer,
            matrix_coefficients=9,
            full_range_flag=1,
            enc_params=FAST,
        )
        return out.getvalue()
    picture = Image.fromarray(np.rint(signal * 255).astype(np.uint8))
    if container == "JPEG":
        # Its curve is not described: a program that does not know the tag would show it dark.
        of = profile("Rec. 2020", gamma=4.0, extra={b"cicp": cicp_tag(space)})
        return encoded(picture, "JPEG", quality=95, subsampling=0, icc_profile=of, exif=exif)
    content = encoded(picture, "PNG", exif=exif)
    body = bytes((primaries, transfer, 0, 1))
    chunk = struct.pack(">I", 4) + b"cICP" + body + struct.pack(">I", zlib.crc32(b"cICP" + body))
    return content[:33] + chunk + content[33:]


def _pq(light: NDArray[np.float64]) -> NDArray[np.float64]:
    root = np.clip(light, 0, 1) ** 0.1593017578125
    return ((0.8359375 + 18.8515625 * root) / (1 + 18.6875 * root)) ** 78.84375


def _hlg(display: NDArray[np.float64]) -> NDArray[np.float64]:
    luminance = np.maximum(display @ np.array([0.2627, 0.6780, 0.0593]), 1e-9)[..., None]
    scene = np.clip(display, 0, 1) * luminance ** (1 / 1.2 - 1)
    high = 0.17883277 * np.log(np.maximum(12 * scene - 0.28466892, 1e-9)) + 0.55991073
    return np.clip(np.where(scene <= 1 / 12, np.sqrt(3 * scene), high), 0, 1)


def _srgb_curve() -> bytes:
    signal = np.linspace(0, 1, 1024)
    linear = np.where(signal <= 0.04045, signal / 12.92, ((signal + 0.055) / 1.055) ** 2.4)
    return b"curv\0\0\0\0" + struct.pack(">I", 1024) + np.rint(linear * 0xFFFF).astype(">u2").tobytes()


def _xyz(*place: float) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(each * 65536) for each in place))


def _profile(kind: bytes, space: bytes, tags: dict[bytes, bytes]) -> bytes:
    tags = {b"desc": b"desc\0\0\0\0\0\0\0\5test\0" + bytes(79), b"cprt": b"text\0\0\0\0CC0\0"} | tags
    table, bodies, at = b"", b"", 132 + 12 * len(tags)
    for name, body in tags.items():
        table += struct.pack(">4sII", name, at + len(bodies), len(body))
        bodies += body + bytes(-len(body) % 4)
    size = at + len(bodies)
    header = struct.pack(
        ">I4sI4s4s4s12s4s4s", size, b"none", 0x02400000, kind, space, b"XYZ ", bytes(12), b"acsp", b"APPL"
    )
    header += bytes(28 - 4) + _xyz(*_D50)[8:] + bytes(128)
    return header[:68] + _xyz(*_D50)[8:] + bytes(48) + struct.pack(">I", len(tags)) + table + bodies
