"""What an owner can look back on."""

from typing import Any

from django.db.models import QuerySet

from inspections.models import Inspection
from inspections.vocabulary import InspectionStatus, Mode
from maretech.common.text import name_key


def history_of(owner: Any, *, vessel_label: str | None = None) -> QuerySet[Inspection, Inspection]:
    """The owner's completed corrosion inspections with their results; of one vessel when its label is given.

    A vessel's label is its name in whatever case and however its letters are composed.
    """
    completed = Inspection.objects.owned_by(owner).filter(
        mode=Mode.CORROSION, status=InspectionStatus.COMPLETED, result__isnull=False
    )
    if vessel_label is not None:
        completed = completed.filter(vessel_label__in=_spellings(completed, vessel_label))
    # A result's block and signals can be large and are not part of a history.
    return completed.select_related("result").only(
        "created_at", "label", "vessel_label", "result__confidence_level", "result__signal_detected"
    )


def _spellings(inspections: QuerySet[Inspection, Inspection], vessel_label: str) -> list[str]:
    """As which the owner has typed this name."""
    typed = inspections.order_by().values_list("vessel_label", flat=True).distinct()
    return [label for label in typed if name_key(label) == name_key(vessel_label)]
