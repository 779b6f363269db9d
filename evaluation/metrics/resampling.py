"""Uncertainty of a metric: the bootstrap over source pictures (Efron 1979, percentile interval)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Generic, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

_Item = TypeVar("_Item")

Numbers: TypeAlias = NDArray[np.float64]
Measure: TypeAlias = Callable[[Numbers], Numbers]
"""From weights, shape (resamples, items), to one value per resample; NaN where it is not defined."""

RESAMPLES: Final = 1000
_SEED: Final = 20_240_501
_INTERVAL: Final = (2.5, 97.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A measured value, its 95 % interval, and its number of photos."""

    value: float
    low: float
    high: float
    n: int

    def as_json(self) -> dict[str, float]:
        """Return value, low and high to six digits, and n."""
        return {"value": round(self.value, 6), "low": round(self.low, 6), "high": round(self.high, 6), "n": self.n}


@dataclass(frozen=True, slots=True)
class Sample(Generic[_Item]):
    """Items and how often each is drawn, shape (1 + resamples, items); the first row draws every item once."""

    items: tuple[_Item, ...]
    weights: Numbers

    def where(self, condition: Callable[[_Item], bool]) -> "Sample[_Item]":
        """Return the part of the sample that meets the condition, under the same draws."""
        selected = np.asarray([condition(item) for item in self.items], np.bool_)
        return Sample(
            tuple(item for item, is_selected in zip(self.items, selected, strict=True) if is_selected),
            self.weights[:, selected],
        )

    def column(self, of: Callable[[_Item], float]) -> Numbers:
        """Return one number of every item, shape (items,)."""
        return np.asarray([of(item) for item in self.items], np.float64)

    def proportion(self, holds: Callable[[_Item], bool]) -> Metric | None:
        """Return the share of items that are true.

        If all are true, or none, every draw is equal, which proves no certainty: the interval is then the exact one of
        as many independent items as there are groups (Clopper & Pearson 1934).
        """
        found = self.metric(lambda weights: (weights @ self.column(holds)) / weights.sum(axis=1))
        if found is None or found.value not in (0, 1):
            return found
        reach = 1 - (1 - _INTERVAL[1] / 100) ** (1 / np.unique(self.weights, axis=1).shape[1])
        return replace(found, high=reach) if found.value == 0 else replace(found, low=1 - reach)

    def metric(self, measure: Measure, *, n: int | None = None) -> Metric | None:
        """Return a measure with its interval, None if undefined; it rests on `n` items, by default all."""
        if not self.items:
            return None
        with np.errstate(divide="ignore", invalid="ignore"):
            values = measure(self.weights)
        if not np.isfinite(values[0]):
            return None
        low, high = np.percentile(values[np.isfinite(values)], _INTERVAL)
        return Metric(value=float(values[0]), low=float(low), high=float(high), n=len(self.items) if n is None else n)


def resample(items: Sequence[_Item], groups: Sequence[str]) -> Sample[_Item]:
    """Return the items with seeded draws of whole groups: items of one group are drawn together or not at all."""
    _, group_of = np.unique(np.asarray(groups, np.str_), return_inverse=True)
    count = int(group_of.max(initial=-1)) + 1
    draws = np.zeros((RESAMPLES, count))
    if count:
        draws = np.random.default_rng(_SEED).multinomial(count, np.full(count, 1 / count), RESAMPLES).astype(np.float64)
    weights = np.vstack([np.ones(count), draws])[:, group_of]
    return Sample(tuple(items), weights)
