"""Compare a delivered inspection with its neighbours in time, without a request."""

from corrosion.comparison.history import history_of
from corrosion.judgement.verdicts import RULE_VERSION
from corrosion.models import Comparison
from inspections.lifecycle.vessel_links import ensure_vessel
from inspections.models import Inspection


def compare_with_neighbours(inspection: Inspection) -> None:
    """Record the pairs to compute; the sweep sends them. Access is checked when a comparison is read.

    A repeated analysis may be delivered after that of a later inspection.
    """
    ensure_vessel(inspection)
    vessel = history_of(inspection.owner).filter(vessel=inspection.vessel_id).order_by("created_at", "id")
    before = vessel.filter(created_at__lt=inspection.created_at).last()
    after = vessel.filter(created_at__gt=inspection.created_at).first()
    _record_pair(before, inspection)
    _record_pair(inspection, after)


def _record_pair(before: Inspection | None, after: Inspection | None) -> None:
    if before and after:
        Comparison.objects.get_or_create(before=before, after=after, defaults={"rule_version": RULE_VERSION})
