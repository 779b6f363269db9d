"""Train the corrosion head: four classes of every pixel, on bridge steel and on look-alikes of rust."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

import numpy as np
import torch
from numpy.random import Generator
from torch import Tensor
from torch.nn.functional import cross_entropy, interpolate

from inspections.engines.base import Rgb, SegmentationMap
from training.augmentation import augment
from training.data.dataset import Picture
from training.heads.network import SegmentationNet
from training.heads.schedule import DEVICE, Batch, TrainingStage, run_stages
from training.synthesis.hulls import painted_hull
from training.synthesis.scenes import dead_leaves, paint_over

CLASSES: Final = 4
ROUNDS: Final = (900, 700)
_ENCODER: Final = 2
_SIDE_PX: Final = 384
_SCALES: Final = (0.6, 1.9)
# Share of the picture: less rust than this can be painted out without a visible blur.
_LITTLE_RUST: Final = 0.12
_STRIDE: Final = 4

Place = tuple[Rgb, SegmentationMap]
Thing = TypeVar("Thing")


@dataclass(slots=True)
class BatchSampler:
    """Draws batches from the training pictures: plain ones first, then hard ones.

    If every photograph had rust and every texture were clean, the head would learn that difference. So rust is also
    shown close up and grown on other things, and photographs are also shown with their rust painted out.
    """

    rusty: Sequence[Picture]
    clean: Sequence[Picture]
    painted_over: list[Rgb] = field(init=False)

    def __post_init__(self) -> None:
        little = [picture for picture in self.rusty if 0 < (picture.mask > 0).mean() < _LITTLE_RUST]
        self.painted_over = [paint_over(picture.pixels, picture.mask) for picture in little]

    def plain(self, rng: Generator) -> Batch:
        """Return pictures (8, 3, side, side), RGB 0..255, and classes (8, side / 4, side / 4)."""
        rusty = [self._rusty(rng) for _ in range(4)]
        return self._batch([*rusty, self._grown(self._surface(rng), rng), *[self._surface(rng) for _ in range(3)]], rng)

    def hard(self, rng: Generator) -> Batch:
        """Same as `plain`, with hard pictures."""
        rusty = [self._rusty(rng) for _ in range(4)]
        grown = self._grown(self._without(rng), rng)
        return self._batch([*rusty, self._close_up(rng), grown, self._cleaned(rng), self._without(rng)], rng)

    def _batch(self, places: Sequence[Place], rng: Generator) -> Batch:
        drawn = [self._finished(*place, rng) for place in places]
        pictures = np.stack([pixels for pixels, _ in drawn]).transpose(0, 3, 1, 2)
        classes = np.stack([mask[2::_STRIDE, 2::_STRIDE] for _, mask in drawn])
        return torch.from_numpy(pictures), torch.from_numpy(classes.astype(np.int64))

    def _rusty(self, rng: Generator) -> Place:
        picture = _any(self.rusty, rng)
        pixels, mask = augment.crop(picture.pixels, picture.mask, rng=rng, side_px=_SIDE_PX, scales=_SCALES)
        return self._repainted(pixels, mask, rng, chance=0.4)

    def _close_up(self, rng: Generator) -> Place:
        """A close view of rust, often nothing but rust."""
        pixels, mask = self._near_rust(rng, scales=(1.5, 5.0))
        return self._repainted(pixels, mask, rng, chance=0.4)

    def _grown(self, place: Place, rng: Generator) -> Place:
        rust, where = self._near_rust(rng, scales=(0.7, 5.0))
        return augment.transplant(*place, rust, where, rng=rng)

    def _cleaned(self, rng: Generator) -> Place:
        pixels = _any(self.painted_over, rng)
        nothing = np.zeros(pixels.shape[:2], np.uint8)
        cut, mask = augment.crop(pixels, nothing, rng=rng, side_px=_SIDE_PX, scales=_SCALES)
        return self._repainted(cut, mask, rng, chance=0.4)

    def _without(self, rng: Generator) -> Place:
        """A picture without rust: a scene of many things, or one of them."""
        if rng.random() < 0.35:
            surfaces = [picture.pixels for picture in self.clean]
            scene = dead_leaves(surfaces, rng=rng, side_px=_SIDE_PX)
            return scene, np.zeros(scene.shape[:2], np.uint8)
        return self._surface(rng)

    def _surface(self, rng: Generator) -> Place:
        """One thing without rust, unchanged or as the coat of a hull."""
        picture = _any(self.clean, rng)
        side = max(picture.mask.shape)
        # From half its size, repeated in a mirror (a finer texture), to twice.
        scales = (0.5 * _SIDE_PX / side, 2 * _SIDE_PX / side)
        pixels, mask = augment.crop(picture.pixels, picture.mask, rng=rng, side_px=_SIDE_PX, scales=scales)
        if rng.random() < 0.55:
            return painted_hull(pixels, rng=rng), mask
        return self._repainted(pixels, mask, rng, chance=0.5)

    def _near_rust(self, rng: Generator, *, scales: tuple[float, float]) -> Place:
        picture = _any(self.rusty, rng)
        rows, columns = np.nonzero(picture.mask)
        if not len(rows):
            rows, columns = (np.array([side // 2]) for side in picture.mask.shape)
        chosen = int(rng.integers(len(rows)))
        around = (float(columns[chosen]), float(rows[chosen]))
        return augment.crop(picture.pixels, picture.mask, rng=rng, side_px=_SIDE_PX, scales=scales, around=around)

    def _repainted(self, pixels: Rgb, mask: SegmentationMap, rng: Generator, *, chance: float) -> Place:
        return (augment.repaint(pixels, mask, rng=rng) if rng.random() < chance else pixels), mask

    def _finished(self, pixels: Rgb, mask: SegmentationMap, rng: Generator) -> Place:
        return augment.photograph(augment.relight(pixels, rng=rng), rng=rng), mask


def train(
    pictures: Sequence[Picture], *, rounds: Sequence[int], seed: int, monitored: Sequence[Picture]
) -> SegmentationNet:
    """Return a trained head; `monitored` are pictures of another split; their metrics are printed during training."""
    torch.manual_seed(seed)
    sampler = BatchSampler(
        [picture for picture in pictures if picture.shows_signal],
        [picture for picture in pictures if not picture.shows_signal],
    )

    def watch(model: SegmentationNet, step: int) -> None:
        print({name: round(value, 4) for name, value in compute_metrics(model, monitored).items()}, flush=True)

    model = SegmentationNet(encoder=_ENCODER, planes=CLASSES)
    plain = TrainingStage(draw=sampler.plain, loss_of=loss_of, watch=watch, seed=seed, every=100)
    hard = replace(plain, draw=sampler.hard)
    return run_stages(model, [plain, *[hard] * (len(rounds) - 1)], rounds=rounds)


def loss_of(logits: Tensor, classes: Tensor) -> Tensor:
    """Cross-entropy of the classes, plus the overlap loss of rust as a whole (soft Jaccard over the batch)."""
    rust = 1 - logits.softmax(dim=1)[:, 0]
    truth = (classes > 0).float()
    shared = (rust * truth).sum()
    overlap = (shared + 1) / (rust.sum() + truth.sum() - shared + 1)
    return cross_entropy(logits, classes) + 0.5 * (1 - overlap)


@torch.no_grad()
def class_probabilities(model: SegmentationNet, pixels: Rgb) -> Tensor:
    """Return the probability of each class per pixel, shape (4, height, width)."""
    height, width = pixels.shape[:2]
    tensor = torch.from_numpy(pixels.astype(np.float32)).permute(2, 0, 1)[None].to(DEVICE)
    logits = model(tensor.to(memory_format=torch.channels_last))
    return interpolate(logits, size=(height, width), mode="bilinear", align_corners=False)[0].softmax(dim=0).cpu()


def compute_metrics(model: SegmentationNet, pictures: Sequence[Picture]) -> dict[str, float]:
    """Pixel IoU of rust, weighted F1 of the four classes (pixels pooled) and the area error in percentage points."""
    confusion = np.zeros((CLASSES, CLASSES))
    errors = []
    for picture in pictures:
        if not picture.shows_signal:
            continue
        probabilities = class_probabilities(model, picture.pixels).numpy()
        # First decide rust or not, by its total probability, then the class.
        predicted_classes = np.where(probabilities[0] < 0.5, 1 + probabilities[1:].argmax(axis=0), 0)
        confusion += np.bincount(
            CLASSES * picture.mask.ravel() + predicted_classes.ravel(), minlength=CLASSES**2
        ).reshape(CLASSES, CLASSES)
        errors.append(100 * ((1 - probabilities[0]).mean() - (picture.mask > 0).mean()))
    hit, missed, false = confusion[1:, 1:].sum(), confusion[1:, 0].sum(), confusion[0, 1:].sum()
    support, predicted, correct = confusion.sum(axis=1), confusion.sum(axis=0), np.diag(confusion)
    f1 = 2 * correct / np.maximum(support + predicted, 1)
    return {
        "iou": hit / (hit + missed + false),
        "weighted_f1": float((f1 * support).sum() / support.sum()),
        "area_mae": float(np.abs(errors).mean()),
        "area_bias": float(np.mean(errors)),
    }


def _any(things: Sequence[Thing], rng: Generator) -> Thing:
    return things[int(rng.integers(len(things)))]
