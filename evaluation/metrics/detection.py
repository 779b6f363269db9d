"""Evaluate presence: the probability of the signal, and the words derived from it."""

from collections.abc import Callable
from operator import attrgetter
from typing import Final, TypeAlias

import numpy as np

from evaluation.metrics import measures
from evaluation.metrics.resampling import Metric, Sample
from evaluation.observation import Observation
from inspections.vocabulary import ConfidenceLevel, SignalDetected

Metrics: TypeAlias = dict[str, Metric | None]
ObservationSample: TypeAlias = Sample[Observation]
_Test: TypeAlias = Callable[[Observation], bool]

_shows: Final[_Test] = attrgetter("row.shows_signal")
_is_predicted: Final[_Test] = attrgetter("is_predicted")
_is_decided: Final[_Test] = attrgetter("is_decided")
_is_correct: Final[_Test] = attrgetter("is_correct")
_is_reported: Final[_Test] = attrgetter("is_reported")
_probability: Final[Callable[[Observation], float]] = attrgetter("probability")

_LEVELS: Final[tuple[ConfidenceLevel, ...]] = (ConfidenceLevel.HIGH, ConfidenceLevel.MEDIUM, ConfidenceLevel.LOW)
_RECALL: Final = 0.9
_BY_PART: Final = ("auroc", "recall", "specificity", "specificity_at_90_recall", "false_alarm_rate", "miss_rate")


def presence_metrics(sample: ObservationSample) -> Metrics:
    """Return the metrics of the calibrated probability, independent of the words."""
    labels, scores, predicted = (sample.column(of) for of in (_shows, _probability, _is_predicted))
    return {
        "auroc": sample.metric(measures.auroc(labels, scores)),
        "balanced_accuracy_at_half": sample.metric(measures.balanced_accuracy(labels, predicted)),
        "specificity_at_90_recall": _at_recall(sample, among=_is_clean),
        "expected_calibration_error": sample.metric(measures.calibration_error(labels, scores)),
    }


def answer_metrics(sample: ObservationSample) -> Metrics:
    """Return how often the words answer, and how often they are correct, at the thresholds that ship.

    Inconclusive is no answer, and not a "yes".
    """
    labels, reported = sample.column(_shows), sample.column(_is_reported)
    metrics = {
        "balanced_accuracy": sample.metric(measures.balanced_accuracy(labels, reported)),
        "precision": _proportion(sample, _shows, among=_is_reported),
        "recall": _proportion(sample, _is_reported, among=_shows),
        "f1": sample.metric(measures.f1(labels * reported, reported, labels)),
        "specificity": _proportion(sample, lambda each: not each.is_reported, among=_is_clean),
        "decided_coverage": _proportion(sample, _is_decided),
        "decided_accuracy": _proportion(sample, _is_correct, among=_is_decided),
        "false_alarm_rate": _proportion(sample, _is_reported, among=_is_clean),
        "miss_rate": _proportion(sample, lambda each: each.detected == SignalDetected.NO, among=_shows),
    }
    for level in _LEVELS:
        metrics[f"decided_coverage_{level}"] = _proportion(sample, _decided_at(level))
        metrics[f"decided_accuracy_{level}"] = _proportion(sample, _is_correct, among=_decided_at(level))
    return metrics


def part_metrics(sample: ObservationSample, name: str, part_of: Callable[[Observation], str]) -> Metrics:
    """Return the metrics of each part (a kind, a source), under names such as "recall[kind=real]".

    The threshold of 90 % recall is that of all photos. Metrics that a part cannot give are omitted.
    """
    metrics: Metrics = {}
    for part in sorted({part_of(each) for each in sample.items}):
        inside = sample.where(_belonging(part_of, part))
        every = {**presence_metrics(inside), **answer_metrics(inside)}
        every["specificity_at_90_recall"] = _at_recall(sample, among=_clean_and_belonging(part_of, part))
        metrics |= {f"{key}[{name}={part or 'unnamed'}]": metric for key in _BY_PART if (metric := every[key])}
    return metrics


def _proportion(sample: ObservationSample, holds: _Test, *, among: _Test | None = None) -> Metric | None:
    chosen = sample if among is None else sample.where(among)
    return chosen.proportion(holds)


def _at_recall(sample: ObservationSample, *, among: _Test) -> Metric | None:
    """Metrics on some negatives, at the threshold where nine of ten photos with the signal are called."""
    negatives = sample.column(among)
    measure = measures.specificity_at_recall(
        sample.column(_shows), sample.column(_probability), recall=_RECALL, among=negatives
    )
    return sample.metric(measure, n=int(np.count_nonzero(negatives)))


def _belonging(part_of: Callable[[Observation], str], part: str) -> _Test:
    return lambda each: part_of(each) == part


def _clean_and_belonging(part_of: Callable[[Observation], str], part: str) -> _Test:
    return lambda each: _is_clean(each) and part_of(each) == part


def _decided_at(level: ConfidenceLevel) -> _Test:
    return lambda each: each.is_decided and each.confidence == level


def _is_clean(each: Observation) -> bool:
    return not each.row.shows_signal
