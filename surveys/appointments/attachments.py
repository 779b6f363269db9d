"""The dossier that an owner attached: the only one that the surveyor reads, and not for ever."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.utils import timezone

from dossiers.vocabulary import DossierStatus
from maretech.common.http.errors import NotFound
from maretech.common.storage import object_store
from maretech.common.storage.base import ObjectMissing
from surveys.models import Appointment
from surveys.vocabulary import AppointmentStatus

MAX_PDF_BYTES: Final = 64 * 1024 * 1024
_CLOSED: Final = (AppointmentStatus.HELD, AppointmentStatus.RELEASED, AppointmentStatus.CANCELLED)


def attached_pdf(appointment: Appointment) -> bytes:
    """Return the attached dossier. Raises `NotFound` when there is none to read, or not any more."""
    dossier = appointment.dossier
    readable_until = appointment.ends_at + timedelta(days=settings.APPOINTMENT_DISPUTE_DAYS)
    is_open = appointment.status not in _CLOSED and (
        timezone.now() < readable_until or appointment.status == AppointmentStatus.DISPUTED
    )
    if dossier is None or not is_open:
        raise NotFound
    if dossier.status != DossierStatus.FINAL or dossier.vessel_handed_over_at is not None:
        raise NotFound
    try:
        return object_store().read(dossier.pdf_uri, max_bytes=MAX_PDF_BYTES)
    except ObjectMissing:  # revoked at this moment
        raise NotFound from None
