"""Turn a calibrated probability into the words of a finding."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from inspections.engines.base import Prediction
from inspections.engines.findings import Photo, Point
from inspections.engines.imaging.decode import Picture
from inspections.engines.imaging.quality import PANORAMA_FROM, is_too_far
from inspections.engines.quality_flags import QualityFlag
from inspections.vocabulary import ConfidenceLevel, SignalDetected

# (at least, at most, confidence), of calibrated probabilities.
_LEVELS: Final[tuple[tuple[float, float, ConfidenceLevel], ...]] = (
    (0.9, 0.1, ConfidenceLevel.HIGH),
    (0.8, 0.2, ConfidenceLevel.MEDIUM),
    (0.7, 0.3, ConfidenceLevel.LOW),
)
_LOWER_CONFIDENCE: Final[dict[ConfidenceLevel, ConfidenceLevel]] = {
    ConfidenceLevel.HIGH: ConfidenceLevel.MEDIUM,
    ConfidenceLevel.MEDIUM: ConfidenceLevel.LOW,
    ConfidenceLevel.LOW: ConfidenceLevel.LOW,
}
_MAX_SPREAD: Final = 0.4
_WIDE: Final = "wide"
# Changing one of them changes answers, so every `model_version` includes them in its hash. The values are plain: a
# renamed member must not change the hash.
NUMBERS: Final = (
    tuple((at_least, at_most, level.value) for at_least, at_most, level in _LEVELS),
    tuple((level.value, lower.value) for level, lower in _LOWER_CONFIDENCE.items()),
    _MAX_SPREAD,
    PANORAMA_FROM,
)


def near_photos(point: Point) -> tuple[Photo, ...]:
    """Return the photos to judge: the near ones; a wide one counts only if there is no nearer one.

    From afar a small spot is invisible and a distant stain belongs to another point: neither contradicts the near
    photos.
    """
    return tuple(photo for photo in point.photos if photo.angle != _WIDE) or point.photos


def classify(probability: float) -> tuple[SignalDetected, ConfidenceLevel]:
    """Return the signal and its confidence for a probability of presence; between .3 and .7 it is inconclusive, low."""
    for at_least, at_most, confidence in _LEVELS:
        if probability >= at_least:
            return SignalDetected.YES, confidence
        if probability <= at_most:
            return SignalDetected.NO, confidence
    return SignalDetected.INCONCLUSIVE, ConfidenceLevel.LOW


def aggregate(predictions: Sequence[Prediction]) -> tuple[SignalDetected, ConfidenceLevel, tuple[str, ...]]:
    """Return the signal of several predictions for one place together, its confidence, and the reasons.

    Predictions with a quality flag are excluded; if all have one, the signal is inconclusive. If one prediction alone
    gives yes and another no, the signal is inconclusive too: in an average, a sufficiently sure "no" would overrule
    the other. If predictions only differ, or one was excluded, the confidence drops by one level.
    """
    trusted = [prediction.probability for prediction in predictions if not prediction.quality_flags]
    if not trusted:
        flags = dict.fromkeys(flag for prediction in predictions for flag in prediction.quality_flags)
        return SignalDetected.INCONCLUSIVE, ConfidenceLevel.LOW, tuple(flags)
    has_excluded = len(trusted) < len(predictions)
    if {SignalDetected.YES, SignalDetected.NO} <= {classify(probability)[0] for probability in trusted}:
        return SignalDetected.INCONCLUSIVE, ConfidenceLevel.LOW, (QualityFlag.ANGLES_DISAGREE,)
    detected, confidence = classify(pool_probabilities(trusted))
    if detected == SignalDetected.INCONCLUSIVE:
        return detected, confidence, (QualityFlag.UNSURE,)
    return detected, lower_confidence(confidence) if has_excluded or _is_spread_wide(trusted) else confidence, ()


def lower_confidence(confidence: ConfidenceLevel) -> ConfidenceLevel:
    """Return the confidence one level lower; "low" stays."""
    return _LOWER_CONFIDENCE[confidence]


def with_quality_flags(prediction: Prediction, picture: Picture) -> Prediction:
    """Return the prediction with the quality flags of its picture.

    A "no" counts as no answer where a patch would be too small to be visible; a visible sign still counts.
    """
    flags = picture.quality_flags
    is_far = is_too_far(width=picture.header.width, height=picture.header.height)
    if is_far and classify(prediction.probability)[0] != SignalDetected.YES:
        flags = (*flags, QualityFlag.TOO_FAR)
    return replace(prediction, quality_flags=(*prediction.quality_flags, *flags)) if flags else prediction


def _is_spread_wide(probabilities: Sequence[float]) -> bool:
    return max(probabilities) - min(probabilities) > _MAX_SPREAD


def logistic(value: float) -> float:
    """Return the logistic function of `value`, safe for any magnitude."""
    return 1 / (1 + math.exp(-value)) if value >= 0 else math.exp(value) / (1 + math.exp(value))


def pool_probabilities(probabilities: Sequence[float]) -> float:
    """Return the probability that several predictions for one place support together: the mean of their log-odds.

    The predictions are far from independent, so the evidence is averaged, not added.
    """
    clipped = [min(max(p, 1e-6), 1 - 1e-6) for p in probabilities]
    return logistic(sum(math.log(p / (1 - p)) for p in clipped) / len(clipped))
