"""A delivered inspection is compared with the one before it, without anybody asking."""

from corrosion.history import history_of
from corrosion.models import Comparison
from corrosion.verdicts import RULE_VERSION
from inspections.models import Inspection


def compare_with_previous(inspection: Inspection) -> None:
    """Note that the pair is to be computed; the sweep sends it. Who may see it is asked when it is read."""
    previous = previous_of(inspection)
    if previous is not None:
        Comparison.objects.get_or_create(before=previous, after=inspection, defaults={"rule_version": RULE_VERSION})


def previous_of(inspection: Inspection) -> Inspection | None:
    """The inspection that stands before this one in the owner's history of the same vessel."""
    earlier = history_of(inspection.owner, vessel_label=inspection.vessel_label)
    return earlier.filter(created_at__lt=inspection.created_at).order_by("-created_at", "-id").first()
