"""Appointments with what their answers show, in a constant number of statements."""

from uuid import UUID

from django.db.models import QuerySet

from accounts.models import User
from surveys.api.serializers import AppointmentOutput
from surveys.appointments.locking import own_appointment
from surveys.models import Appointment


def with_parties(rows: QuerySet[Appointment]) -> QuerySet[Appointment]:
    return rows.select_related("surveyor", "dispute").prefetch_related("orders")


def presented(user: User, appointment_id: UUID) -> dict[str, object]:
    """Return the appointment as this party sees it. Raises `NotFound`."""
    own_appointment(user=user, appointment_id=appointment_id)
    row = with_parties(Appointment.objects.filter(pk=appointment_id)).get()
    return dict(AppointmentOutput(row, context={"user": user}).data)
