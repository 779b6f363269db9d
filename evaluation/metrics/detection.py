"""Evaluate presence: the probability of the signal, and the words derived from it."""

from collections.abc import Callable
from operator import attrgetter
from typing import Final, TypeAlias

import numpy as np

from evaluation.metrics import measures
from evaluation.metrics.resampling import Figure, Sample
from evaluation.observation import Observation
from inspections.engines.base import Confidence

Figures: TypeAlias = dict[str, Figure | None]
Seen: TypeAlias = Sample[Observation]
_Test: TypeAlias = Callable[[Observation], bool]

_shows: Final[_Test] = attrgetter("row.shows_signal")
_called: Final[_Test] = attrgetter("called")
_decided: Final[_Test] = attrgetter("decided")
_is_right: Final[_Test] = attrgetter("is_right")
_told: Final[_Test] = attrgetter("told")
_probability: Final[Callable[[Observation], float]] = attrgetter("probability")

_LEVELS: Final[tuple[Confidence, ...]] = ("high", "medium", "low")
_RECALL: Final = 0.9
_BY_PART: Final = ("auroc", "recall", "specificity", "specificity_at_90_recall", "false_alarm_rate", "miss_rate")


def presence(seen: Seen) -> Figures:
    """Return the figures of the calibrated probability, independent of the words."""
    labels, scores, called = (seen.column(of) for of in (_shows, _probability, _called))
    return {
        "auroc": seen.figure(measures.auroc(labels, scores)),
        "balanced_accuracy_at_half": seen.figure(measures.balanced_accuracy(labels, called)),
        "specificity_at_90_recall": _at_recall(seen, among=_is_clean),
        "expected_calibration_error": seen.figure(measures.calibration_error(labels, scores)),
    }


def answers(seen: Seen) -> Figures:
    """Return how often the words answer, and how often they are correct, at the thresholds that ship.

    Inconclusive is no answer, and not a "yes".
    """
    labels, told = seen.column(_shows), seen.column(_told)
    found = {
        "balanced_accuracy": seen.figure(measures.balanced_accuracy(labels, told)),
        "precision": _share(seen, _shows, among=_told),
        "recall": _share(seen, _told, among=_shows),
        "f1": seen.figure(measures.f1(labels * told, told, labels)),
        "specificity": _share(seen, lambda each: not each.told, among=_is_clean),
        "decided_coverage": _share(seen, _decided),
        "decided_accuracy": _share(seen, _is_right, among=_decided),
        "false_alarm_rate": _share(seen, _told, among=_is_clean),
        "miss_rate": _share(seen, lambda each: each.detected == "no", among=_shows),
    }
    for level in _LEVELS:
        found[f"decided_coverage_{level}"] = _share(seen, _decided_at(level))
        found[f"decided_accuracy_{level}"] = _share(seen, _is_right, among=_decided_at(level))
    return found


def parts(seen: Seen, name: str, part_of: Callable[[Observation], str]) -> Figures:
    """Return the figures of each part (a kind, a source), under names such as "recall[kind=real]".

    The threshold of 90 % recall is that of all photos. Figures that a part cannot give are left out.
    """
    found: Figures = {}
    for part in sorted({part_of(each) for each in seen.items}):
        inside = seen.where(_belonging(part_of, part))
        every = {**presence(inside), **answers(inside)}
        every["specificity_at_90_recall"] = _at_recall(seen, among=_clean_and_belonging(part_of, part))
        found |= {f"{key}[{name}={part or 'unnamed'}]": figure for key in _BY_PART if (figure := every[key])}
    return found


def _share(seen: Seen, holds: _Test, *, among: _Test | None = None) -> Figure | None:
    chosen = seen if among is None else seen.where(among)
    return chosen.share(holds)


def _at_recall(seen: Seen, *, among: _Test) -> Figure | None:
    """Figures on some negatives, at the threshold where nine of ten photos with the signal are called."""
    negatives = seen.column(among)
    measure = measures.specificity_at_recall(
        seen.column(_shows), seen.column(_probability), recall=_RECALL, among=negatives
    )
    return seen.figure(measure, n=int(np.count_nonzero(negatives)))


def _belonging(part_of: Callable[[Observation], str], part: str) -> _Test:
    return lambda each: part_of(each) == part


def _clean_and_belonging(part_of: Callable[[Observation], str], part: str) -> _Test:
    return lambda each: _is_clean(each) and part_of(each) == part


def _decided_at(level: Confidence) -> _Test:
    return lambda each: each.decided and each.confidence == level


def _is_clean(each: Observation) -> bool:
    return not each.row.shows_signal
