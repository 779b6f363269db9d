"""Select photos for inspection: the best, the worst, the false alarms and the misses."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import log
from typing import Final, TypeAlias

from evaluation.observation import Observation

PER_SHEET: Final = 30
_MIN_PROBABILITY: Final = 1e-9
_Order: TypeAlias = Callable[[Observation], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One contact sheet, most informative photo first."""

    title: str
    says: str
    observations: tuple[Observation, ...]


def sheets(observations: Sequence[Observation]) -> tuple[Sheet, ...]:
    """Return the four sheets of at most 30 photos; ties keep the order of the manifest."""
    alarms = (each for each in observations if each.is_predicted and not each.row.shows_signal)
    misses = (each for each in observations if each.row.shows_signal and not each.is_predicted)
    return (
        _sheet("Worst", "The probability that was furthest from the truth.", observations, lambda each: -loss(each)),
        _sheet("False alarms", "No signal, but called from a probability of .5.", alarms, lambda each: -loss(each)),
        _sheet("Misses", "A signal that was not called from a probability of .5.", misses, lambda each: -loss(each)),
        _sheet("Best", "The probability that was nearest to the truth.", observations, loss),
    )


def loss(observation: Observation) -> float:
    """Return the logarithmic loss: minus the natural logarithm of the probability given to the truth."""
    probability = observation.probability
    return -log(max(_MIN_PROBABILITY, probability if observation.row.shows_signal else 1 - probability))


def _sheet(title: str, says: str, observations: Iterable[Observation], order: _Order) -> Sheet:
    return Sheet(title=title, says=says, observations=tuple(sorted(observations, key=order)[:PER_SHEET]))
