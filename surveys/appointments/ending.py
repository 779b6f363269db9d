"""The end of an appointment: cancelled by a party, marked by the surveyor, or closed without a mark."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import Owner, User
from accounts.staff.audit import record_staff_action
from maretech.common.http.errors import Forbidden
from maretech.common.work.queue import RESENT_AT_ONCE
from surveys.appointments import notices, transitions
from surveys.appointments.locking import lock_appointment, own_appointment
from surveys.appointments.paying import earn, return_money
from surveys.directory.slots import withdraw_slot
from surveys.errors import AppointmentRefused
from surveys.models import UPCOMING, Appointment
from surveys.vocabulary import AppointmentStatus, Party

HELD, CONFIRMED, CHECKED_IN = AppointmentStatus.HELD, AppointmentStatus.CONFIRMED, AppointmentStatus.CHECKED_IN
_NO_MARK: Final = "no mark of the surveyor in time"


@transaction.atomic
def cancel_appointment(*, user: User, appointment_id: UUID) -> Appointment:
    """Cancel as a party: the owner until the start, the surveyor too. Of one that is cancelled, return it.

    All is refunded if the surveyor cancels, or the owner until `APPOINTMENT_CANCEL_HOURS` before the start; later the
    owner gets nothing back, and the surveyor is paid. A held one is released. A time that the surveyor cancels is not
    offered again. Raises `NotFound`, or `AppointmentRefused`.
    """
    party = own_appointment(user=user, appointment_id=appointment_id).party_of(user)
    appointment = lock_appointment(appointment_id)
    return _cancel(appointment, party)


@transaction.atomic
def mark_completed(*, surveyor: User, appointment_id: UUID) -> Appointment:
    """Mark a checked-in appointment as completed, as its surveyor. Repeatable.

    Raises `NotFound`, `Forbidden` for its owner, or `AppointmentRefused`.
    """
    appointment = _as_surveyor(surveyor, appointment_id)
    if appointment.status == AppointmentStatus.COMPLETED:
        return appointment
    if appointment.status != CHECKED_IN:
        raise AppointmentRefused("NOT_CHECKED_IN", "Scan the owner's code first.")
    if timezone.now() < appointment.starts_at:
        raise AppointmentRefused("NOT_BEGUN", "This appointment has not begun yet.")
    _complete(appointment, cause="marked by the surveyor")
    return appointment


@transaction.atomic
def mark_no_show(*, surveyor: User, appointment_id: UUID) -> Appointment:
    """Mark an appointment as missed by its owner, from its end on, as its surveyor. Repeatable.

    Raises `NotFound`, `Forbidden` for its owner, or `AppointmentRefused`.
    """
    appointment = _as_surveyor(surveyor, appointment_id)
    if appointment.status == AppointmentStatus.NO_SHOW:
        return appointment
    if appointment.status != CONFIRMED:
        raise AppointmentRefused("NOT_CONFIRMED", "This appointment is not open any more, or was checked in.")
    if timezone.now() < appointment.ends_at:
        raise AppointmentRefused("NOT_OVER", "This appointment is not over yet.")
    _miss(appointment, cause="marked by the surveyor")
    return appointment


def unmarked_appointments() -> list[UUID]:
    """Return the appointments without a mark some time after their end, the oldest first."""
    before = timezone.now() - timedelta(hours=settings.APPOINTMENT_MARK_HOURS)
    late = Appointment.objects.filter(status__in=UPCOMING, ends_at__lte=before).order_by("ends_at")
    return list(late.values_list("pk", flat=True)[:RESENT_AT_ONCE])


@transaction.atomic
def close_unmarked(appointment_id: UUID) -> None:
    """Complete it if it was checked in; otherwise its owner did not come. Safe to run twice."""
    appointment = lock_appointment(appointment_id)
    if appointment.ends_at > timezone.now() - timedelta(hours=settings.APPOINTMENT_MARK_HOURS):
        return
    if appointment.status == CHECKED_IN:
        _complete(appointment, cause=_NO_MARK)
    elif appointment.status == CONFIRMED:
        _miss(appointment, cause=_NO_MARK)


@transaction.atomic
def cancel_by_staff(*, staff: User, appointment_id: UUID, reason: str) -> None:
    """Cancel for a surveyor who cannot come or say so. Raises `AppointmentRefused`, `ReasonRequired`."""
    appointment = lock_appointment(appointment_id)
    if appointment.status != CONFIRMED:
        raise AppointmentRefused("NOT_CONFIRMED", "Only a confirmed appointment can be cancelled.")
    record_staff_action(staff=staff, action="cancel_for_surveyor", subject=appointment, reason=reason)
    _cancel(appointment, Party.SURVEYOR)


def cancel_all_of(user: Owner) -> None:
    """Cancel the future appointments of a closed account, as owner and as surveyor."""
    for party, own in ((Party.OWNER, {"owner": user}), (Party.SURVEYOR, {"surveyor__user": user})):
        open_ = Appointment.objects.filter(status__in=(HELD, CONFIRMED), **own)
        for appointment_id in open_.order_by("pk").values_list("pk", flat=True):
            with transaction.atomic():
                appointment = lock_appointment(appointment_id)
                if appointment.status == HELD or _is_to_come(appointment):
                    _cancel(appointment, party)


def _cancel(appointment: Appointment, party: Party) -> Appointment:
    if appointment.status in (AppointmentStatus.CANCELLED, AppointmentStatus.RELEASED):
        return appointment
    if appointment.status == HELD:
        transitions.release(appointment, cause=f"cancelled by the {party}")
        return appointment
    if not _may_cancel(appointment, party):
        raise AppointmentRefused("BEGUN", "This appointment has begun or is over, so it cannot be cancelled.")
    is_refunded = party == Party.SURVEYOR or _is_early(appointment)
    cause = f"cancelled by the {party}"
    refund_minor = appointment.price_minor if is_refunded else 0
    transitions.cancel(appointment, by=party, refund_minor=refund_minor, cause=cause)
    if is_refunded:
        return_money(appointment, cause=cause)
    else:
        earn(appointment, cause="cancelled too late")
    if party == Party.SURVEYOR:
        withdraw_slot(appointment.slot_id)
    notices.notify_of_cancellation(appointment)
    return appointment


def _is_to_come(appointment: Appointment) -> bool:
    return appointment.status == CONFIRMED and appointment.starts_at > timezone.now()


def _may_cancel(appointment: Appointment, party: Party) -> bool:
    """Return whether it can be cancelled: by the surveyor at any time before it ends in another way."""
    return _is_to_come(appointment) or (party == Party.SURVEYOR and appointment.status == CONFIRMED)


def _is_early(appointment: Appointment) -> bool:
    return timezone.now() <= appointment.starts_at - timedelta(hours=settings.APPOINTMENT_CANCEL_HOURS)


def _as_surveyor(user: User, appointment_id: UUID) -> Appointment:
    if own_appointment(user=user, appointment_id=appointment_id).surveyor.user_id != user.pk:
        raise Forbidden("Only the surveyor can do this.")
    return lock_appointment(appointment_id)


def _complete(appointment: Appointment, *, cause: str) -> None:
    transitions.complete(appointment, cause=cause)
    earn(appointment, cause="appointment completed")


def _miss(appointment: Appointment, *, cause: str) -> None:
    transitions.miss(appointment, cause=cause)
    earn(appointment, cause="owner did not come")
