"""Reliability: does a probability of .8 come true eight times of ten? Bins of the calibration error, and their plot."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from evaluation.metrics.measures import BINS, bins_of
from evaluation.observation import Observation

_SIDE: Final = 320
_MARGIN: Final = 44


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """The photos with a probability in one tenth: mean probability, how many show the signal, how many photos."""

    probability: float
    frequency: float
    n: int


def reliability(observations: Sequence[Observation]) -> tuple[Bin, ...]:
    """Return the bins that hold any photo, lowest probability first."""
    probabilities = np.asarray([each.probability for each in observations], np.float64)
    labels = np.asarray([each.row.shows_signal for each in observations], np.float64)
    inside = [bins_of(probabilities) == number for number in range(BINS)]
    return tuple(
        Bin(probability=float(probabilities[where].mean()), frequency=float(labels[where].mean()), n=int(where.sum()))
        for where in inside
        if where.any()
    )


def plot(bins: Sequence[Bin]) -> str:
    """Return the reliability plot as SVG: dots on the dashed line are calibrated, larger dots are more photos."""
    most = max((each.n for each in bins), default=1)
    dots = [_dot(each, radius=3 + 9 * (each.n / most) ** 0.5) for each in bins]
    full = _SIDE + 2 * _MARGIN
    return "\n".join(
        [
            f'<svg viewBox="0 0 {full} {full}" role="img" aria-label="Reliability plot" class="plot">',
            *(_tick(step / 5) for step in range(6)),
            f'<path class="ideal" d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}"/>',
            f'<polyline class="curve" points="{" ".join(f"{_x(b.probability)},{_y(b.frequency)}" for b in bins)}"/>',
            *dots,
            f'<text x="{_x(0.5)}" y="{full - 6}" text-anchor="middle">probability said</text>',
            f'<text transform="translate(12 {_y(0.5)}) rotate(-90)" text-anchor="middle">share that shows it</text>',
            "</svg>",
        ]
    )


def _dot(each: Bin, *, radius: float) -> str:
    tooltip = f"{each.n} photos: {each.probability:.2f} said, {each.frequency:.2f} true"
    x, y = _x(each.probability), _y(each.frequency)
    return f'<circle cx="{x}" cy="{y}" r="{radius:.1f}"><title>{tooltip}</title></circle>'


def _tick(value: float) -> str:
    return (
        f'<path class="grid" d="M{_x(value)} {_y(0)}V{_y(1)}M{_x(0)} {_y(value)}H{_x(1)}"/>'
        f'<text x="{_x(value)}" y="{_y(0) + 16}" text-anchor="middle">{value:.1f}</text>'
        f'<text x="{_x(0) - 6}" y="{_y(value) + 4}" text-anchor="end">{value:.1f}</text>'
    )


def _x(value: float) -> float:
    return round(_MARGIN + _SIDE * value, 1)


def _y(value: float) -> float:
    return round(_MARGIN + _SIDE * (1 - value), 1)
