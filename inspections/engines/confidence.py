"""Turn a calibrated probability into the words of a finding."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from inspections.engines.base import Confidence, Look, Photo, Point, SignalDetected
from inspections.engines.imaging.decode import Picture
from inspections.engines.imaging.quality import PANORAMA_FROM, TOO_FAR, is_too_far

# (at least, at most, confidence), of calibrated probabilities.
_LEVELS: Final[tuple[tuple[float, float, Confidence], ...]] = (
    (0.9, 0.1, "high"),
    (0.8, 0.2, "medium"),
    (0.7, 0.3, "low"),
)
_LESS_SURE: Final[dict[Confidence, Confidence]] = {"high": "medium", "medium": "low", "low": "low"}
_DIFFERING: Final = 0.4
_WIDE: Final = "wide"
# Changing one of them changes answers, so every `model_version` includes them in its hash.
NUMBERS: Final = (_LEVELS, tuple(_LESS_SURE.items()), _DIFFERING, PANORAMA_FROM)


def near_photos(point: Point) -> tuple[Photo, ...]:
    """Return the photos to judge: the near ones; a wide one counts only if there is no nearer one.

    From afar a small spot is invisible and a distant stain belongs to another point: neither contradicts the near
    photos.
    """
    return tuple(photo for photo in point.photos if photo.angle != _WIDE) or point.photos


def verdict(probability: float) -> tuple[SignalDetected, Confidence]:
    """Return the verdict for a probability of presence; between .3 and .7 it is inconclusive, low."""
    for at_least, at_most, confidence in _LEVELS:
        if probability >= at_least:
            return "yes", confidence
        if probability <= at_most:
            return "no", confidence
    return "inconclusive", "low"


def judged(looks: Sequence[Look]) -> tuple[SignalDetected, Confidence, tuple[str, ...]]:
    """Return the combined verdict of several looks at one place, its confidence, and the reasons for doubt.

    Looks with a doubt are left out; if all have one, the verdict is inconclusive. If one look alone would say yes and
    another no, the verdict is inconclusive too: in an average, a sufficiently sure "no" would overrule the other look.
    If looks only differ, or one was left out, the confidence drops by one level.
    """
    trusted = [look.probability for look in looks if not look.doubts]
    if not trusted:
        return "inconclusive", "low", tuple(dict.fromkeys(doubt for look in looks for doubt in look.doubts))
    left_out = len(trusted) < len(looks)
    if {"yes", "no"} <= {verdict(probability)[0] for probability in trusted}:
        return "inconclusive", "low", ("angles_disagree",)
    detected, confidence = verdict(pooled(trusted))
    if detected == "inconclusive":
        return detected, confidence, ("unsure",)
    return detected, less_sure(confidence) if left_out or _differ(trusted) else confidence, ()


def less_sure(confidence: Confidence) -> Confidence:
    """Return the confidence one level lower; "low" stays."""
    return _LESS_SURE[confidence]


def doubted(look: Look, picture: Picture) -> Look:
    """Return the look with the doubts that its picture gives rise to.

    A "no" counts as no answer where a patch would be too small to be visible; a visible sign still counts.
    """
    doubts = picture.doubts
    is_far = is_too_far(width=picture.header.width, height=picture.header.height)
    if is_far and verdict(look.probability)[0] != "yes":
        doubts = (*doubts, TOO_FAR)
    return replace(look, doubts=(*look.doubts, *doubts)) if doubts else look


def _differ(probabilities: Sequence[float]) -> bool:
    return max(probabilities) - min(probabilities) > _DIFFERING


def logistic(value: float) -> float:
    """Return the logistic function of `value`, safe for any magnitude."""
    return 1 / (1 + math.exp(-value)) if value >= 0 else math.exp(value) / (1 + math.exp(value))


def pooled(probabilities: Sequence[float]) -> float:
    """Return the probability that several looks at one place support together: the mean of their log-odds.

    The looks are far from independent, so the evidence is averaged, not added.
    """
    clipped = [min(max(p, 1e-6), 1 - 1e-6) for p in probabilities]
    return logistic(sum(math.log(p / (1 - p)) for p in clipped) / len(clipped))
