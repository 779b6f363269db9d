"""Add rust: real rust texture placed where rust would grow, with its mask."""

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from training.augmentation.revisit import Mask, Rgb

_PATCHES_PX: Final = (112, 80, 56, 40)
_FULL_PATCH: Final = 0.97
_POOR: Final = 2
# CIE a* + b* / 2 of a patch that looks like rust: masks are drawn generously and include much paint.
_REDDISH: Final = 12.0
_EDGE_SIGMA_PX: Final = 1.5
# Rust grows from rust: at this distance from it, in px, rust is as unlikely as the noise is uneven.
_REACH_PX: Final = 30.0

Field = NDArray[np.float32]


def grow_rust(pixels: Rgb, mask: Mask, *, share: float, texture: Rgb, rng: np.random.Generator) -> tuple[Rgb, Mask]:
    """Return the place with `share` (0 to 1) of the picture newly rusted, and its mask."""
    new = _where_it_grows(mask, share, rng)
    alpha = np.clip(cv2.GaussianBlur(new.astype(np.float32), (0, 0), _EDGE_SIGMA_PX), 0, 1)[..., None]
    shaded = texture * _shading(pixels)[..., None]
    blended = pixels * (1 - alpha) + shaded * alpha
    return np.clip(blended, 0, 255).astype(np.uint8), np.asarray(np.maximum(mask, new * _POOR), np.uint8)


def rust_texture(pixels: Rgb, mask: Mask, rng: np.random.Generator) -> Rgb | None:
    """Return a picture full of the rust of a donor, quilted from its patches; None if it has too little."""
    for side in _PATCHES_PX:
        corners = _rustiest_patches(pixels, mask, side)
        if len(corners):
            patches = [pixels[row : row + side, column : column + side] for row, column in corners]
            return _quilt(patches, mask.shape, rng)
    return None


def _rustiest_patches(pixels: Rgb, mask: Mask, side: int) -> NDArray[np.int64]:
    """Upper left corners of the squares that are all poor or severe, the redder half of them, shape (n, 2)."""
    lab = cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    full, red = (
        _box_mean(field, side) for field in ((mask >= _POOR).astype(np.float32), lab[..., 1] + 0.5 * lab[..., 2])
    )
    corners = np.argwhere(full >= _FULL_PATCH)
    if not len(corners):
        return corners
    redness = red[tuple(corners.T)]
    return corners[redness >= max(_REDDISH, float(np.median(redness)))]


def _box_mean(field: Field, side: int) -> Field:
    """The mean of every whole square, at its upper left corner."""
    return np.asarray(cv2.boxFilter(field, -1, (side, side), anchor=(0, 0))[: 1 - side, : 1 - side], np.float32)


def _quilt(patches: Sequence[Rgb], shape: tuple[int, ...], rng: np.random.Generator) -> Rgb:
    """Patches that overlap by half, each faded out at its edges."""
    side, (height, width) = len(patches[0]), shape[:2]
    window = np.outer(np.hanning(side), np.hanning(side)).astype(np.float32)[..., None] + 1e-3
    quilt = np.zeros((height + side, width + side, 3), np.float32)
    weight = np.zeros((*quilt.shape[:2], 1), np.float32)
    for top in range(0, height, side // 2):
        for left in range(0, width, side // 2):
            patch = patches[int(rng.integers(len(patches)))]
            quilt[top : top + side, left : left + side] += patch * window
            weight[top : top + side, left : left + side] += window
    return np.asarray(quilt[:height, :width] / weight[:height, :width], np.uint8)


def _where_it_grows(mask: Mask, share: float, rng: np.random.Generator) -> Mask:
    """The rust-free pixels where rust comes next: near existing rust, in lobes and islands."""
    distance = np.asarray(cv2.distanceTransform((mask == 0).astype(np.uint8), cv2.DIST_L2, 5), np.float32)
    likely = -np.minimum(distance, 6 * _REACH_PX) / _REACH_PX + _lobes(mask.shape, rng)
    free = likely[mask == 0]
    least = np.quantile(free, max(0.0, 1 - share * mask.size / free.size))
    return np.asarray((likely >= least) & (mask == 0), np.uint8)


def _lobes(shape: tuple[int, ...], rng: np.random.Generator) -> Field:
    layers = (_noise(shape, cells, rng) * weight for cells, weight in ((5, 1.0), (14, 0.8), (45, 0.5), (120, 0.25)))
    return np.asarray(sum(layers), np.float32)


def _noise(shape: tuple[int, ...], cells: int, rng: np.random.Generator) -> Field:
    lattice = rng.standard_normal((cells, cells), dtype=np.float32)
    return np.asarray(cv2.resize(lattice, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC), np.float32)


def _shading(pixels: Rgb) -> Field:
    """Light and shade of the place, so that new rust does not glow in a dark corner."""
    lightness = pixels.astype(np.float32).mean(axis=2)
    broad = cv2.GaussianBlur(lightness, (0, 0), 12)
    return np.asarray(np.clip((broad / broad.mean()) ** 0.6, 0.4, 1.7), np.float32)
