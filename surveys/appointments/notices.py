"""What owner and surveyor are notified of, and staff of a dispute. Each runs in the transaction of the event."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import Owner
from maretech.common.work.queue import RESENT_AT_ONCE
from notifications.notify import notify, withdraw
from notifications.vocabulary import KindName
from surveys.models import Appointment, AppointmentDispute
from surveys.vocabulary import AppointmentStatus

_A_DAY_BEFORE: Final = timedelta(hours=24)


def notify_of_confirmation(appointment: Appointment) -> None:
    _notify(appointment, KindName.APPOINTMENT_CONFIRMED, appointment.owner_id)
    _notify(appointment, KindName.APPOINTMENT_BOOKED, appointment.surveyor.user_id)


def notify_of_cancellation(appointment: Appointment) -> None:
    """Notify both parties, and send no more of what is not true any more."""
    surveyor_id = appointment.surveyor.user_id
    about = {"appointment_id": appointment.pk}
    withdraw(
        recipient=appointment.owner_id,
        kinds=(KindName.APPOINTMENT_CONFIRMED, KindName.APPOINTMENT_TOMORROW),
        about=about,
    )
    withdraw(recipient=surveyor_id, kinds=(KindName.APPOINTMENT_BOOKED,), about=about)
    for party, user_id in (("owner", appointment.owner_id), ("surveyor", surveyor_id)):
        _notify(appointment, KindName.APPOINTMENT_CANCELLED, user_id, party)


def notify_of_dispute(dispute: AppointmentDispute) -> None:
    _notify(dispute.appointment, KindName.APPOINTMENT_DISPUTED, dispute.appointment.surveyor.user_id)
    notify(
        kind=KindName.APPOINTMENT_TO_DECIDE,
        recipient=None,
        event_key=f"{KindName.APPOINTMENT_TO_DECIDE}:{dispute.pk}",
        data={"dispute_id": dispute.pk},
    )


def notify_of_decision(dispute: AppointmentDispute) -> None:
    appointment = dispute.appointment
    for party, user_id in (("owner", appointment.owner_id), ("surveyor", appointment.surveyor.user_id)):
        _notify(appointment, KindName.APPOINTMENT_DECIDED, user_id, party)


def appointments_tomorrow() -> list[UUID]:
    """Return the appointments to remind the owner of now."""
    soon = timezone.now() + _A_DAY_BEFORE
    near = Appointment.objects.filter(status=AppointmentStatus.CONFIRMED, reminded_at=None, starts_at__lte=soon)
    return list(near.order_by("starts_at").values_list("pk", flat=True)[:RESENT_AT_ONCE])


@transaction.atomic
def remind(appointment_id: UUID) -> None:
    """Write the reminder, once. One that was booked within the last day before needs none."""
    row = (
        Appointment.objects.select_for_update()
        .filter(pk=appointment_id, status=AppointmentStatus.CONFIRMED, reminded_at=None)
        .first()
    )
    if row is None:
        return
    now = timezone.now()
    row.reminded_at = now
    row.save(update_fields=["reminded_at"])
    was_booked_before = row.confirmed_at is not None and row.confirmed_at < row.starts_at - _A_DAY_BEFORE
    if was_booked_before and now < row.starts_at:
        notify(
            kind=KindName.APPOINTMENT_TOMORROW,
            recipient=row.owner_id,
            event_key=f"{KindName.APPOINTMENT_TOMORROW}:{row.pk}",
            data={"appointment_id": row.pk},
            stale_at=row.starts_at,
        )


def _notify(appointment: Appointment, kind: KindName, recipient: Owner, party: str = "") -> None:
    event = ":".join(filter(None, (kind, str(appointment.pk), party)))
    notify(kind=kind, recipient=recipient, event_key=event, data={"appointment_id": appointment.pk})
