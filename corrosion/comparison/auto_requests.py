"""Request the comparisons of a vessel's timeline when its visits change, without a request of the owner."""

from accounts.models import User
from corrosion.comparison.pairs import record_pairs
from inspections.lifecycle.vessel_links import ensure_vessel
from inspections.models import Inspection
from inspections.vocabulary import InspectionStatus


def compare_delivered(inspection: Inspection) -> None:
    """Record the pairs that a delivered result adds.

    A repeated analysis may be delivered after that of a later inspection.
    """
    ensure_vessel(inspection)
    if inspection.vessel_id is not None:
        record_pairs(owner_id=inspection.owner_id, vessel_id=inspection.vessel_id)


def compare_without(inspection: Inspection) -> None:
    """Record the pairs that a deleted visit leaves: those before and after it are neighbours now.

    The inspections of an erased account go one by one; nothing of them is compared.
    """
    was_visit = inspection.status == InspectionStatus.COMPLETED and inspection.vessel_id is not None
    if was_visit and User.objects.filter(pk=inspection.owner_id, is_active=True).exists():
        assert inspection.vessel_id is not None
        record_pairs(owner_id=inspection.owner_id, vessel_id=inspection.vessel_id)
