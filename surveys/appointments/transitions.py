"""Allowed transitions of an appointment, and the only writer of its status.

Every function runs in the caller's transaction, which has locked the appointment. Each change leaves an event.
"""

from collections.abc import Mapping
from typing import Final

from django.utils import timezone

from surveys.models import Appointment, AppointmentEvent
from surveys.vocabulary import AppointmentStatus, Party

HELD, CONFIRMED, CHECKED_IN, COMPLETED, RELEASED, CANCELLED, NO_SHOW, DISPUTED, RESOLVED = AppointmentStatus
# A payment that arrives after the release confirms the appointment, if its slot is still free.
TRANSITIONS: Final[Mapping[AppointmentStatus, frozenset[AppointmentStatus]]] = {
    HELD: frozenset({CONFIRMED, RELEASED}),
    RELEASED: frozenset({CONFIRMED}),
    CONFIRMED: frozenset({CHECKED_IN, CANCELLED, NO_SHOW}),
    CHECKED_IN: frozenset({COMPLETED}),
    COMPLETED: frozenset({DISPUTED}),
    NO_SHOW: frozenset({DISPUTED}),
    DISPUTED: frozenset({RESOLVED}),
    CANCELLED: frozenset(),
    RESOLVED: frozenset(),
}


class BadTransition(Exception):
    """The appointment's status does not allow this transition."""


def note_hold(appointment: Appointment) -> None:
    """Note the first status of a new appointment."""
    AppointmentEvent.objects.create(appointment=appointment, to_status=HELD, cause="held by the owner")


def release(appointment: Appointment, *, cause: str) -> None:
    """held → released: the slot is free again."""
    _move(appointment, RELEASED, cause=cause, ended_at=timezone.now())


def confirm(appointment: Appointment) -> None:
    """held or released → confirmed: it is paid. Raises `IntegrityError` if its slot has another appointment."""
    _move(appointment, CONFIRMED, cause="paid", confirmed_at=timezone.now(), ended_at=None)


def check_in(appointment: Appointment) -> None:
    """confirmed → checked_in: the surveyor has scanned the owner's code."""
    _move(appointment, CHECKED_IN, cause="code scanned by the surveyor", checked_in_at=timezone.now())


def complete(appointment: Appointment, *, cause: str) -> None:
    """checked_in → completed."""
    _move(appointment, COMPLETED, cause=cause, ended_at=timezone.now())


def miss(appointment: Appointment, *, cause: str) -> None:
    """confirmed → no_show."""
    _move(appointment, NO_SHOW, cause=cause, ended_at=timezone.now())


def cancel(appointment: Appointment, *, by: Party | None, refund_minor: int, cause: str) -> None:
    """confirmed → cancelled, by a party, or because its money is gone."""
    changes = {"ended_at": timezone.now(), "cancelled_by": by or "", "refund_minor": refund_minor}
    _move(appointment, CANCELLED, cause=cause, **changes)


def dispute(appointment: Appointment) -> None:
    """completed or no_show → disputed."""
    _move(appointment, DISPUTED, cause="disputed by the owner")


def resolve(appointment: Appointment, *, refund_minor: int, cause: str) -> None:
    """disputed → resolved."""
    _move(appointment, RESOLVED, cause=cause, refund_minor=refund_minor)


def _move(appointment: Appointment, to: AppointmentStatus, *, cause: str, **changes: object) -> None:
    before = AppointmentStatus(appointment.status)
    if to not in TRANSITIONS[before]:
        raise BadTransition(f"{before} → {to}")
    for name, value in {"status": to, **changes}.items():
        setattr(appointment, name, value)
    appointment.save(update_fields=["status", *changes])
    AppointmentEvent.objects.create(appointment=appointment, from_status=before, to_status=to, cause=cause)
