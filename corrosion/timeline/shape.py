"""What a timeline shows: visits with their steps, segments, and maintenance. Plain data for API, charts and staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Step:
    """The change of a point since the visit before."""

    trend: str | None
    comparable: bool
    reasons: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PointVisit:
    """One visit to one point. `day` is the date at the owner's.

    `step` is None at the first visit to the point, and while it is computed.
    """

    inspection_id: UUID
    at: datetime
    day: date
    coverage_band: str
    signal_detected: str
    confidence_level: str
    step: Step | None


@dataclass(frozen=True, slots=True)
class Segment:
    """The visits to a point from one change of its surface to the next: the first, the last, and the change between.

    `trend` is None for a single visit, if both ends cannot be compared, and while they are.
    """

    from_id: UUID
    to_id: UUID
    trend: str | None


@dataclass(frozen=True, slots=True)
class PointTimeline:
    """One point: its label at the last visit, its visits and segments, oldest first."""

    point_index: int
    label: str
    visits: Sequence[PointVisit]
    segments: Sequence[Segment]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Maintenance of the vessel. `points` are indices; empty: the whole vessel."""

    id: UUID
    vessel_id: UUID
    vessel_label: str
    kind: str
    performed_on: date
    points: Sequence[int]
    note: str
    created_at: datetime
    changes_surface: bool

    def touches(self, point_index: int) -> bool:
        return not self.points or point_index in self.points


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """All visits and all maintenance of one vessel. `pending` while workers compute a part of it."""

    vessel_id: UUID
    name: str
    points: Sequence[PointTimeline]
    events: Sequence[Event]
    pending: bool
