"""Derive the trend (better, worse or unchanged) from measured changes of area, singly and together. Plain Python."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from corrosion.vocabulary import Trend


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """Difference between two photos of the same unchanged place after matching, in percentage points of area.

    `repeat_photo_points` is one standard deviation where the map of rust is certain; `per_unsure_point` is the amount
    that each percentage point of uncertain area adds. Set with the trained detector on made pairs
    (`training.synthesis.pairs`) of the calibration split, at the high end of the measured values: real visits differ by
    more than made ones. Checked on the validation split by `manage.py evaluate_trend`; measure again for another
    engine.
    """

    repeat_photo_points: float = 2.5
    per_unsure_point: float = 0.2

    def of(self, uncertain_points: float) -> float:
        """One standard deviation of a change, for maps with this many percentage points of uncertain area."""
        return math.hypot(self.repeat_photo_points, self.per_unsure_point * uncertain_points)


MEASURED_NOISE: Final = Noise()
# This share of comparisons of unchanged places is called worse by chance; it sets the limit in standard errors.
FALSE_ALARMS: Final = 0.04
_FALSE_ALARM_ERRORS: Final = 1.70
# A rate e times smaller moves the limit by this many standard errors: the tail is longer than that of a normal
# distribution. Both fit 828 unchanged pairs, six draws of the calibration part (`noise_reach` and `noise_reach_far` of
# `evaluate_trend`).
_TAIL_ERRORS: Final = 1.11
# Where the error could hide more growth than this, "unchanged" would be a guess and is not reported. It is a whole step
# of the bands that an owner is shown.
MAX_HIDDEN_POINTS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Change:
    """Growth of the area in percentage points of the shared region (negative: shrank), and one standard error."""

    points: float
    error: float

    @property
    def range(self) -> tuple[float, float]:
        """The 95 % range. A real change widens it by a share of the change, because no change is measured in full."""
        reach = 1.96 * math.hypot(self.error, CHANGE_ERROR_SHARE * self.points)
        return self.points - reach, self.points + reach


# Share of a change: one standard deviation of its measurement error, beside the noise. Set on made pairs of the
# calibration split, so that the range holds at least .95 of them.
CHANGE_ERROR_SHARE: Final = 0.5

NO_CHANGE: Final = Change(0.0, 0.0)


def pool_changes(changes: Sequence[Change]) -> Change:
    """Pool the changes of one place that several photos show: their mean, weighted by certainty (1/error²).

    An identical file twice (zero error) is not a second measurement; it counts only if there is nothing else.
    """
    independent = [change for change in changes if change.error > 0]
    if not independent:
        return NO_CHANGE
    weights = [change.error**-2 for change in independent]
    points = sum(weight * change.points for weight, change in zip(weights, independent, strict=True))
    return Change(points / sum(weights), sum(weights) ** -0.5)


def place_trend(changes: Sequence[Change], *, among: int) -> Trend | None:
    """Trend of one of `among` places; None if its photos contradict each other or the evidence is too weak."""
    if {Trend.WORSENING, Trend.IMPROVING} <= {change_trend(change, among=among) for change in changes}:
        return None
    return change_trend(pool_changes(changes), among=among)


def change_trend(change: Change, *, among: int) -> Trend | None:
    """Trend of one of `among` measured changes; None if the error could hide a change that matters.

    Among many changes one looks large by chance, so the limit rises with their number (Šidák 1967). A change that would
    count alone, but not among so many, is not called unchanged either.
    """
    reach = change.error * _critical_errors(among)
    if abs(change.points) > reach:
        return Trend.WORSENING if change.points > 0 else Trend.IMPROVING
    alone = change.error * _critical_errors(1)
    return Trend.STABLE if abs(change.points) <= alone <= MAX_HIDDEN_POINTS else None


def _critical_errors(among: int) -> float:
    """Return the number of standard errors that one of so many changes must exceed."""
    chance = 1 - (1 - FALSE_ALARMS) ** (1 / among)
    return _FALSE_ALARM_ERRORS + _TAIL_ERRORS * math.log(FALSE_ALARMS / chance)


def overall_trend(trends: Sequence[Trend]) -> Trend | None:
    """Worse overrules better, and better overrules unchanged; never the average. None without any trend."""
    if not trends:
        return None
    if Trend.WORSENING in trends:
        return Trend.WORSENING
    return Trend.IMPROVING if Trend.IMPROVING in trends else Trend.STABLE
