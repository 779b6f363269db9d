"""A surveyor scans an owner's code. Every scan leaves a row with its result."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from surveys.appointments import transitions
from surveys.appointments.locking import lock_appointment
from surveys.check_ins.tokens import read_token
from surveys.models import Appointment, CheckIn, Place, Surveyor
from surveys.vocabulary import AppointmentStatus, CheckInResult

EARLIEST: Final = timedelta(hours=12)
CHECKED_IN, DUPLICATE, UNPAID, NOT_FOUND, WRONG_PLACE, EXPIRED = CheckInResult
_UNPAID: Final = (AppointmentStatus.HELD, AppointmentStatus.RELEASED)


@transaction.atomic
def scan(*, surveyor: Surveyor, token: str, place_id: UUID) -> CheckIn:
    """Check the appointment in, if its code is fresh and the surveyor is at its place. Of two scans at once one does.

    An appointment of another surveyor is not found; so is one that was cancelled or missed, and one that is not near.
    """
    place = Place.objects.filter(pk=place_id, surveyor=surveyor).first()
    appointment, result = _judged(surveyor, token, place)
    if result == CHECKED_IN and appointment is not None:
        transitions.check_in(appointment)
    return CheckIn.objects.create(surveyor=surveyor, appointment=appointment, place=place, result=result)


def _judged(surveyor: Surveyor, token: str, place: Place | None) -> tuple[Appointment | None, CheckInResult]:
    scanned = read_token(token)
    if scanned is None or not Appointment.objects.filter(pk=scanned.appointment_id, surveyor=surveyor).exists():
        return None, NOT_FOUND
    appointment = lock_appointment(scanned.appointment_id)
    return appointment, EXPIRED if scanned.is_expired else _result(appointment, place)


def _result(appointment: Appointment, place: Place | None) -> CheckInResult:
    if appointment.status in _UNPAID:
        return UNPAID
    if appointment.checked_in_at is not None:
        return DUPLICATE
    if appointment.status != AppointmentStatus.CONFIRMED or timezone.now() < appointment.starts_at - EARLIEST:
        return NOT_FOUND
    return CHECKED_IN if place is not None and place.pk == appointment.place_id else WRONG_PLACE
