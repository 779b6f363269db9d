"""Note, read and remove the lift-out of a vessel, and hand it to an inspection that is submitted."""

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from inspections.models import Inspection
from notifications.notify import withdraw
from notifications.vocabulary import KindName
from osmosis.models import LiftOut
from vessels.registration import lock_vessel, own_vessel, restore

# Long enough to be at the hull with a phone.
NOTIFIED_BEFORE: Final = timedelta(hours=1)
# After a year it is unknown whether the vessel was afloat in between.
STILL_ASHORE: Final = timedelta(days=365)


def lift_out_of(*, owner: User, vessel_id: UUID) -> LiftOut | None:
    """Return the lift-out that the owner noted for the vessel; None without one. Raises `NotFound`."""
    noted = LiftOut.objects.filter(vessel=own_vessel(owner=owner, vessel_id=vessel_id), owner=owner)
    return noted.select_related("vessel").first()


@transaction.atomic
def note_lift_out(*, owner: User, vessel_id: UUID, lifted_out_at: datetime) -> LiftOut:
    """Note when the vessel leaves or left the water, in place of what was noted before. Raises `NotFound`.

    A time to come is notified once; noting the same time again changes nothing. An archived vessel is restored.
    """
    vessel = lock_vessel(owner=owner, vessel_id=vessel_id)
    was_archived = vessel.archived_at is not None
    restore(vessel)
    LiftOut.objects.filter(vessel=vessel).exclude(owner=owner).delete()  # by the one who had the vessel before
    row = LiftOut.objects.select_for_update().filter(vessel=vessel).first()
    if row is None or row.lifted_out_at != lifted_out_at or was_archived:
        row = row or LiftOut(vessel=vessel, owner=owner)
        row.lifted_out_at, row.noted_at = lifted_out_at, timezone.now()
        # Even a time that was notified before: its notice may have been withdrawn, and none is sent twice.
        row.awaits_notice, row.notified_for = lifted_out_at > row.noted_at, None
        row.due_at, row.attempts = notify_at(lifted_out_at), 0
        row.save()
        _withdraw(owner, vessel_id)
    return row


@transaction.atomic
def remove_lift_out(*, owner: User, vessel_id: UUID) -> None:
    """Forget the lift-out of the vessel: it is afloat, or the plan is off. Raises `NotFound` without such a vessel."""
    LiftOut.objects.filter(vessel=lock_vessel(owner=owner, vessel_id=vessel_id)).delete()
    _withdraw(owner, vessel_id)


def _withdraw(owner: User, vessel_id: UUID) -> None:
    """Send no notice of the time that was noted before."""
    withdraw(recipient=owner, kinds=(KindName.LIFT_OUT_SOON,), about={"vessel_id": vessel_id})


def notify_at(lifted_out_at: datetime) -> datetime:
    return lifted_out_at - NOTIFIED_BEFORE


def lift_out_context(inspection: Inspection) -> dict[str, str]:
    """Return the lift-out of the inspection's vessel as an entry of its capture context, if it is ashore by it."""
    now = timezone.now()
    noted = LiftOut.objects.filter(vessel=inspection.vessel_id, owner=inspection.owner_id)
    ashore = noted.filter(lifted_out_at__lte=now, lifted_out_at__gt=now - STILL_ASHORE)
    at = ashore.values_list("lifted_out_at", flat=True).first()
    return {} if at is None else {"hauled_out_at": at.astimezone(UTC).isoformat().replace("+00:00", "Z")}
