"""An owner's past corrosion inspections."""

from uuid import UUID

from django.db.models import QuerySet

from accounts.models import User
from inspections.models import Inspection
from inspections.vocabulary import InspectionStatus, Mode
from vessels.naming import vessel_key
from vessels.registration import own_vessel


def history_of(
    owner: User, *, vessel_id: UUID | None = None, vessel_label: str | None = None
) -> QuerySet[Inspection, Inspection]:
    """Returns the owner's completed corrosion inspections with results; of one vessel if its id or its name is given.

    A name counts in any spelling. Raises `NotFound` for an id that is none of the owner's vessels.
    """
    completed = Inspection.objects.owned_by(owner).filter(
        mode=Mode.CORROSION, status=InspectionStatus.COMPLETED, result__isnull=False
    )
    if vessel_id is not None:
        completed = completed.filter(vessel=own_vessel(owner=owner, vessel_id=vessel_id))
    if vessel_label is not None:
        completed = completed.filter(vessel__owner=owner, vessel__name_key=vessel_key(vessel_label))
    # A result's block and signals can be large and are not part of a history.
    return completed.select_related("result").only(
        "created_at", "label", "vessel", "vessel_label", "result__confidence_level", "result__signal_detected"
    )


def completed_visits(owner_id: UUID, vessel_id: UUID) -> QuerySet[Inspection, Inspection]:
    """Returns the completed corrosion inspections of the owner's vessel that have results, oldest first."""
    return Inspection.objects.filter(
        owner=owner_id,
        vessel=vessel_id,
        mode=Mode.CORROSION,
        status=InspectionStatus.COMPLETED,
        deleted_at=None,
        result__isnull=False,
    ).order_by("created_at", "id")
