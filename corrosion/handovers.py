"""What becomes of the corrosion history of a vessel that changes its owner.

Maintenance and comparisons belong to the vessel and its inspections, and so to their owner. What joins two owners ends.
"""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from django.db.models import Q

from corrosion.comparison.pairs import request_missing
from corrosion.models import Comparison, Maintenance, Reminder
from vessels.models import Vessel
from vessels.uses import VesselUse


def _move(vessel: Vessel, _from_owner: UUID, _to_owner: UUID) -> list[UUID]:
    """End the reminder, and the comparisons with other vessels of the former owner. Maintenance follows the vessel."""
    Reminder.objects.filter(vessel=vessel).delete()
    _end_comparisons_across(vessel)
    return list(Maintenance.objects.filter(vessel=vessel).values_list("pk", flat=True))


def _move_back(vessel: Vessel, kept: Vessel, moved: Collection[UUID]) -> bool:
    """Leave the buyer what the buyer noted, and have both timelines complete without the other's visits and work."""
    Reminder.objects.filter(vessel=vessel).delete()
    staying = Maintenance.objects.filter(vessel=vessel).exclude(pk__in=moved).update(vessel=kept)
    _end_comparisons_across(vessel)
    for each in (vessel, kept):
        request_missing(owner_id=each.owner_id, vessel_id=each.pk)
    return bool(staying)


def _end_comparisons_across(vessel: Vessel) -> None:
    """Delete the comparisons of an inspection of the vessel with one of another vessel."""
    from_here, to_here = Q(before__vessel=vessel), Q(after__vessel=vessel)
    Comparison.objects.filter((from_here & ~to_here) | (to_here & ~from_here)).delete()


VESSEL_USE: Final = VesselUse(app="corrosion", move=_move, move_back=_move_back)
