"""The figures of a trend evaluation by their names."""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Final

from corrosion.evaluation.trial import Trial
from corrosion.trend import change_trend
from inspections.evaluation.measures import mean
from inspections.evaluation.resampling import Figure, Sample, resampled

MEANINGS: Final = {
    "false_worsening": "unchanged pairs that were compared and called worsening",
    "growth_found": "pairs grown by more than 5 points called worsening; not compared counts as missed",
    "growth_found_when_compared": "the same, of those that were compared",
    "false_worsening_of_ten": "false_worsening of a photo that is one of ten compared: five points of two angles",
    "growth_found_of_ten": "growth_found of such a photo",
    "trend_accuracy": "right words, of compared pairs whose true word is known",
    "not_comparable": "pairs of which nothing was said, of all pairs that could have been compared",
    "rightly_not_comparable": "pairs that show different places and were not compared",
    "change_mae_points": "mean distance of measured and true change, in points of area",
    "change_bias_points": "mean of measured minus true change",
    "change_range_holds": "the 95 % range of the measured change holds the true one",
    "unchanged_noise_points": "root mean square of the change measured on unchanged pairs: one standard deviation",
}

Figures = dict[str, Figure | None]


def figures(trials: Sequence[Trial]) -> Figures:
    """Return every figure with its 95 % interval over source photographs; None where it does not apply."""
    tried = resampled(trials, [trial.pair.source for trial in trials])
    compared = tried.where(attrgetter("is_compared"))
    grown = attrgetter("has_grown")
    measured = tried.where(lambda trial: trial.change is not None and trial.true_points is not None)
    unchanged = measured.where(attrgetter("is_unchanged"))
    noise = _mean(unchanged, lambda trial: _points(trial) ** 2)
    return {
        "false_worsening": _mean(compared.where(attrgetter("is_unchanged")), _is_called_worse),
        "growth_found": _mean(tried.where(grown), _is_called_worse),
        "growth_found_when_compared": _mean(compared.where(grown), _is_called_worse),
        "false_worsening_of_ten": _mean(compared.where(attrgetter("is_unchanged")), _is_called_worse_of_ten),
        "growth_found_of_ten": _mean(tried.where(grown), _is_called_worse_of_ten),
        "trend_accuracy": _mean(compared.where(lambda trial: trial.expected is not None), attrgetter("is_right")),
        "not_comparable": _mean(tried.where(attrgetter("is_one_place")), lambda trial: not trial.is_compared),
        "rightly_not_comparable": _mean(tried.where(lambda trial: not trial.is_one_place), attrgetter("is_right")),
        "change_mae_points": _mean(measured, lambda trial: abs(_error(trial))),
        "change_bias_points": _mean(measured, _error),
        "change_range_holds": _mean(measured, _range_holds),
        "unchanged_noise_points": noise
        and Figure(value=noise.value**0.5, low=noise.low**0.5, high=noise.high**0.5, n=noise.n),
    }


def _mean(sample: Sample[Trial], of: Callable[[Trial], float]) -> Figure | None:
    return sample.figure(mean(sample.column(of)))


def _is_called_worse(trial: Trial) -> bool:
    return trial.said == "worsening"


def _is_called_worse_of_ten(trial: Trial) -> bool:
    """Of many changes each has to reach farther, so that what is compared alone says more than an inspection does."""
    return trial.is_compared and trial.change is not None and change_trend(trial.change, among=10) == "worsening"


def _range_holds(trial: Trial) -> bool:
    low, high = trial.change.range if trial.change else (0.0, 0.0)
    return low <= (trial.true_points or 0.0) <= high


def _points(trial: Trial) -> float:
    return trial.change.points if trial.change else 0.0


def _error(trial: Trial) -> float:
    return _points(trial) - (trial.true_points or 0.0)
