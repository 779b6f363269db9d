"""Find an owner's vessel by its name or id, or create one."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from accounts.models import Owner
from maretech.common.http.errors import NotFound, ServiceUnavailable
from vessels.models import Vessel
from vessels.naming import vessel_key, vessel_name

# An attempt fails only if another request creates or deletes the vessel at this moment.
MAX_ATTEMPTS: Final = 4


@transaction.atomic
def find_or_create_vessel(*, owner: Owner, name: str) -> tuple[Vessel, bool]:
    """Return the owner's vessel of that name, locked and no longer archived, and whether it is new.

    All spellings of a name are one vessel, which keeps its first spelling. A blank name is the owner's one unnamed
    vessel. One of several concurrent calls creates the vessel, and all return it.
    """
    new = Vessel(owner_id=_owner_id(owner), name=vessel_name(name), name_key=vessel_key(name))
    for _ in range(MAX_ATTEMPTS):
        vessel = Vessel.objects.owned_by(owner).select_for_update().filter(name_key=new.name_key).first()
        if vessel is not None:
            restore(vessel)
            return vessel, vessel.pk == new.pk
        Vessel.objects.bulk_create([new], ignore_conflicts=True)
    raise ServiceUnavailable("The vessel is still changing. Try again shortly.", retry_after=1)


@transaction.atomic
def register_vessel(*, owner: Owner, name: str, details: Mapping[str, Any]) -> tuple[Vessel, bool]:
    """Return the owner's vessel of that name, and whether it is new. Only a new one takes the details."""
    vessel, is_new = find_or_create_vessel(owner=owner, name=name)
    if is_new and details:
        for field, value in details.items():
            setattr(vessel, field, value)
        vessel.save(update_fields=list(details))
    return vessel, is_new


def own_vessel(*, owner: Owner, vessel_id: UUID) -> Vessel:
    """Return the owner's vessel. Raises `NotFound`."""
    return _or_not_found(Vessel.objects.owned_by(owner).filter(pk=vessel_id).first())


def named_vessel(*, owner: Owner, name: str) -> Vessel:
    """Return the owner's vessel of that name, in any spelling. Raises `NotFound`."""
    return _or_not_found(Vessel.objects.owned_by(owner).filter(name_key=vessel_key(name)).first())


def lock_vessel(*, owner: Owner, vessel_id: UUID) -> Vessel:
    """Return the owner's vessel, locked until the transaction ends. Raises `NotFound`.

    Lock the owner's entitlement before the vessel, and an inspection after it.
    """
    return _or_not_found(Vessel.objects.owned_by(owner).select_for_update().filter(pk=vessel_id).first())


def restore(vessel: Vessel) -> None:
    """Take a vessel out of the archive. The caller has locked it."""
    if vessel.archived_at is not None:
        vessel.archived_at = None
        vessel.save(update_fields=["archived_at"])


def _or_not_found(vessel: Vessel | None) -> Vessel:
    if vessel is None:
        raise NotFound
    return vessel


def _owner_id(owner: Owner) -> UUID:
    return owner if isinstance(owner, UUID) else owner.pk
