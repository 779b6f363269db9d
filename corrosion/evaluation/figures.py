"""The figures of a trend evaluation by their names."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Final

from corrosion.evaluation.trial import Trial
from corrosion.trend import Trend, change_trend
from inspections.evaluation.measures import mean
from inspections.evaluation.resampling import Figure, Sample, resampled

MEANINGS: Final = {
    "false_worsening": "unchanged pairs that were compared and called worsening",
    "false_improving": "unchanged pairs that were compared and called improving",
    "growth_found": "pairs grown by more than 5 points called worsening; not compared counts as missed",
    "growth_found_when_compared": "the same, of those that were compared",
    "false_worsening_of_ten": "false_worsening of a photo that is one of ten compared: five points of two angles",
    "growth_found_of_ten": "growth_found of such a photo",
    "false_worsening_of_inspection": "ten unchanged photos, one or more of them called worsening, if they err apart",
    "trend_accuracy": "right words, of compared pairs whose true word is known",
    "not_comparable": "pairs of which nothing was said, of all pairs that could have been compared",
    "not_comparable_of_ten": "the same of a photo that is one of ten compared",
    "rightly_not_comparable": "pairs that show different places and were not compared",
    "change_mae_points": "mean distance of measured and true change, in points of area",
    "change_bias_points": "mean of measured minus true change",
    "change_range_holds": "the 95 % range of the measured change holds the true one",
    "unchanged_noise_points": "root mean square of the change measured on unchanged pairs: one standard deviation",
}

Figures = dict[str, Figure | None]
# Five points of two angles.
_LOOKS: Final = 10


def figures(trials: Sequence[Trial]) -> Figures:
    """Return every figure with its 95 % interval over source photographs; None where it does not apply."""
    tried = resampled(trials, [trial.pair.source for trial in trials])
    compared = tried.where(attrgetter("is_compared"))
    grown = attrgetter("has_grown")
    measured = tried.where(lambda trial: trial.change is not None and trial.true_points is not None)
    unchanged = measured.where(attrgetter("is_unchanged"))
    noise = _mean(unchanged, lambda trial: _points(trial) ** 2)
    same, one_place = compared.where(attrgetter("is_unchanged")), tried.where(attrgetter("is_one_place"))
    false_of_ten = same.share(lambda trial: _of_ten(trial) == "worsening")
    return {
        "false_worsening": same.share(lambda trial: trial.said == "worsening"),
        "false_improving": same.share(lambda trial: trial.said == "improving"),
        "growth_found": tried.where(grown).share(lambda trial: trial.said == "worsening"),
        "growth_found_when_compared": compared.where(grown).share(lambda trial: trial.said == "worsening"),
        "false_worsening_of_ten": false_of_ten,
        "false_worsening_of_inspection": false_of_ten and _any_of_ten(false_of_ten),
        "growth_found_of_ten": tried.where(grown).share(lambda trial: _of_ten(trial) == "worsening"),
        "trend_accuracy": compared.where(lambda trial: trial.expected is not None).share(attrgetter("is_right")),
        "not_comparable": one_place.share(lambda trial: not trial.is_compared),
        "not_comparable_of_ten": one_place.share(lambda trial: _of_ten(trial) is None),
        "rightly_not_comparable": tried.where(lambda trial: not trial.is_one_place).share(attrgetter("is_right")),
        "change_mae_points": _mean(measured, lambda trial: abs(_error(trial))),
        "change_bias_points": _mean(measured, _error),
        "change_range_holds": measured.share(_range_holds),
        "unchanged_noise_points": noise
        and Figure(value=noise.value**0.5, low=noise.low**0.5, high=noise.high**0.5, n=noise.n),
    }


def _mean(sample: Sample[Trial], of: Callable[[Trial], float]) -> Figure | None:
    return sample.figure(mean(sample.column(of)))


def _of_ten(trial: Trial) -> Trend | None:
    """Of many changes each has to reach farther, so that what is compared alone says more than an inspection does."""
    return change_trend(trial.change, among=_LOOKS) if trial.is_compared and trial.change is not None else None


def _any_of_ten(each: Figure) -> Figure:
    """At least one of ten, each with this chance."""
    return replace(each, **{end: 1 - (1 - getattr(each, end)) ** _LOOKS for end in ("value", "low", "high")})


def _range_holds(trial: Trial) -> bool:
    low, high = trial.change.range if trial.change else (0.0, 0.0)
    return low <= (trial.true_points or 0.0) <= high


def _points(trial: Trial) -> float:
    return trial.change.points if trial.change else 0.0


def _error(trial: Trial) -> float:
    return _points(trial) - (trial.true_points or 0.0)
