"""The vessel that a request names."""

from uuid import UUID

from accounts.models import User
from vessels.models import Vessel
from vessels.registration import named_vessel, own_vessel


def requested_vessel(owner: User, *, vessel_id: UUID | None = None, vessel_label: str = "") -> Vessel:
    """Return the owner's vessel of this id, or else of this name in any spelling. Raises `NotFound`."""
    if vessel_id is not None:
        return own_vessel(owner=owner, vessel_id=vessel_id)
    return named_vessel(owner=owner, name=vessel_label)
