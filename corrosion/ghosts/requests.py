"""Request side: the inspection that ghosts are requested for."""

from uuid import UUID

from accounts.models import User
from corrosion.errors import GhostsOfAnotherMode
from inspections.lifecycle.vessel_links import ensure_vessel
from inspections.models import Inspection
from inspections.vocabulary import Mode
from maretech.common.http.errors import NotFound


def own_inspection(*, owner: User, inspection_id: UUID) -> Inspection:
    """Return the owner's corrosion inspection in any status. Raises `NotFound` or `GhostsOfAnotherMode`."""
    inspection = Inspection.objects.owned_by(owner).filter(pk=inspection_id).first()
    if inspection is None:
        raise NotFound
    if inspection.mode != Mode.CORROSION:
        raise GhostsOfAnotherMode
    ensure_vessel(inspection)
    return inspection
