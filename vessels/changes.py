"""Change and delete a vessel."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from billing.entitlements import entitlements
from notifications.catalogue.kinds import KINDS
from notifications.notify import withdraw
from vessels.availability import refuse_in_handover
from vessels.errors import VesselNameTaken
from vessels.models import Vessel
from vessels.naming import vessel_key, vessel_name
from vessels.registration import lock_vessel
from vessels.uses import uses

_KINDS: Final = tuple(name for name, kind in KINDS.items() if "vessel_id" in kind.data)


@transaction.atomic
def change_vessel(*, owner: User, vessel_id: UUID, changes: Mapping[str, Any]) -> Vessel:
    """Change the vessel's details or its name. Its inspections stay with it and get the new name.

    Raises `NotFound`, or `VesselNameTaken` if another of the owner's vessels has the name.
    """
    if "name" in changes:
        entitlements.lock(owner)  # before the vessel, because a new name is written to inspections
    vessel = lock_vessel(owner=owner, vessel_id=vessel_id)
    former_name, former_key = vessel.name, vessel.name_key
    for field, value in changes.items():
        setattr(vessel, field, value)
    vessel.name, vessel.name_key = vessel_name(vessel.name), vessel_key(vessel.name)
    _save(vessel)
    if vessel.name != former_name:
        for use in uses():
            use.follow_name(vessel, former_key)
    return vessel


@transaction.atomic
def delete_vessel(*, owner: User, vessel_id: UUID) -> None:
    """Delete the vessel, or archive it if it is still in use; send no more notices about it.

    Opening an inspection locks the vessel too, so none is opened on it meanwhile; and those who notify about it lock
    the vessel or the entitlement, so none is notified of it meanwhile. Raises `NotFound`, or
    `VesselInHandover` while it is being handed over.
    """
    entitlements.lock(owner)  # before the vessel
    vessel = lock_vessel(owner=owner, vessel_id=vessel_id)
    refuse_in_handover(vessel)
    released = [use.release(vessel) for use in uses()]
    if all(released):
        vessel.delete()
    elif vessel.archived_at is None:
        vessel.archived_at = timezone.now()
        vessel.save(update_fields=["archived_at"])
    withdraw(recipient=owner, kinds=_KINDS, about={"vessel_id": vessel_id})


def _save(vessel: Vessel) -> None:
    try:
        with transaction.atomic():
            vessel.save()
    except IntegrityError:
        if not Vessel.objects.filter(owner=vessel.owner_id, name_key=vessel.name_key).exclude(pk=vessel.pk).exists():
            raise
        raise VesselNameTaken from None
