"""Types that both modes implement. Contains no words for owners."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from accounts.models import Owner
from inspections.engines.findings import PointFinding
from inspections.vocabulary import ConfidenceLevel, SignalDetected


@dataclass(frozen=True, slots=True)
class Access:
    """The entitlement that an inspection is opened under, and the number of points it allows."""

    kind: str
    points_allowed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedPhoto:
    """A submitted photo that is not analysed, with the reasons as tokens (`too_dark`, …).

    `formats` names the formats that its policy accepts, e.g. "JPEG, PNG or HEIC".
    """

    angle: str
    reasons: tuple[str, ...]
    formats: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PointResult:
    """The result of one point, as input of the rules; `finding` is None if none of its photos was usable.

    `taken_at` has a time for each photo that was used: when it was taken, or a later time by which it was.
    """

    point_index: int
    label: str
    finding: PointFinding | None
    photos_used: int = 0
    taken_at: tuple[datetime, ...] = ()
    rejected_photos: tuple[RejectedPhoto, ...] = ()

    @property
    def signal_detected(self) -> SignalDetected:
        return self.finding.signal_detected if self.finding else SignalDetected.INCONCLUSIVE

    @property
    def confidence(self) -> ConfidenceLevel:
        return self.finding.confidence if self.finding else ConfidenceLevel.LOW


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    points: int
    photos_used: int
    photos_rejected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The assessment of a whole inspection, before it is stored.

    `block` is the mode's own; its points lack only their overlay links.
    """

    signal_detected: SignalDetected
    confidence_level: ConfidenceLevel
    guidance: Sequence[str]
    worst_band: str
    explanation: str
    disclaimer: str
    block: dict[str, Any]


class AccessRules(Protocol):
    """Rules for opening, growing and submitting; each call runs in the caller's transaction."""

    def open_access(self, *, owner: Owner, inspection_id: UUID, free_points: int, max_points: int) -> Access: ...

    def points_allowed_now(self, *, owner: Owner, access: Access, free_points: int, max_points: int) -> int: ...

    def may_open_beside_unfinished(self, *, owner: Owner) -> bool: ...

    def refuse_more_points(self) -> None: ...

    def confirm_at_submission(self, *, owner: Owner, inspection_id: UUID, access: Access) -> Access: ...

    def settle_delivered(self, *, owner: Owner, inspection_id: UUID, access: Access, usable: bool) -> None: ...

    def settle_undelivered(self, *, owner: Owner, inspection_id: UUID) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeRules:
    """One mode, as the mechanics use it. `export_description` describes the contents of its folder in an export."""

    access: AccessRules
    assess: Callable[[Sequence[PointResult], Coverage, Mapping[str, str]], Assessment]
    block_items: str
    first_policy: Mapping[str, Any]
    export_description: str


_SEVERITY: dict[SignalDetected, int] = {SignalDetected.NO: 0, SignalDetected.INCONCLUSIVE: 1, SignalDetected.YES: 2}
_LEVELS: tuple[ConfidenceLevel, ...] = (ConfidenceLevel.LOW, ConfidenceLevel.MEDIUM, ConfidenceLevel.HIGH)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorstPoint:
    """The point that decides the assessment, and the points with worse signs of low confidence."""

    point: PointResult
    hints: tuple[PointResult, ...]


def find_worst_point(points: Sequence[PointResult], *, rank: Callable[[PointResult], int]) -> WorstPoint:
    """Return the worst point, which decides instead of an average; `rank` orders points with a signal by their band.

    A point with a signal outranks an inconclusive one, and the latter outranks a clean one: a point without a usable
    photo prevents the result "no". Among points with a signal the worst band decides, but a hint (low confidence) only
    if there is nothing surer. The confidence of "no" is the lowest of all points. Signal, confidence, band and place
    come from one point, so that none of them borrows another point's confidence.
    """

    def severity(point: PointResult) -> tuple[int, int, int, int]:
        signal, level = point.signal_detected, _LEVELS.index(point.confidence)
        if signal != SignalDetected.YES:
            return _SEVERITY[signal], -level, 0, 0
        return _SEVERITY[signal], level > 0, rank(point), level

    worst = max(points, key=severity)
    is_sure = worst.signal_detected == SignalDetected.YES and worst.confidence != ConfidenceLevel.LOW
    worse = (point for point in points if point.signal_detected == SignalDetected.YES and rank(point) > rank(worst))
    return WorstPoint(point=worst, hints=tuple(worse) if is_sure else ())


def cap_confidence(level: ConfidenceLevel, *, highest: ConfidenceLevel) -> ConfidenceLevel:
    """Return the level, capped at the highest allowed."""
    return min(level, highest, key=_LEVELS.index)
