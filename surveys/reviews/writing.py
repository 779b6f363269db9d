"""Owners review the appointments that they had, once each."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts.identity.verification import require_verified
from accounts.models import User
from maretech.common.http.errors import Invalid
from surveys.appointments.locking import lock_appointment
from surveys.errors import AppointmentRefused, ReviewExists
from surveys.models import Appointment, Review, Surveyor
from surveys.vocabulary import AppointmentStatus, ReviewState


@transaction.atomic
def write_review(*, author: User, surveyor: Surveyor, appointment_id: UUID, rating: int, text: str) -> Review:
    """Review a completed appointment with this surveyor.

    Raises `EmailUnverified`, `Invalid` for an appointment that is not the author's, `AppointmentRefused` for one that
    was not completed, or `ReviewExists`.
    """
    require_verified(author)
    if not Appointment.objects.of_owner(author).filter(pk=appointment_id, surveyor=surveyor).exists():
        raise Invalid(appointment_id="You have no such appointment with this surveyor.")
    appointment = lock_appointment(appointment_id)
    if appointment.checked_in_at is None or appointment.status == AppointmentStatus.CHECKED_IN:
        raise AppointmentRefused("NOT_COMPLETED", "Only a completed appointment can be reviewed.")
    try:
        with transaction.atomic():
            return Review.objects.create(
                appointment=appointment, surveyor=surveyor, author=author, rating=rating, text=text
            )
    except IntegrityError as exc:
        raise ReviewExists from exc


def visible_reviews(surveyor: Surveyor) -> QuerySet[Review]:
    return Review.objects.filter(surveyor=surveyor, state=ReviewState.VISIBLE)
