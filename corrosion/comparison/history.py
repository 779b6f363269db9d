"""An owner's past corrosion inspections."""

from django.db.models import QuerySet

from accounts.models import User
from inspections.models import Inspection
from inspections.vocabulary import InspectionStatus, Mode
from maretech.common.text import name_key


def history_of(owner: User, *, vessel_label: str | None = None) -> QuerySet[Inspection, Inspection]:
    """Returns the owner's completed corrosion inspections with results; of one vessel if its label is given.

    Labels match regardless of case and Unicode composition.
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
    """Returns the spellings of this name that the owner has used."""
    typed = inspections.order_by().values_list("vessel_label", flat=True).distinct()
    return [label for label in typed if name_key(label) == name_key(vessel_label)]
