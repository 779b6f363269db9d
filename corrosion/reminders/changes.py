"""Set reminders, and have them checked again when an inspection comes or goes."""

from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.models import User
from billing.entitlements import entitlements
from corrosion.models import Reminder
from corrosion.reminders.due_dates import due_of, is_last_sent, with_last_inspection
from inspections.models import Inspection
from notifications.notify import withdraw
from notifications.recipients.preferences import zone_of
from notifications.vocabulary import KindName
from vessels.registration import lock_vessel, restore


def reminders_of(owner: User) -> QuerySet[Reminder]:
    """Return the reminders that the owner set for vessels that are still theirs, with their last inspections."""
    own = Reminder.objects.filter(owner=owner, vessel__owner=F("owner"))
    return with_last_inspection(own.select_related("vessel"))


@transaction.atomic
def set_reminder(*, owner: User, vessel_id: UUID, interval_days: int, enabled: bool) -> Reminder:
    """Set the reminder of the owner's vessel. Raises `NotFound`.

    Setting it to what it is already changes nothing. A change counts from now: a due date that is over by then is shown
    to the owner at this moment, and not sent. An archived vessel is restored.
    """
    entitlements.lock(owner)  # the order in which the workers lock
    vessel = lock_vessel(owner=owner, vessel_id=vessel_id)
    was_archived = vessel.archived_at is not None
    restore(vessel)
    Reminder.objects.filter(vessel=vessel).exclude(owner=owner).delete()  # by the one who had the vessel before
    row = Reminder.objects.select_for_update().filter(vessel=vessel).first()
    if row is None or (row.interval_days, row.enabled) != (interval_days, enabled):
        row = row or Reminder(vessel=vessel, owner=owner)
        row.interval_days, row.enabled, row.armed_at = interval_days, enabled, timezone.now()
        row.due_at, row.attempts = row.armed_at, 0
        row.save()
        _withdraw(owner.pk, vessel_id)
    elif was_archived:  # which withdrew what waited
        row.due_at = timezone.now()
        row.save(update_fields=["due_at"])
    return reminders_of(owner).get(pk=row.pk)


def follow_inspection(inspection: Inspection) -> None:
    """Have the reminder of its vessel checked at once, because an inspection came or went.

    Unless the date that was sent last is still the one that is due, none of it is sent any more.
    """
    row = with_last_inspection(Reminder.objects.filter(vessel=inspection.vessel_id)).first()
    if row is None:
        return
    due = due_of(row, zone=zone_of(row.owner_id))
    if due is None or not is_last_sent(row, due):
        _withdraw(row.owner_id, row.vessel_id)
    Reminder.unfinished().filter(pk=row.pk).update(due_at=timezone.now())


def _withdraw(owner_id: UUID, vessel_id: UUID) -> None:
    withdraw(recipient=owner_id, kinds=(KindName.RECHECK_DUE,), about={"vessel_id": vessel_id})
