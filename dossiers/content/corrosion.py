"""What a dossier prints of a corrosion visit: coverage bands, and the timeline of a subscriber's vessel."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final
from uuid import UUID

from billing.entitlements import entitlements
from corrosion.timeline.chart.languages import WORDS
from corrosion.timeline.chart.svg import timeline_svg
from corrosion.timeline.reading import timeline_of
from corrosion.timeline.shape import PointTimeline
from dossiers.content.visits import ModeFacts
from dossiers.document.content import Change, Language, Timeline, Work
from vessels.models import Vessel


def _timeline(vessel: Vessel, inspection_ids: Sequence[UUID], language: Language) -> Timeline | None:
    """Return the timeline that the owner sees, with the changes up to these visits; None without a subscription."""
    if not entitlements.corrosion_entitlement(vessel.owner_id).subscribed:
        return None
    timeline = timeline_of(vessel, is_requested=False)
    return Timeline(
        svg=timeline_svg(timeline, words=WORDS[language]),
        changes=tuple(change for point in timeline.points for change in _changes(point, set(inspection_ids))),
        works=tuple(
            Work(kind=event.kind, performed_on=event.performed_on, points=tuple(event.points), note=event.note)
            for event in timeline.events
        ),
    )


def _changes(point: PointTimeline, inspection_ids: set[UUID]) -> Iterator[Change]:
    for before, visit in pairwise(point.visits):
        if visit.step is not None and visit.inspection_id in inspection_ids:
            yield Change(
                point_index=point.point_index,
                label=point.label,
                from_at=before.at,
                to_at=visit.at,
                trend=visit.step.trend,
                reasons=tuple(visit.step.reasons),
            )


FACTS: Final = ModeFacts(items="points", band="coverage_band", hours_ashore=lambda _: None, timeline=_timeline)
