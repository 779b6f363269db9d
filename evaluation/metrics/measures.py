"""The measures as functions of how often each photo counts; all are plain sums over photos.

Weights have the shape (resamples, photos), columns the shape (photos,). A measure without a denominator is NaN.
"""

from typing import Final

import numpy as np

from evaluation.metrics.resampling import Measure, Numbers

BINS: Final = 10
# Weights are whole numbers: this prevents .9 × 10 photos from being nine and a rounding error.
_ROUNDING: Final = 1e-9


def ratio(part: Numbers, whole: Numbers) -> Measure:
    """Return the sum of `part` over the sum of `whole`."""
    return lambda weights: (weights @ part) / (weights @ whole)


def mean(values: Numbers) -> Measure:
    """Return the mean."""
    return ratio(values, np.ones_like(values))


def f1(hits: Numbers, predicted: Numbers, actual: Numbers) -> Measure:
    """Return the harmonic mean of precision and recall: 2 hits / (called + there)."""
    return ratio(2 * hits, predicted + actual)


def iou(hits: Numbers, predicted: Numbers, actual: Numbers) -> Measure:
    """Return intersection over union (Jaccard): hits / (called + there - hits)."""
    return ratio(hits, predicted + actual - hits)


def balanced_accuracy(labels: Numbers, predicted: Numbers) -> Measure:
    """Return the mean of recall and specificity."""
    recall = ratio(labels * predicted, labels)
    specificity = ratio((1 - labels) * (1 - predicted), 1 - labels)
    return lambda weights: (recall(weights) + specificity(weights)) / 2


def auroc(labels: Numbers, scores: Numbers) -> Measure:
    """Return how often a photo with the signal scores above one without, ties counted half (Mann-Whitney)."""
    order = np.argsort(scores, kind="stable")
    starts = _starts_of_ties(scores[order])

    def measure(weights: Numbers) -> Numbers:
        positives = np.add.reduceat((weights * labels)[:, order], starts, axis=1)
        negatives = np.add.reduceat((weights * (1 - labels))[:, order], starts, axis=1)
        below = np.cumsum(negatives, axis=1) - negatives
        won = (positives * (below + negatives / 2)).sum(axis=1)
        return np.asarray(won / (positives.sum(axis=1) * negatives.sum(axis=1)))

    return measure


def specificity_at_recall(labels: Numbers, scores: Numbers, *, recall: float, among: Numbers) -> Measure:
    """Return the specificity on the negatives of `among` (0 or 1) at the highest threshold that reaches `recall`."""
    order = np.argsort(-scores, kind="stable")
    starts = _starts_of_ties(scores[order])

    def measure(weights: Numbers) -> Numbers:
        found = np.cumsum(np.add.reduceat((weights * labels)[:, order], starts, axis=1), axis=1)
        alarms = np.cumsum(np.add.reduceat((weights * (1 - labels) * among)[:, order], starts, axis=1), axis=1)
        threshold = np.argmax(found >= recall * found[:, -1:] - _ROUNDING, axis=1)
        specificity = 1 - np.take_along_axis(alarms, threshold[:, None], axis=1)[:, 0] / alarms[:, -1]
        return np.where(found[:, -1] > 0, specificity, np.nan)

    return measure


def calibration_error(labels: Numbers, probabilities: Numbers) -> Measure:
    """Return the expected calibration error over ten equally wide bins (Naeini et al., AAAI 2015)."""
    inside = np.eye(BINS)[bins_of(probabilities)]
    gaps = inside * (probabilities - labels)[:, None]
    return lambda weights: np.abs(weights @ gaps).sum(axis=1) / weights.sum(axis=1)


def bins_of(probabilities: Numbers) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
    """Return the bin (0 to 9) of every probability; 1 belongs to the last."""
    return np.minimum((probabilities * BINS).astype(np.intp), BINS - 1)


def weighted_f1(confusions: Numbers) -> Measure:
    """Return the F1 of the classes, weighted by how many drawn pixels each has.

    `confusions`, shape (photos, classes, classes): drawn class by detected class; pixels are pooled over photos.
    """
    photos, classes, _ = confusions.shape
    flat = confusions.reshape(photos, classes**2)

    def measure(weights: Numbers) -> Numbers:
        pooled = (weights @ flat).reshape(-1, classes, classes)
        drawn, predicted = pooled.sum(axis=2), pooled.sum(axis=1)
        each = 2 * np.diagonal(pooled, axis1=1, axis2=2) / np.maximum(drawn + predicted, 1)
        return np.asarray((each * drawn).sum(axis=1) / drawn.sum(axis=1))

    return measure


def correlation(first: Numbers, second: Numbers) -> Measure:
    """Return Pearson's correlation; NaN where one side does not vary."""

    def measure(weights: Numbers) -> Numbers:
        total = weights.sum(axis=1)
        mean_first, mean_second = (weights @ first) / total, (weights @ second) / total
        covariance = (weights @ (first * second)) / total - mean_first * mean_second
        variance_first = (weights @ first**2) / total - mean_first**2
        variance_second = (weights @ second**2) / total - mean_second**2
        varies = (variance_first > _ROUNDING) & (variance_second > _ROUNDING)
        return np.where(varies, covariance / np.sqrt(np.where(varies, variance_first * variance_second, 1)), np.nan)

    return measure


def quantile(values: Numbers, q: float) -> Measure:
    """Return the smallest value that at least the share `q` of photos does not exceed."""
    order = np.argsort(values, kind="stable")

    def measure(weights: Numbers) -> Numbers:
        reached = np.cumsum(weights[:, order], axis=1)
        first = np.argmax(reached >= q * reached[:, -1:] - _ROUNDING, axis=1)
        return np.where(reached[:, -1] > 0, values[order][first], np.nan)

    return measure


def _starts_of_ties(ordered: Numbers) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
    """Return the start of each run of equal scores."""
    return np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
