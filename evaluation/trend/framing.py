"""Metrics of the warning at the hull: does it name the photos that cannot be compared, and only those?"""

from typing import Final

from corrosion.judgement.framing import Framing
from corrosion.vocabulary import IncomparableReason
from evaluation.metrics.resampling import Metric, Sample
from evaluation.trend.pair import PairResult

MEANINGS: Final = {
    "warned_when_unmatched": "pairs not compared because the photos do not match: warned about at the hull",
    "warned_when_not_compared": "pairs not compared for any reason: warned about at the hull",
    "warned_when_compared": "pairs that were compared: warned about at the hull without need",
    "framing_measured": "pairs of one place that were warned about: with the numbers of the framing",
    "framing_right": "measured framings of known truth: within 5 % of the picture, 5 % of scale and 3 degrees of it",
}
_SHIFT: Final = 0.05
_SCALE: Final = 0.05
_TURN_DEG: Final = 3.0


def framing_metrics(sample: Sample[PairResult]) -> dict[str, Metric | None]:
    """Return every metric; None where it does not apply."""
    checked = sample.where(lambda result: result.check is not None)
    refused = checked.where(lambda result: not result.is_compared)
    unmatched = refused.where(lambda result: result.reason == IncomparableReason.PHOTOS_DO_NOT_MATCH)
    warned = checked.where(lambda result: result.is_one_place and _is_warned(result))
    known = checked.where(lambda result: result.pair.framing is not None and _measured(result) is not None)
    return {
        "warned_when_unmatched": unmatched.proportion(_is_warned),
        "warned_when_not_compared": refused.proportion(_is_warned),
        "warned_when_compared": checked.where(lambda result: result.is_compared).proportion(_is_warned),
        "framing_measured": warned.proportion(lambda result: _measured(result) is not None),
        "framing_right": known.proportion(_is_right),
    }


def _is_warned(result: PairResult) -> bool:
    return result.check is not None and not result.check.can_be_compared


def _measured(result: PairResult) -> Framing | None:
    return result.check.framing if result.check else None


def _is_right(result: PairResult) -> bool:
    measured, true = _measured(result), result.pair.framing
    assert measured is not None
    assert true is not None
    turn = (measured.rotation_deg - true.rotation_deg + 180) % 360 - 180
    shifts = (measured.shift_x - true.shift_x, measured.shift_y - true.shift_y)
    return (
        all(abs(shift) <= _SHIFT for shift in shifts)
        and abs(measured.scale / true.scale - 1) <= _SCALE
        and abs(turn) <= _TURN_DEG
    )
