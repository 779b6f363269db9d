"""The shapes both modes fill. No word that an owner could read stands here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from rest_framework.serializers import Serializer

from inspections.engines.base import Confidence, PointFinding, SignalDetected


@dataclass(frozen=True, slots=True)
class Access:
    """What an inspection is opened under, and how many points that allows."""

    kind: str
    points_allowed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPoint:
    """One point as the rules see it: `finding` is None when none of its photos was usable."""

    point_index: int
    label: str
    finding: PointFinding | None


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
    """Who may open, grow and submit; each call runs in the caller's transaction."""

    def open_access(self, *, owner: Any, inspection_id: UUID, free_points: int, max_points: int) -> Access: ...

    def points_allowed_now(self, *, owner: Any, access: Access, free_points: int, max_points: int) -> int: ...

    def may_open_beside_unfinished(self, *, owner: Any) -> bool: ...

    def refuse_more_points(self) -> None: ...

    def confirm_at_submission(self, *, owner: Any, inspection_id: UUID, access: Access) -> Access: ...

    def settle_delivered(self, *, owner: Any, inspection_id: UUID, access: Access, usable: bool) -> None: ...

    def settle_undelivered(self, *, owner: Any, inspection_id: UUID) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeRules:
    """One mode, as the mechanics use it."""

    access: AccessRules
    judge: Callable[[Sequence[SeenPoint], Coverage, Mapping[str, str]], Verdict]
    block_items: str
    block_serializer: type[Serializer[Any]]
    first_policy: Mapping[str, Any]


_SEVERITY: dict[SignalDetected, int] = {"no": 0, "inconclusive": 1, "yes": 2}
_LEVELS: tuple[Confidence, ...] = ("low", "medium", "high")


def worst_rules(findings: Sequence[PointFinding | None]) -> tuple[SignalDetected, Confidence]:
    """The inspection's signal and confidence: the worst point rules, never the average.

    One clear sighting is a sighting. Without any, a point that could not be judged keeps the whole from being "no".
    """
    if not any(findings):
        return "inconclusive", "low"
    seen = [finding for finding in findings if finding is not None]
    signal = max((finding.signal_detected for finding in seen), key=_SEVERITY.__getitem__)
    if signal == "no" and len(seen) < len(findings):
        return "inconclusive", "low"
    levels = [_LEVELS.index(finding.confidence) for finding in seen if finding.signal_detected == signal]
    # A sighting is as sure as its surest point; an all-clear only as sure as its least sure one.
    return signal, _LEVELS[max(levels) if signal == "yes" else min(levels)]
