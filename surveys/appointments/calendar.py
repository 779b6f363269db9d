"""Appointments as calendar files (iCalendar, RFC 5545): an invitation, and its cancellation.

A calendar finds the entry by its UID, and takes a file with a higher SEQUENCE for the newer one.
"""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.conf import settings

from notifications.catalogue.attachments import Attachment
from surveys.models import Appointment
from surveys.vocabulary import AppointmentStatus

_PRODUCT: Final = "-//Maretech//Appointments//EN"
_ENDED: Final = (AppointmentStatus.RELEASED, AppointmentStatus.CANCELLED)


def invitation_file(data: Mapping[str, str]) -> Attachment | None:
    """Return the entry of a paid appointment; None once it is cancelled."""
    row = _appointment(data)
    if row is None or row.status in _ENDED:
        return None
    return _attachment(row, method="PUBLISH", status="CONFIRMED", sequence=0)


def cancellation_file(data: Mapping[str, str]) -> Attachment | None:
    """Return the file that removes the entry of a cancelled appointment."""
    row = _appointment(data)
    if row is None or row.status != AppointmentStatus.CANCELLED:
        return None
    return _attachment(row, method="CANCEL", status="CANCELLED", sequence=1)


def _appointment(data: Mapping[str, str]) -> Appointment | None:
    return Appointment.objects.select_related("surveyor").filter(pk=UUID(data["appointment_id"])).first()


def _attachment(row: Appointment, *, method: str, status: str, sequence: int) -> Attachment:
    from icalendar import Calendar, Event  # noqa: PLC0415 - only who sends mails needs it

    event = Event()
    event.add("uid", f"{row.pk}@maretech")
    event.add("dtstamp", row.ended_at if method == "CANCEL" else row.confirmed_at)
    event.add("dtstart", row.starts_at)
    event.add("dtend", row.ends_at)
    event.add("summary", row.surveyor.name)
    event.add("location", row.place_name)
    event.add("url", settings.PUBLIC_URL)
    event.add("status", status)
    event.add("sequence", sequence)
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    return Attachment("appointment.ics", f"text/calendar; charset=utf-8; method={method}", calendar.to_ical())
