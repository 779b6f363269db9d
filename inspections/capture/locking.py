"""Lock an inspection while it accepts photos."""

import uuid

from accounts.models import User
from inspections.errors import InspectionClosed
from inspections.models import Inspection
from maretech.common.http.errors import NotFound


def lock_open_inspection(*, owner: User, inspection_id: uuid.UUID) -> Inspection:
    """Returns the owner's inspection, locked, while it accepts photos. Raises `NotFound` or `InspectionClosed`."""
    inspection = (
        Inspection.objects.owned_by(owner)
        .select_for_update(of=("self",))
        .select_related("policy")
        .filter(pk=inspection_id)
    ).first()
    if inspection is None:
        raise NotFound
    if not inspection.takes_photos():
        raise InspectionClosed
    return inspection
