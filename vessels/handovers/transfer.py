"""Move a vessel, and what the apps above keep of it, to another owner; and back.

The caller has locked both owners, the vessel and the handover.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.privacy.export import void_exports
from maretech.common.http.errors import ServiceUnavailable
from notifications.catalogue.kinds import KINDS
from notifications.notify import withdraw
from vessels.models import Handover, Vessel
from vessels.naming import numbered, vessel_key
from vessels.uses import uses

_DETAILS: Final = ("name", "name_key", "hull_material", "length_m", "built_year", "hull_id", "home_port")
_KINDS: Final = tuple(name for name, kind in KINDS.items() if "vessel_id" in kind.data)
# An attempt fails only if the new owner gives the name to another vessel at this moment.
MAX_ATTEMPTS: Final = 4


def move_to_buyer(handover: Handover) -> tuple[Mapping[str, list[str]], Mapping[str, Any]]:
    """Give the vessel to the buyer. Returns the ids of what moved, by app, and the vessel's details as they were."""
    vessel, seller_id, buyer_id = handover.vessel, handover.seller_id, handover.buyer_id
    assert vessel is not None
    assert buyer_id is not None
    former = _details_of(vessel)
    vessel.archived_at = None
    _give(vessel, buyer_id)
    moved = {use.app: [str(pk) for pk in use.move(vessel, seller_id, buyer_id)] for use in uses()}
    _end_for(seller_id, vessel)
    return moved, former


def move_to_seller(handover: Handover) -> None:
    """Give the vessel back as it was, with what had moved.

    What the buyer has added stays with the buyer, at a vessel of its own with the details that the buyer knows.
    """
    vessel, seller_id, buyer_id = handover.vessel, handover.seller_id, handover.buyer_id
    assert vessel is not None
    assert buyer_id is not None
    kept = Vessel(archived_at=vessel.archived_at, **_details_of(vessel))
    for name, value in handover.former_details.items():
        setattr(vessel, name, value)
    vessel.archived_at = None
    _give(vessel, seller_id)
    _give(kept, buyer_id)
    moved = {app: frozenset(map(UUID, ids)) for app, ids in handover.moved.items()}
    stays = [use.move_back(vessel, kept, moved.get(use.app, frozenset())) for use in uses()]
    if not any(stays):
        kept.delete()
    _end_for(buyer_id, vessel)


def _details_of(vessel: Vessel) -> dict[str, Any]:
    return {name: getattr(vessel, name) for name in _DETAILS}


def _give(vessel: Vessel, owner_id: UUID) -> None:
    """Save the vessel as one of this owner, with a number behind its name if the owner has one of that name."""
    vessel.owner_id = owner_id
    name = vessel.name
    for _ in range(MAX_ATTEMPTS):
        vessel.name = _free_name(name, owner_id=owner_id, vessel_id=vessel.pk)
        vessel.name_key = vessel_key(vessel.name)
        try:
            with transaction.atomic():
                vessel.save()
        except IntegrityError:
            if not Vessel.objects.owned_by(owner_id).filter(name_key=vessel.name_key).exclude(pk=vessel.pk).exists():
                raise
        else:
            return
    raise ServiceUnavailable("The names of your vessels are changing. Try again shortly.", retry_after=1)


def _free_name(name: str, *, owner_id: UUID, vessel_id: UUID) -> str:
    taken = set(Vessel.objects.owned_by(owner_id).exclude(pk=vessel_id).values_list("name_key", flat=True))
    candidates = (name, *(numbered(name, number) for number in range(2, len(taken) + 3)))
    return next(each for each in candidates if vessel_key(each) not in taken)


def _end_for(owner_id: UUID, vessel: Vessel) -> None:
    """End what the former owner would still get of the vessel: notices to come, and exports that hold its photos."""
    withdraw(recipient=owner_id, kinds=_KINDS, about={"vessel_id": vessel.pk})
    void_exports(owner_id)
