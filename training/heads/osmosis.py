"""Train the osmosis head: coverage, centres and sizes of blisters, on surfaces of every kind.

No licensed photograph of real gelcoat blisters is known, so every blister is drawn; negatives are real wherever
available.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from inspections.engines.base import Circle, Rgb
from training.augmentation import augment
from training.data.dataset import Picture
from training.heads.network import SegmentationNet
from training.heads.schedule import DEVICE, TrainingStage, run_stages
from training.synthesis.blisters.composition import Example, compose, compose_clean, compose_negative
from training.synthesis.blisters.hull import gelcoat_background
from training.synthesis.hulls import painted_hull

COVER, CENTRE, LOG_RADIUS = range(3)
PLANES: Final = 3
SIDE_PX: Final = 384
ROUNDS: Final = (900,)
_ENCODER: Final = 0
_STRIDE: Final = 4
_MINED_AFTER: Final = 250
# Share of the surfaces: drawn gelcoat, and drawn worn antifouling on a real grain. The others are photographs.
_DRAWN_HULLS: Final = 0.25
_PAINTED_HULLS: Final = 0.12

Floats = NDArray[np.float32]


@dataclass(slots=True)
class BatchSampler:
    """Draws batches: drawn blisters on real surfaces, look-alikes, and unchanged surfaces.

    `labelled` already show blisters; `clean` show none. A clean picture is drawn more often, the more likely a blister
    seems in it.
    """

    labelled: Sequence[Picture]
    clean: Sequence[Picture]
    mistake_weights: NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        self.mistake_weights = np.ones(len(self.clean))

    def batch(self, rng: Generator) -> tuple[Tensor, Tensor]:
        """Return pictures (8, 3, side, side), RGB 0..255, and the three planes (8, 3, side / 4, side / 4)."""
        makers = [self._blistered] * 3 + [self._labelled, self._look_alike, self._look_alike, self._clean, self._clean]
        drawn = [maker(rng) for maker in makers]
        pictures = np.stack([pixels for pixels, _, _ in drawn]).transpose(0, 3, 1, 2)
        planes = np.stack([planes_of(cover, centres) for _, cover, centres in drawn])
        return torch.from_numpy(pictures), torch.from_numpy(planes)

    def _blistered(self, rng: Generator) -> tuple[Rgb, Floats, Sequence[Circle]]:
        return _unpack(compose(self._background(rng), rng=rng, size_px=SIDE_PX))

    def _look_alike(self, rng: Generator) -> tuple[Rgb, Floats, Sequence[Circle]]:
        return _unpack(compose_negative(self._background(rng), rng=rng, size_px=SIDE_PX))

    def _clean(self, rng: Generator) -> tuple[Rgb, Floats, Sequence[Circle]]:
        if rng.random() < _DRAWN_HULLS:
            return _unpack(compose_clean(gelcoat_background(rng), rng=rng, size_px=SIDE_PX))
        chosen = int(rng.choice(len(self.clean), p=self.mistake_weights / self.mistake_weights.sum()))
        return _unpack(compose_clean(self.clean[chosen].pixels, rng=rng, size_px=SIDE_PX))

    def _labelled(self, rng: Generator) -> tuple[Rgb, Floats, Sequence[Circle]]:
        picture = self.labelled[int(rng.integers(len(self.labelled)))]
        pixels, mask = augment.crop(picture.pixels, picture.mask, rng=rng, side_px=SIDE_PX, scales=(0.8, 1.5))
        pixels = augment.photograph(augment.relight(pixels, rng=rng), rng=rng)
        cover = (mask > 0).astype(np.float32)
        return pixels, cover, blisters_of(cover > 0)

    def _background(self, rng: Generator) -> Rgb:
        pixels = self.clean[int(rng.integers(len(self.clean)))].pixels
        kind = rng.random()
        if kind < _DRAWN_HULLS:
            return gelcoat_background(rng)
        if kind < _DRAWN_HULLS + _PAINTED_HULLS:
            grain = cv2.resize(pixels, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
            return painted_hull(np.asarray(grain, np.uint8), rng=rng)
        return pixels


def train(
    pictures: Sequence[Picture], *, backgrounds: Sequence[Picture], rounds: Sequence[int], seed: int
) -> SegmentationNet:
    """Return a trained head; `backgrounds` are further pictures without blisters."""
    torch.manual_seed(seed)
    labelled = [picture for picture in pictures if picture.shows_signal]
    clean = [picture for picture in pictures if not picture.shows_signal] + list(backgrounds)
    sampler = BatchSampler(labelled, clean)

    def watch(model: SegmentationNet, step: int) -> None:
        if step % _MINED_AFTER == 0:
            sampler.mistake_weights = 0.03 + np.array([strongest(model, picture.pixels) for picture in sampler.clean])

    model = SegmentationNet(encoder=_ENCODER, planes=PLANES)
    # A heat map is cold nearly everywhere: start there, or the first steps are spent on reaching that state.
    with torch.no_grad():
        model.out.bias[:LOG_RADIUS] = -3.0
    stage = TrainingStage(draw=sampler.batch, loss_of=loss_of, watch=watch, seed=seed, every=_MINED_AFTER)
    return run_stages(model, [stage] * len(rounds), rounds=rounds)


def loss_of(logits: Tensor, planes: Tensor) -> Tensor:
    """Cover by cross-entropy and overlap, centres by the focal loss of CenterNet (Zhou et al. 2019), radii by L1."""
    cover = logits[:, COVER].sigmoid()
    shared = (cover * planes[:, COVER]).sum()
    overlap = (2 * shared + 1) / (cover.sum() + planes[:, COVER].sum() + 1)
    at_centre = (planes[:, CENTRE] == 1).float()
    count = at_centre.sum().clamp(min=1)
    radius = ((logits[:, LOG_RADIUS] - planes[:, LOG_RADIUS]).abs() * at_centre).sum() / count
    covered = binary_cross_entropy_with_logits(logits[:, COVER], planes[:, COVER])
    return covered + 0.5 * (1 - overlap) + _focal(logits[:, CENTRE], planes[:, CENTRE]) / count + 0.3 * radius


def _focal(logits: Tensor, heat: Tensor) -> Tensor:
    likelihood = logits.sigmoid().clamp(1e-4, 1 - 1e-4)
    hit = torch.log(likelihood) * (1 - likelihood) ** 2 * (heat == 1)
    false = torch.log(1 - likelihood) * likelihood**2 * (1 - heat) ** 4 * (heat < 1)
    return -(hit + false).sum()


def planes_of(cover: Floats, centres: Sequence[Circle]) -> Floats:
    """Return cover, heat of centres (1 at each, falling off within its radius) and log radius (cells), (3, h, w)."""
    height, width = (side // _STRIDE for side in cover.shape)
    planes = np.zeros((PLANES, height, width), np.float32)
    planes[COVER] = cv2.resize(cover, (width, height), interpolation=cv2.INTER_AREA)
    rows, columns = np.indices((height, width), dtype=np.float32)
    for circle in centres:
        row, column = int(circle.y // _STRIDE), int(circle.x // _STRIDE)
        if not (0 <= row < height and 0 <= column < width):
            continue
        spread = max(0.6, circle.radius / _STRIDE / 3)
        heat = np.exp(-((rows - row) ** 2 + (columns - column) ** 2) / (2 * spread**2))
        planes[CENTRE] = np.maximum(planes[CENTRE], heat)
        planes[LOG_RADIUS, row, column] = np.log(max(circle.radius, 1) / _STRIDE)
    return planes


def blisters_of(mask: NDArray[np.bool_]) -> list[Circle]:
    """Return each connected region of a drawn mask as the circle of equal area."""
    _, _, stats, middles = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    areas = stats[1:, cv2.CC_STAT_AREA]
    return [
        Circle(x=float(x), y=float(y), radius=float(np.sqrt(area / np.pi)))
        for (x, y), area in zip(middles[1:], areas, strict=True)
    ]


@torch.no_grad()
def strongest(model: SegmentationNet, pixels: Rgb) -> float:
    """Return the likelihood of the most likely blister of a picture."""
    square = cv2.resize(pixels, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
    tensor = torch.from_numpy(square.astype(np.float32)).permute(2, 0, 1)[None].to(DEVICE)
    return float(model(tensor.to(memory_format=torch.channels_last))[0, CENTRE].sigmoid().max())


def _unpack(example: Example) -> tuple[Rgb, Floats, Sequence[Circle]]:
    return example.pixels, example.mask, example.centres
