"""Steel hull plates: paint, weld seams, worn antifouling, and rust that grows from the same places."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from inspections.engines.base import Rgb
from rendering.camera import Colour, Field, Size, View, blend, expose, noise_canvas, smoothstep, view_of
from rendering.ruler import draw_ruler

_TOPSIDES: Final[tuple[Colour, ...]] = ((74, 92, 116), (196, 198, 194), (92, 108, 98), (128, 134, 140), (78, 92, 118))
_ANTIFOULING: Final[tuple[Colour, ...]] = ((56, 72, 110), (66, 68, 72), (62, 88, 80))
_PRIMER: Final[Colour] = (150, 152, 150)
_SKY: Final[Colour] = (196, 206, 214)
_GROUND: Final[Colour] = (118, 116, 112)
_DARK_RUST: Final[Colour] = (74, 42, 28)
_BRIGHT_RUST: Final[Colour] = (172, 92, 42)
_STAIN: Final[Colour] = (158, 104, 62)

_SHEER_Y, _WATERLINE_Y, _KEEL_Y = 0.07, 0.66, 0.95
_SEAM_YS: Final = (0.36, 0.58)
_SEAM_XS: Final = (0.22, 0.62, 1.04)
_RUST_SCALES: Final = ((1, 4, 0.55), (2, 11, 0.55), (3, 34, 0.36), (4, 110, 0.22))


def render_hull_plate(*, seed: int, angle: str, rust: float, size: Size = (1600, 1200), visit: int = 0) -> Rgb:
    """Return a photograph of the steel hull `seed`, about the share `rust` (0 to 1) of its side rusted.

    `angle` is "wide", "mid" or "close", views of the same plate. More `rust` is the same plate with its rust grown;
    another `visit` is the same plate from a slightly different stance, in slightly different light.
    """
    spread = _rust_canvas(seed)
    view = view_of(angle, target=_rustiest_place(spread), size=size, seed=seed, visit=visit)
    scene = _weather(_painted(view, seed), view, seed)
    if rust > 0:
        scene = _rusted(scene, view, seed, threshold=_rust_threshold(spread, rust))
    scene = _surroundings(scene * _light(view, seed)[..., None], view, seed)
    if angle == "close":
        draw_ruler(scene)
    return expose(scene, seed=seed, visit=visit, angle=angle)


def _pick(colours: tuple[Colour, ...], seed: int) -> Colour:
    return colours[seed % len(colours)]


def _painted(view: View, seed: int) -> NDArray[np.float32]:
    x, y = view.world
    wobble = 0.004 * view.noise(seed, 20, 40) + 0.006 * view.noise(seed, 21, 9)
    worn = y + wobble
    scene = np.full((*y.shape, 3), _pick(_TOPSIDES, seed), np.float32)
    scene = blend(scene, _PRIMER, smoothstep(worn, _WATERLINE_Y - 0.012, _WATERLINE_Y - 0.008))
    patchy = smoothstep(worn, _WATERLINE_Y, _WATERLINE_Y + 0.004) * smoothstep(
        view.noise(seed, 22, 26) + (y - _WATERLINE_Y) * 40, -0.6, 0.1
    )
    scene = blend(scene, _pick(_ANTIFOULING, seed), patchy)
    return _seams(scene, x, y, wobble)


def _seams(scene: NDArray[np.float32], x: Field, y: Field, wobble: Field) -> NDArray[np.float32]:
    """A weld bead catches light on its upper flank and throws a shadow below."""
    relief = np.zeros_like(y)
    for seam in (*(y - at for at in _SEAM_YS), *(x - at for at in _SEAM_XS)):
        t = (seam + 0.25 * wobble) / 0.0045
        near = np.abs(t) < 3
        relief[near] -= t[near] * np.exp(-(t[near] ** 2))
    return scene * (1 + 0.35 * relief)[..., None]


def _weather(scene: NDArray[np.float32], view: View, seed: int) -> NDArray[np.float32]:
    """Uneven paint: broad fading, fine orange peel, and chalky scuffs."""
    fading = 0.035 * view.noise(seed, 30, 5) + 0.02 * view.noise(seed, 31, 60) + 0.03 * view.noise(seed, 32, 420)
    scuffs = 0.35 * smoothstep(view.noise(seed, 33, 90) * view.noise(seed, 34, 14), 1.4, 2.2)
    return blend(scene * (1 + fading)[..., None], (186, 188, 186), scuffs)


def _rust_bias(x: Field, y: Field) -> Field:
    """Rust starts at welds, and stays on the hull."""
    nearest = np.minimum.reduce([*(np.abs(y - at) for at in _SEAM_YS), *(np.abs(x - at) for at in _SEAM_XS)])
    off_hull = smoothstep(np.abs(y - 0.47), 0.3, 0.45)
    return np.asarray(0.9 * np.exp(-nearest / np.float32(0.03)) - 3.0 * off_hull, np.float32)


def _rust_canvas(seed: int) -> Field:
    height, width = noise_canvas(seed, 1, 4).shape
    y, x = (axis.astype(np.float32) / height for axis in np.indices((height, width)))
    noise = sum((weight * noise_canvas(seed, layer, cells) for layer, cells, weight in _RUST_SCALES), np.float32(0))
    return np.asarray(noise + _rust_bias(x, y), np.float32)


def _rust_threshold(spread: Field, rust: float) -> float:
    on_hull = spread[round(_SHEER_Y * spread.shape[0]) : round(_WATERLINE_Y * spread.shape[0])]
    return float(np.quantile(on_hull, 1 - min(rust, 0.95)))


def _rustiest_place(spread: Field) -> tuple[float, float]:
    height = spread.shape[0]
    smooth = cv2.GaussianBlur(spread, (0, 0), height / 20)
    margin = height // 6
    inner = smooth[margin:-margin, margin:-margin]
    row, column = np.unravel_index(np.argmax(inner), inner.shape)
    return (float(column) + margin) / height, (float(row) + margin) / height


def _rusted(scene: NDArray[np.float32], view: View, seed: int, *, threshold: float) -> NDArray[np.float32]:
    noise = sum((weight * view.noise(seed, layer, cells) for layer, cells, weight in _RUST_SCALES), np.float32(0))
    depth = np.asarray(noise + _rust_bias(*view.world), np.float32) - np.float32(threshold)
    fine, coarse = view.noise(seed, 40, 480), view.noise(seed, 41, 70)
    eaten = smoothstep(depth, 0.0, 0.06)
    stained = 0.55 * _runs(eaten, view) + 0.25 * smoothstep(depth, -0.12, 0.02)
    scene = blend(scene, _STAIN, np.clip(stained * (0.8 + 0.25 * coarse), 0, 0.75))
    brightness = np.clip(0.55 + 0.22 * fine + 0.2 * coarse - 0.25 * smoothstep(depth, 0.1, 0.8), 0, 1)[..., None]
    rust = np.asarray(_DARK_RUST, np.float32) * (1 - brightness) + np.asarray(_BRIGHT_RUST, np.float32) * brightness
    return blend(scene, rust, 0.94 * eaten)


def _runs(eaten: Field, view: View) -> Field:
    """Stain that ran down from the rust: at a quarter of the size, for speed."""
    width, height = view.size
    small = cv2.resize(eaten, (width // 4, height // 4), interpolation=cv2.INTER_AREA)
    length = max(2, round(0.07 * view.px_per_unit / 4))
    kernel = np.zeros((2 * length + 1, 1), np.float32)
    kernel[:length, 0] = np.linspace(0, 1, length)
    kernel /= kernel.sum()
    run = cv2.filter2D(small, -1, kernel)
    return np.asarray(cv2.resize(run, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def _surroundings(scene: NDArray[np.float32], view: View, seed: int) -> NDArray[np.float32]:
    _, y = view.world
    scene = blend(scene, _SKY, smoothstep(y, _SHEER_Y + 0.002, _SHEER_Y - 0.002))
    gravel = np.asarray(_GROUND, np.float32) * (1 + 0.16 * view.noise(seed, 50, 300))[..., None]
    return blend(scene, gravel, smoothstep(y, _KEEL_Y, _KEEL_Y + 0.004))


def _light(view: View, seed: int) -> Field:
    """Daylight from above, and the soft shadow of a stanchion or a neighbour boat across the side."""
    x, y = view.world
    slope, offset = np.random.default_rng((seed, 9)).uniform((-0.5, 0.15), (0.5, 1.0))
    edge = x + np.float32(slope) * y - np.float32(offset)
    shadow = smoothstep(edge, -0.012, 0.012) * smoothstep(edge, 0.192, 0.168)
    return np.asarray((1.12 - 0.2 * y) * (1 - 0.34 * shadow), np.float32)
