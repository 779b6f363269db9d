"""Better, worse or unchanged: what measured changes of area say, alone and together. Plain Python."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

Trend = Literal["improving", "stable", "worsening"]
TRENDS: Final[tuple[Trend, ...]] = get_args(Trend)


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """How far two photos of one and the same unchanged place differ, after matching, in percentage points of area.

    `repeat_photo_points` is one standard deviation where the map of rust is sure of itself; `per_unsure_point` is how
    much each point of area of which the map is unsure adds. Set with the trained eye on made pairs (`training.pairs`)
    of the calibration split, and on the wide side of what they show: real visits differ by more than made ones. Held
    against the validation split by `manage.py evaluate_trend`; to be measured anew for another engine.
    """

    repeat_photo_points: float = 2.5
    per_unsure_point: float = 0.2

    def of(self, unsure_points: float) -> float:
        """One standard deviation of a change read from maps with this many points of unsure area."""
        return math.hypot(self.repeat_photo_points, self.per_unsure_point * unsure_points)


MEASURED_NOISE: Final = Noise()
# This share of comparisons of what did not change calls it worse, by chance alone: it lies so many standard errors off.
FALSE_ALARMS: Final = 0.04
_FALSE_ALARM_ERRORS: Final = 1.70
# A share e times smaller lies so many standard errors farther: the tail is longer than that of a bell curve. Both fit
# 828 unchanged pairs, six draws of the calibration part (`noise_reach` and `noise_reach_far` of `evaluate_trend`).
_TAIL_ERRORS: Final = 1.11
# Where more growth than this could hide in the error, nothing is called unchanged: that would be a guess. It is a whole
# step of the bands that an owner is shown.
MOST_HIDDEN_POINTS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Change:
    """By how many percentage points of the shared region the area grew (negative: shrank), and one standard error."""

    points: float
    error: float

    @property
    def range(self) -> tuple[float, float]:
        """The 95 % range: of something that changed it is wider by a share of the change, which is never read whole."""
        reach = 1.96 * math.hypot(self.error, UNREAD_SHARE * self.points)
        return self.points - reach, self.points + reach


# Of a change: how far off it is read, one standard deviation, beside the noise. Set on made pairs of the calibration
# split, so that the range holds at least .95 of them.
UNREAD_SHARE: Final = 0.5

NO_CHANGE: Final = Change(0.0, 0.0)


def together(changes: Sequence[Change]) -> Change:
    """The change of a place that several photos show: their mean, each counting by how sure it is (1/error²).

    The very same file twice (no error at all) is no second look, unless there is nothing else.
    """
    looks = [change for change in changes if change.error > 0]
    if not looks:
        return NO_CHANGE
    weights = [change.error**-2 for change in looks]
    points = sum(weight * change.points for weight, change in zip(weights, looks, strict=True))
    return Change(points / sum(weights), sum(weights) ** -0.5)


def place_trend(changes: Sequence[Change], *, among: int) -> Trend | None:
    """The trend of one of `among` places; None where the photos of it contradict each other, or tell too little."""
    if {"worsening", "improving"} <= {change_trend(change, among=among) for change in changes}:
        return None
    return change_trend(together(changes), among=among)


def change_trend(change: Change, *, among: int) -> Trend | None:
    """The trend of one of `among` measured changes; None where the error could hide what matters.

    Of many changes one looks large by chance, so each has to reach the farther the more there are (Šidák 1967). What
    would have been a change by itself, and is none among so many, is not called unchanged either.
    """
    reach = change.error * _reach(among)
    if abs(change.points) > reach:
        return "worsening" if change.points > 0 else "improving"
    alone = change.error * _reach(1)
    return "stable" if abs(change.points) <= alone <= MOST_HIDDEN_POINTS else None


def _reach(among: int) -> float:
    """How many standard errors one of so many has to differ by."""
    chance = 1 - (1 - FALSE_ALARMS) ** (1 / among)
    return _FALSE_ALARM_ERRORS + _TAIL_ERRORS * math.log(FALSE_ALARMS / chance)


def whole_trend(trends: Sequence[Trend]) -> Trend | None:
    """What got worse rules, then what got better, never the average; without any trend there is none."""
    if not trends:
        return None
    if "worsening" in trends:
        return "worsening"
    return "improving" if "improving" in trends else "stable"
