"""Convert any RGB to sRGB (IEC 61966-2-1), so that one scene looks the same from every phone.

Primaries and curves by their code points of ITU-T H.273, as HEIC (nclx), PNG (cICP) and profiles (cicp) name them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from inspections.engines.base import Rgb
from inspections.engines.quality_flags import QualityFlag

"""The quality flag of a picture whose colours or curve cannot be converted to sRGB."""

PQ: Final = 16
HLG: Final = 18
_SRGB_PRIMARIES: Final = 1
_SRGB_CURVE: Final = 13
_Numbers: TypeAlias = NDArray[np.float64]
_Curve: TypeAlias = Callable[[_Numbers], _Numbers]
_Chromaticities: TypeAlias = tuple[float, ...]
"""x and y of red, green, blue and white."""

_D65: Final = (0.3127, 0.3290)
_PRIMARIES: Final[dict[int, _Chromaticities]] = {
    1: (0.640, 0.330, 0.300, 0.600, 0.150, 0.060, *_D65),  # BT.709, sRGB
    4: (0.670, 0.330, 0.210, 0.710, 0.140, 0.080, 0.310, 0.316),  # BT.470 M
    5: (0.640, 0.330, 0.290, 0.600, 0.150, 0.060, *_D65),  # BT.601, 625 lines
    6: (0.630, 0.340, 0.310, 0.595, 0.155, 0.070, *_D65),  # BT.601, 525 lines
    7: (0.630, 0.340, 0.310, 0.595, 0.155, 0.070, *_D65),  # SMPTE 240M
    8: (0.681, 0.319, 0.243, 0.692, 0.145, 0.049, 0.310, 0.316),  # film
    9: (0.708, 0.292, 0.170, 0.797, 0.131, 0.046, *_D65),  # BT.2020
    11: (0.680, 0.320, 0.265, 0.690, 0.150, 0.060, 0.314, 0.351),  # DCI P3
    12: (0.680, 0.320, 0.265, 0.690, 0.150, 0.060, *_D65),  # Display P3
    22: (0.630, 0.340, 0.295, 0.605, 0.155, 0.077, *_D65),  # EBU 3213
}
_ADOBE_RGB: Final = (0.640, 0.330, 0.210, 0.710, 0.150, 0.060, *_D65)
_ADOBE_RGB_GAMMA: Final = 563 / 256
# Logarithmic curves, used by video alone: we cannot undo them.
_IRREVERSIBLE_CURVES: Final = frozenset({9, 10})
_LINEAR: Final = 8
# BT.2408: the white of a screen is 203 cd/m² in PQ, and 75 % of the signal in HLG.
_WHITE_NITS: Final = 203.0
_PQ_PEAK_NITS: Final = 10_000.0
_HLG_PEAK_NITS: Final = 1000.0
_HLG_SYSTEM_GAMMA: Final = 1.2
_LUMINANCE_2020: Final = np.array([0.2627, 0.6780, 0.0593])
_BRADFORD: Final = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
_STEPS: Final = 0xFFFF
# Absolute difference: a matrix or a gamma nearer than this to that of sRGB differs by rounding only.
_SAME_MATRIX: Final = 0.01
_SAME_GAMMA: Final = 0.02
_SRGB_GAMMA: Final = 1 / 2.2
# Range of the exponents of real curves, and limit of the numbers of a matrix.
_GAMMAS: Final = (0.2, 1.5)
_ABSURD: Final = 20.0
_ROWS_AT_ONCE: Final = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Colour:
    """Conversion of one picture to sRGB, of 8 bits or of 16; `quality_flags` say why the colours are unreliable.

    `is_of_light`: the numbers describe light far beyond white (PQ, HLG), so that 8 bits are too few for them.
    """

    convert: Callable[[Rgb], Rgb]
    quality_flags: tuple[str, ...] = ()
    is_of_light: bool = False


def of_code_points(*, primaries: int, transfer: int) -> Colour | None:
    """Return the colours of these code points (H.273, tables 2 and 3); None if they are those of sRGB.

    Unspecified and reserved code points count as sRGB, and so do television curves, as in every viewer.
    """
    if transfer in _IRREVERSIBLE_CURVES:
        return Colour(convert=_unchanged, quality_flags=(QualityFlag.UNKNOWN_COLOUR,))
    primaries = primaries if primaries in _PRIMARIES else _SRGB_PRIMARIES
    if primaries == _SRGB_PRIMARIES and transfer not in _CURVES:
        return None
    curve = _CURVES.get(transfer, _srgb_to_linear)
    matrix = to_srgb_matrix(_PRIMARIES[primaries])
    convert = partial(_converted, curve=curve, matrix=matrix, is_hlg=transfer == HLG)
    return Colour(convert=convert, is_of_light=transfer in (PQ, HLG))


def of_gamma(*, gamma: float | None, chromaticities: _Chromaticities | None) -> Colour | None:
    """Return the colours of a PNG's gAMA (its encoding exponent) and cHRM; None if they are those of sRGB."""
    try:
        matrix = to_srgb_matrix(chromaticities) if chromaticities else np.eye(3)
    except (np.linalg.LinAlgError, ZeroDivisionError):
        matrix = np.eye(3)
    if not np.isfinite(matrix).all() or np.abs(matrix).max() > _ABSURD:
        matrix = np.eye(3)
    is_srgb_curve = gamma is None or not _GAMMAS[0] <= gamma <= _GAMMAS[1] or abs(gamma - _SRGB_GAMMA) < _SAME_GAMMA
    if is_srgb_curve and np.allclose(matrix, np.eye(3), atol=_SAME_MATRIX):
        return None
    curve = _srgb_to_linear if is_srgb_curve or gamma is None else partial(_power, exponent=1 / gamma)
    return Colour(convert=partial(_converted, curve=curve, matrix=matrix, is_hlg=False))


@cache
def adobe_rgb() -> Colour:
    """Return the colours of Adobe RGB (1998)."""
    curve = partial(_power, exponent=_ADOBE_RGB_GAMMA)
    return Colour(convert=partial(_converted, curve=curve, matrix=to_srgb_matrix(_ADOBE_RGB), is_hlg=False))


def to_srgb_matrix(chromaticities: _Chromaticities) -> _Numbers:
    """Return the 3×3 matrix from linear RGB of these primaries and white to linear sRGB, white to white (Bradford)."""
    ours = _to_xyz(_PRIMARIES[_SRGB_PRIMARIES])
    return np.asarray(np.linalg.solve(ours, _adapted(chromaticities[6:]) @ _to_xyz(chromaticities)), np.float64)


def _to_xyz(chromaticities: _Chromaticities) -> _Numbers:
    xyz = np.array([_xyz(*pair) for pair in zip(chromaticities[::2], chromaticities[1::2], strict=True)]).T
    columns = xyz[:, :3]
    matrix: _Numbers = columns * np.linalg.solve(columns, xyz[:, 3])
    return matrix


def _xyz(x: float, y: float) -> tuple[float, float, float]:
    return x / y, 1.0, (1 - x - y) / y


def _adapted(white: _Chromaticities) -> _Numbers:
    theirs, ours = (_BRADFORD @ np.array(_xyz(*each)) for each in ((white[0], white[1]), _D65))
    return np.asarray(np.linalg.solve(_BRADFORD, np.diag(ours / theirs) @ _BRADFORD), np.float64)


def _converted(pixels: Rgb, *, curve: _Curve, matrix: _Numbers, is_hlg: bool) -> Rgb:
    """Undo the curve, convert the primaries, apply the sRGB curve; in bands of rows, to limit memory."""
    levels = np.iinfo(pixels.dtype).max + 1
    linear = curve(np.arange(levels) / (levels - 1)).astype(np.float32)
    turned = matrix.T.astype(np.float32)
    converted = np.empty(pixels.shape, np.uint8)
    for top in range(0, len(pixels), _ROWS_AT_ONCE):
        light = linear[pixels[top : top + _ROWS_AT_ONCE]]
        if is_hlg:
            light *= _hlg_display_gain(light)
        ours = light @ turned
        ours /= np.maximum(ours.max(axis=2, keepdims=True), 1)  # light above white keeps its hue
        steps = (np.clip(ours, 0, 1) * _STEPS + 0.5).astype(np.uint16)
        converted[top : top + _ROWS_AT_ONCE] = _srgb_of_linear()[steps]
    return converted


@cache
def _srgb_of_linear() -> NDArray[np.uint8]:
    """Return the eight-bit sRGB value of each of 65,536 steps of light."""
    light = np.arange(_STEPS + 1) / _STEPS
    encoded = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.asarray(np.rint(255 * encoded), np.uint8)


def _srgb_to_linear(signal: _Numbers) -> _Numbers:
    linear: _Numbers = np.where(signal <= 0.04045, signal / 12.92, ((signal + 0.055) / 1.055) ** 2.4)
    return linear


def _power(signal: _Numbers, *, exponent: float) -> _Numbers:
    return signal**exponent


def _pq_to_linear(signal: _Numbers) -> _Numbers:
    """BT.2100, table 4; 1 is the white of a screen."""
    root = signal ** (32 / 2523)
    light = np.maximum(root - 0.8359375, 0) / (18.8515625 - 18.6875 * root)
    return _PQ_PEAK_NITS / _WHITE_NITS * light ** (16384 / 2610)


def _hlg_to_scene(signal: _Numbers) -> _Numbers:
    """BT.2100, table 5: the light of the scene, 1 at its brightest."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene: _Numbers = np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12)
    return scene


def _hlg_display_gain(scene: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the factor by which a screen of 1000 cd/m² multiplies each pixel (BT.2100, table 5, OOTF); 1 is white."""
    luminance = scene @ _LUMINANCE_2020.astype(np.float32)
    return (_HLG_PEAK_NITS / _WHITE_NITS * luminance ** (_HLG_SYSTEM_GAMMA - 1))[..., None]


def _unchanged(pixels: Rgb) -> Rgb:
    return pixels


_CURVES: Final[dict[int, _Curve]] = {
    4: partial(_power, exponent=2.2),
    5: partial(_power, exponent=2.8),
    _LINEAR: partial(_power, exponent=1),
    PQ: _pq_to_linear,
    17: partial(_power, exponent=2.6),
    HLG: _hlg_to_scene,
}
