"""What an owner can look back on."""

from typing import Any

from django.db.models import QuerySet

from inspections.choices import InspectionStatus, Mode
from inspections.models import Inspection


def history_of(owner: Any, *, vessel_label: str | None = None) -> QuerySet[Inspection, Inspection]:
    """The owner's completed corrosion inspections with their results; of one vessel when its label is given."""
    completed = Inspection.objects.owned_by(owner).filter(
        mode=Mode.CORROSION, status=InspectionStatus.COMPLETED, result__isnull=False
    )
    if vessel_label is not None:
        completed = completed.filter(vessel_label=vessel_label)
    # A result's block and signals can be large and are not part of a history.
    return completed.select_related("result").only(
        "created_at", "label", "vessel_label", "result__confidence_level", "result__signal_detected"
    )
