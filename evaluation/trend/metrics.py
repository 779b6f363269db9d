"""Metrics of a trend evaluation, by name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, groupby
from operator import attrgetter
from typing import Final

from corrosion.judgement.trend import place_trend
from corrosion.vocabulary import Trend
from evaluation.metrics.measures import mean, quantile
from evaluation.metrics.resampling import Metric, Sample, resample
from evaluation.trend import framing
from evaluation.trend.pair import PairResult

MEANINGS: Final = {
    "false_worsening": "unchanged pairs that were compared and called worsening",
    "false_improving": "unchanged pairs that were compared and called improving",
    "growth_found": "pairs grown by more than 5 points called worsening; not compared counts as missed",
    "growth_found_when_compared": "the same, of those that were compared",
    "false_worsening_of_point": "unchanged points of two photos, one of ten compared: called worsening",
    "false_worsening_of_inspection": "ten such points, one or more of them called worsening, if photos err apart",
    "growth_found_of_point": "such points that grew by more than 5 points in both photos, called worsening",
    "not_comparable_of_point": "such points, unchanged or grown, that were not comparable",
    "trend_accuracy": "right words, of compared pairs whose true word is known",
    "not_comparable": "pairs that were not compared, of all pairs that could have been",
    "rightly_not_comparable": "pairs that show different places and were not compared",
    "change_mae_points": "mean distance of measured and true change, in points of area",
    "change_bias_points": "mean of measured minus true change",
    "change_range_holds": "the 95 % range of the measured change holds the true one",
    "unchanged_noise_points": "root mean square of the change measured on unchanged pairs: one standard deviation",
    "noise_reach": "standard errors that 4 % of unchanged pairs go beyond, to one side",
    "noise_reach_far": "standard errors that 3 in 1,000 go beyond, to one side",
    **framing.MEANINGS,
}

Metrics = dict[str, Metric | None]
_POINTS: Final = 10


def compute_metrics(results: Sequence[PairResult]) -> Metrics:
    """Return every metric with its 95 % interval over source photographs; None where it does not apply."""
    sample = resample(results, [result.pair.source for result in results])
    compared = sample.where(attrgetter("is_compared"))
    grown = attrgetter("has_grown")
    measured = sample.where(lambda result: result.change is not None and result.true_points is not None)
    unchanged = measured.where(attrgetter("is_unchanged"))
    noise = _mean(unchanged, lambda result: _points(result) ** 2)
    same, one_place = compared.where(attrgetter("is_unchanged")), sample.where(attrgetter("is_one_place"))
    points = _points_of_two(results)
    still = points.where(attrgetter("is_unchanged"))
    false_of_point = still.where(lambda point: point.trend is not None).proportion(
        lambda point: point.trend == Trend.WORSENING
    )
    return {
        "false_worsening": same.proportion(lambda result: result.answer == Trend.WORSENING),
        "false_improving": same.proportion(lambda result: result.answer == Trend.IMPROVING),
        "growth_found": sample.where(grown).proportion(lambda result: result.answer == Trend.WORSENING),
        "growth_found_when_compared": compared.where(grown).proportion(lambda result: result.answer == Trend.WORSENING),
        "false_worsening_of_point": false_of_point,
        "false_worsening_of_inspection": false_of_point and _any_of_all(false_of_point),
        "growth_found_of_point": points.where(grown).proportion(lambda point: point.trend == Trend.WORSENING),
        "not_comparable_of_point": points.proportion(lambda point: point.trend is None),
        "trend_accuracy": compared.where(lambda result: result.expected is not None).proportion(
            attrgetter("is_correct")
        ),
        "not_comparable": one_place.proportion(lambda result: not result.is_compared),
        "rightly_not_comparable": sample.where(lambda result: not result.is_one_place).proportion(
            attrgetter("is_correct")
        ),
        "change_mae_points": _mean(measured, lambda result: abs(_error(result))),
        "change_bias_points": _mean(measured, _error),
        "change_range_holds": measured.proportion(_range_holds),
        "unchanged_noise_points": noise
        and Metric(value=noise.value**0.5, low=noise.low**0.5, high=noise.high**0.5, n=noise.n),
        "noise_reach": _reach(same, beyond=0.04),
        "noise_reach_far": _reach(same, beyond=0.003),
        **framing.framing_metrics(sample),
    }


@dataclass(frozen=True, slots=True)
class _Point:
    """Two pairs of one place and one kind, treated as two angles of a point: one of `_POINTS` compared."""

    pairs: tuple[PairResult, PairResult]

    @property
    def is_unchanged(self) -> bool:
        return all(result.is_unchanged for result in self.pairs)

    @property
    def has_grown(self) -> bool:
        return all(result.has_grown for result in self.pairs)

    @property
    def trend(self) -> Trend | None:
        changes = [result.change for result in self.pairs if result.change is not None]
        return place_trend(changes, among=_POINTS) if changes else None


def _points_of_two(results: Sequence[PairResult]) -> Sample[_Point]:
    """Return every two pairs of a source photograph that both stayed unchanged or both grew."""
    source = attrgetter("pair.source")
    of_each = groupby(sorted(results, key=source), key=source)
    points = [_Point(two) for _, own in of_each for two in combinations(own, 2)]
    known = [point for point in points if point.is_unchanged or point.has_grown]
    return resample(known, [point.pairs[0].pair.source for point in known])


def _reach(unchanged: Sample[PairResult], *, beyond: float) -> Metric | None:
    """Pools both signs, because noise has no reason to favour growth."""
    measurable = unchanged.where(lambda result: result.change is not None and result.change.error > 0)
    errors = measurable.column(lambda result: abs(_points(result)) / result.change.error if result.change else 0.0)
    return measurable.metric(quantile(errors, 1 - 2 * beyond))


def _mean(sample: Sample[PairResult], of: Callable[[PairResult], float]) -> Metric | None:
    return sample.metric(mean(sample.column(of)))


def _any_of_all(each: Metric) -> Metric:
    """Probability of at least one event among all points, each with this probability."""
    return replace(each, **{end: 1 - (1 - getattr(each, end)) ** _POINTS for end in ("value", "low", "high")})


def _range_holds(result: PairResult) -> bool:
    low, high = result.change.range if result.change else (0.0, 0.0)
    return low <= (result.true_points or 0.0) <= high


def _points(result: PairResult) -> float:
    return result.change.points if result.change else 0.0


def _error(result: PairResult) -> float:
    return _points(result) - (result.true_points or 0.0)
