"""Compare one pair as an owner's two photos would be, and check the result against the truth."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from corrosion.judgement.alignment import align_pair, warp_mask
from corrosion.judgement.change import PairPrediction, Predictor, predict_pair, register_pair
from corrosion.judgement.framing import FramingCheck
from corrosion.judgement.registration import LONG_SIDE_PX, Registration
from corrosion.judgement.trend import NO_CHANGE, Change, change_trend
from corrosion.vocabulary import IncomparableReason, Trend
from evaluation.masks import UnreadableMask, check_fit, read_mask
from evaluation.trend.hull import check_at_the_hull
from evaluation.trend.manifest import NOT_COMPARABLE, Pair
from inspections.engines.base import Rgb
from inspections.engines.imaging.decode import UnreadableImage, decode

# Percentage points of the region that both photos show. Two people who draw the same edge differ by this much.
UNCHANGED_POINTS: Final = 1.0
GROWN_POINTS: Final = 5.0

Mask = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairResult:
    """The result of one pair and its truth.

    `answer` is a trend or "not_comparable"; for the latter `reason` gives the reason. `unreadable` names the fault of a
    file of the pair or of a mask. `true_points` is the drawn change of area on the region that both photos show (on the
    whole photos if registration failed), None without masks. `prediction` is kept only on request. `change` is None if
    nothing was measured. `check` is that of the later photo at the hull, None for unreadable files.
    """

    pair: Pair
    answer: str
    reason: str = ""
    change: Change | None = None
    true_points: float | None = None
    unreadable: str = ""
    check: FramingCheck | None = None
    prediction: PairPrediction | None = None

    @property
    def expected(self) -> str | None:
        """Return the correct word; None for a change too small to report but too large to count as none."""
        if self.pair.expected is not None or self.true_points is None:
            return self.pair.expected
        if self.is_unchanged:
            return Trend.STABLE
        if abs(self.true_points) <= GROWN_POINTS:
            return None
        return Trend.WORSENING if self.true_points > 0 else Trend.IMPROVING

    @property
    def is_unchanged(self) -> bool:
        if self.true_points is None or not self.is_one_place:
            return self.pair.expected == Trend.STABLE
        return abs(self.true_points) <= UNCHANGED_POINTS

    @property
    def has_grown(self) -> bool:
        if self.true_points is None or not self.is_one_place:
            return self.pair.expected == Trend.WORSENING
        return self.true_points > GROWN_POINTS

    @property
    def is_one_place(self) -> bool:
        return self.pair.expected != NOT_COMPARABLE

    @property
    def is_compared(self) -> bool:
        return self.answer != NOT_COMPARABLE

    @property
    def is_correct(self) -> bool:
        return self.expected is not None and self.answer == self.expected


def evaluate_pair(pair: Pair, *, predictor: Predictor, keep_prediction: bool = False) -> PairResult:
    """Compare one pair. Unreadable files give a reason, never an error."""
    try:
        contents = [path.read_bytes() for path in (pair.before, pair.after)]
        earlier, later = (decode(content, long_side_px=LONG_SIDE_PX) for content in contents)
        masks = _masks(pair, earlier, later)
    except OSError:
        return _unreadable_pair(pair, "not_found")
    except (UnreadableImage, UnreadableMask) as error:
        return _unreadable_pair(pair, str(error))
    if contents[0] == contents[1]:
        return PairResult(pair=pair, answer=Trend.STABLE, change=NO_CHANGE, true_points=_change_of_whole(masks))
    check = check_at_the_hull(*contents)
    registration = register_pair(earlier, later)
    if registration is None:
        return PairResult(
            pair=pair,
            check=check,
            answer=NOT_COMPARABLE,
            reason=IncomparableReason.PHOTOS_DO_NOT_MATCH,
            true_points=_change_of_whole(masks),
        )
    prediction = predict_pair(align_pair(earlier, later, registration), predictor=predictor)
    change = None if prediction.has_quality_flags else prediction.change()
    trend = change_trend(change, among=1) if change else None
    return PairResult(
        pair=pair,
        check=check,
        answer=trend or NOT_COMPARABLE,
        reason="" if trend else IncomparableReason.TOO_UNCERTAIN,
        change=change,
        true_points=_change_of_shared(masks, registration, (earlier, later)),
        prediction=prediction if keep_prediction else None,
    )


def _unreadable_pair(pair: Pair, why: str) -> PairResult:
    return PairResult(pair=pair, answer=NOT_COMPARABLE, reason=IncomparableReason.PHOTOS_UNREADABLE, unreadable=why)


def _masks(pair: Pair, earlier: Rgb, later: Rgb) -> tuple[Mask, Mask] | None:
    """Return both masks at the size of their photos, 0 or 255."""
    if pair.mask_before is None or pair.mask_after is None:
        return None
    return _mask(pair.mask_before, earlier), _mask(pair.mask_after, later)


def _mask(path: Path, photo: Rgb) -> Mask:
    drawn = read_mask(path.read_bytes())
    check_fit(drawn, height=photo.shape[0], width=photo.shape[1])
    rust = (drawn > 0).astype(np.uint8) * 255
    return np.asarray(cv2.resize(rust, photo.shape[1::-1], interpolation=cv2.INTER_NEAREST), np.uint8)


def _change_of_whole(masks: tuple[Mask, Mask] | None) -> float | None:
    return None if masks is None else 100 * float((masks[1] > 0).mean() - (masks[0] > 0).mean())


def _change_of_shared(
    masks: tuple[Mask, Mask] | None, registration: Registration, photos: tuple[Rgb, Rgb]
) -> float | None:
    if masks is None:
        return None
    shared = align_pair(*photos, registration).shared
    before = warp_mask(masks[0], registration, (masks[1].shape[1], masks[1].shape[0]))
    return 100 * float((masks[1] > 0)[shared].mean() - (before > 0)[shared].mean())
