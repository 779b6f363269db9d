"""An owner's maintenance."""

from uuid import UUID

from django.db.models import QuerySet

from accounts.models import User
from corrosion.models import Maintenance
from vessels.naming import vessel_key
from vessels.registration import own_vessel


def maintenance_of(
    owner: User, *, vessel_id: UUID | None = None, vessel_label: str | None = None
) -> QuerySet[Maintenance]:
    """Return the owner's maintenance; of one vessel if its id or its name is given, as in the history.

    Raises `NotFound` for an id that is none of the owner's vessels.
    """
    own = Maintenance.objects.owned_by(owner).select_related("vessel")
    if vessel_id is not None:
        own = own.filter(vessel=own_vessel(owner=owner, vessel_id=vessel_id))
    if vessel_label is not None:
        own = own.filter(vessel__name_key=vessel_key(vessel_label))
    return own
