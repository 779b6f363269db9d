"""The code that an owner shows to the surveyor."""

from uuid import UUID

from accounts.models import User
from maretech.common.http.errors import NotFound
from surveys.check_ins.tokens import Picture, make_token, qr_code
from surveys.errors import AppointmentRefused
from surveys.models import Appointment
from surveys.vocabulary import AppointmentStatus


def code_of(*, owner: User, appointment_id: UUID, picture: Picture) -> bytes:
    """Return a fresh code of the owner's appointment: confirmed, or checked in by a scan whose answer may be lost.

    Raises `NotFound` or `AppointmentRefused`.
    """
    appointment = Appointment.objects.of_owner(owner).filter(pk=appointment_id).first()
    if appointment is None:
        raise NotFound
    if appointment.status not in (AppointmentStatus.CONFIRMED, AppointmentStatus.CHECKED_IN):
        raise AppointmentRefused("NOT_CONFIRMED", "Only a confirmed appointment has a code.")
    return qr_code(make_token(appointment), picture=picture)
