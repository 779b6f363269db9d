"""Dates what the demo did back, because maintenance counts by days, an appointment by hours, and a demo takes minutes.

Runs beside the demo's server on its own throw-away database. Nothing that is served can do this.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from inspections.models import Inspection, MediaAsset
from surveys.models import Appointment


@transaction.atomic
def date_back(inspection_id: str, *, days: int) -> None:
    """Shift the times of the inspection and of its photos. The log of its states keeps the true ones.

    Raises `Inspection.DoesNotExist`.
    """
    inspection, shift = Inspection.objects.get(pk=inspection_id), timedelta(days=days)
    Inspection.objects.filter(pk=inspection.pk).update(
        created_at=F("created_at") - shift,
        submitted_at=F("submitted_at") - shift,
        finished_at=F("finished_at") - shift,
    )
    MediaAsset.objects.filter(slot__inspection=inspection).update(uploaded_at=F("uploaded_at") - shift)


def begin(appointment_id: str) -> None:
    """Have the appointment begin now. Raises `Appointment.DoesNotExist`."""
    row = Appointment.objects.get(pk=appointment_id)
    shift = row.starts_at - timezone.now()
    Appointment.objects.filter(pk=row.pk).update(starts_at=F("starts_at") - shift, ends_at=F("ends_at") - shift)
