"""Types that both modes implement. Contains no words for owners."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from inspections.engines.base import Confidence, PointFinding, SignalDetected


@dataclass(frozen=True, slots=True)
class Access:
    """The entitlement that an inspection is opened under, and the number of points it allows."""

    kind: str
    points_allowed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A submitted photo that could not be judged, with the reasons as tokens (`too_dark`, …).

    `formats` names the formats that its policy accepts, e.g. "JPEG, PNG or HEIC".
    """

    angle: str
    reasons: tuple[str, ...]
    formats: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPoint:
    """One point as input of the rules: `finding` is None if none of its photos was usable."""

    point_index: int
    label: str
    finding: PointFinding | None
    photos_used: int = 0
    left_out: tuple[LeftOut, ...] = ()

    @property
    def signal_detected(self) -> SignalDetected:
        return self.finding.signal_detected if self.finding else "inconclusive"

    @property
    def confidence(self) -> Confidence:
        return self.finding.confidence if self.finding else "low"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    points: int
    photos_used: int
    photos_rejected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A result before it is stored. `block` is the mode's own; its points lack only their overlay links."""

    signal_detected: SignalDetected
    confidence_level: Confidence
    guidance: list[str]
    worst_band: str
    explanation: str
    disclaimer: str
    block: dict[str, Any]


class AccessRules(Protocol):
    """Rules for opening, growing and submitting; each call runs in the caller's transaction."""

    def open_access(self, *, owner: Any, inspection_id: UUID, free_points: int, max_points: int) -> Access: ...

    def points_allowed_now(self, *, owner: Any, access: Access, free_points: int, max_points: int) -> int: ...

    def may_open_beside_unfinished(self, *, owner: Any) -> bool: ...

    def refuse_more_points(self) -> None: ...

    def confirm_at_submission(self, *, owner: Any, inspection_id: UUID, access: Access) -> Access: ...

    def settle_delivered(self, *, owner: Any, inspection_id: UUID, access: Access, usable: bool) -> None: ...

    def settle_undelivered(self, *, owner: Any, inspection_id: UUID) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeRules:
    """One mode, as the mechanics use it. `taken_along` describes the contents of its folder in an export."""

    access: AccessRules
    judge: Callable[[Sequence[SeenPoint], Coverage, Mapping[str, str]], Verdict]
    block_items: str
    first_policy: Mapping[str, Any]
    taken_along: str


_SEVERITY: dict[SignalDetected, int] = {"no": 0, "inconclusive": 1, "yes": 2}
_LEVELS: tuple[Confidence, ...] = ("low", "medium", "high")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """The one ruling point, and any sighting that is worse but only a hint."""

    point: SeenPoint
    hints: tuple[SeenPoint, ...]


def worst_rules(points: Sequence[SeenPoint], *, rank: Callable[[SeenPoint], int]) -> Ruling:
    """Find the worst point, which rules, never the average; `rank` orders sightings by their band.

    Any sighting overrules a point that could not be judged, and the latter overrules an all-clear: a point without a
    usable photo keeps the whole from being "no". Among sightings the worst band rules, but a hint (low confidence) only
    if there is nothing surer. An all-clear is only as sure as its least sure point. Signal, confidence, band and place
    come from one point, so that none of them borrows another point's certainty.
    """

    def severity(point: SeenPoint) -> tuple[int, int, int, int]:
        signal, certainty = point.signal_detected, _LEVELS.index(point.confidence)
        if signal != "yes":
            return _SEVERITY[signal], -certainty, 0, 0
        return _SEVERITY[signal], certainty > 0, rank(point), certainty

    worst = max(points, key=severity)
    sighted = worst.signal_detected == "yes" and worst.confidence != "low"
    worse = (point for point in points if point.signal_detected == "yes" and rank(point) > rank(worst))
    return Ruling(point=worst, hints=tuple(worse) if sighted else ())


def at_most(level: Confidence, *, highest: Confidence) -> Confidence:
    """Return the level, capped at the highest allowed."""
    return min(level, highest, key=_LEVELS.index)
