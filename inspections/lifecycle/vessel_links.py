"""Inspections of vessels: what `vessels` asks of this app, and the vessel of an inspection that has none yet.

The release before this one opens inspections with a label only, while it runs beside this one. The sweep gives each the
vessel that its label names.
"""

import uuid
from collections.abc import Collection
from typing import Final

from django.db import transaction
from django.db.models import Count, Max
from django.db.models.functions import Coalesce

from billing.entitlements import entitlements
from inspections.lifecycle.notices import withdraw_all_of
from inspections.models import Inspection, InspectionQuerySet
from inspections.vocabulary import InspectionStatus, Mode
from vessels.models import Vessel
from vessels.naming import vessel_key
from vessels.registration import find_or_create_vessel
from vessels.uses import VesselUse, Visits

SWEPT_AT_ONCE: Final = 500


def inspections_without_vessel() -> list[uuid.UUID]:
    """Return the oldest inspections that the release before opened."""
    return list(_unlinked().order_by("created_at").values_list("pk", flat=True)[:SWEPT_AT_ONCE])


@transaction.atomic
def link_to_vessel(inspection_id: uuid.UUID) -> None:
    """Give the inspection the owner's vessel of its label, unless it has a vessel. Safe to run twice."""
    row = _unlinked().filter(pk=inspection_id).values_list("owner_id", "vessel_label").first()
    if row is None:
        return
    owner_id, label = row
    entitlements.lock(owner_id)
    if _unlinked().filter(pk=inspection_id).exists():  # not deleted or erased meanwhile
        vessel, _ = find_or_create_vessel(owner=owner_id, name=label)
        _unlinked().filter(pk=inspection_id).update(vessel=vessel)


def ensure_vessel(inspection: Inspection) -> None:
    """Give the inspection its vessel now, if the sweep has not yet."""
    if inspection.vessel_id is None:
        link_to_vessel(inspection.pk)
        inspection.refresh_from_db(fields=["vessel"])


def _unlinked() -> InspectionQuerySet:
    return Inspection.objects.filter(vessel=None, deleted_at=None)


def _visits(vessel: Vessel) -> Visits:
    own = Inspection.objects.filter(vessel=vessel, deleted_at=None)
    counted = dict(own.order_by().values_list("mode").annotate(Count("pk")))
    last = own.filter(status=InspectionStatus.COMPLETED).aggregate(last=Max("created_at"))["last"]
    return Visits({mode: counted.get(mode, 0) for mode in Mode.values()}, last)


def _release(vessel: Vessel) -> bool:
    """Return whether the owner has no inspection of the vessel. Those that await their purge let go of it."""
    rows = Inspection.objects.filter(vessel=vessel)
    if rows.filter(deleted_at=None).exists():
        return False
    rows.update(vessel=None)
    return True


def _follow_name(vessel: Vessel, former_key: str) -> None:
    """Write the new name to the labels, by which the release before groups inspections."""
    _link_late(vessel, former_key)
    Inspection.objects.filter(vessel=vessel, deleted_at=None).update(vessel_label=vessel.name)


def _link_late(vessel: Vessel, key: str) -> None:
    """Give the vessel the inspections that the release before opened for it."""
    labels = _unlinked().filter(owner=vessel.owner_id).values_list("pk", "vessel_label")
    late = [pk for pk, label in labels if vessel_key(label) == key]
    Inspection.objects.filter(pk__in=late).update(vessel=vessel)


def _forget_owner(owner_id: uuid.UUID) -> None:
    Inspection.objects.filter(owner=owner_id).exclude(vessel=None).update(vessel=None)


def _blocks_handover(vessel: Vessel) -> str | None:
    """Return the reason while an inspection is open. Staff may queue a failed one again: so each is locked."""
    _link_late(vessel, vessel.name_key)
    locked = Inspection.objects.select_for_update().filter(vessel=vessel, deleted_at=None).order_by("pk")
    statuses = {status for _, status in locked.values_list("pk", "status")}
    return "INSPECTION_OPEN" if statuses & {InspectionStatus.PENDING, InspectionStatus.PROCESSING} else None


def _move(vessel: Vessel, from_owner: uuid.UUID, to_owner: uuid.UUID) -> list[uuid.UUID]:
    """Give the inspections to the new owner. Deleted ones await their purge, and are the former owner's."""
    Inspection.objects.filter(vessel=vessel).exclude(deleted_at=None).update(vessel=None)
    own = Inspection.objects.filter(vessel=vessel)
    moved = list(own.order_by("pk").values_list("pk", flat=True))
    withdraw_all_of(from_owner, moved)
    own.update(opened_by=Coalesce("opened_by", "owner"), owner=to_owner, vessel_label=vessel.name)
    return moved


def _move_back(vessel: Vessel, kept: Vessel, moved: Collection[uuid.UUID]) -> bool:
    """Return what had moved; what the other owner has opened since stays there, also while it is open."""
    Inspection.objects.filter(vessel=vessel).exclude(deleted_at=None).update(vessel=None)
    there = list(
        Inspection.objects.select_for_update().filter(vessel=vessel).order_by("pk").values_list("pk", flat=True)
    )
    returning, staying = ([pk for pk in there if (pk in moved) is is_moved] for is_moved in (True, False))
    withdraw_all_of(kept.owner_id, returning)
    Inspection.objects.filter(pk__in=returning).update(owner=vessel.owner_id, vessel_label=vessel.name)
    Inspection.objects.filter(pk__in=staying).update(vessel=kept, vessel_label=kept.name)
    return bool(staying)


VESSEL_USE: Final = VesselUse(
    app="inspections",
    visits=_visits,
    release=_release,
    follow_name=_follow_name,
    forget_owner=_forget_owner,
    blocks_handover=_blocks_handover,
    move=_move,
    move_back=_move_back,
)
