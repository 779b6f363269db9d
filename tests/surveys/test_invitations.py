"""Test the mails of an appointment: each brings a file that a calendar understands."""

from datetime import UTC, timedelta
from email.message import EmailMessage

import pytest
from django.core import mail
from icalendar import Calendar, Event

from notifications.tasks import send_due_deliveries
from surveys.appointments.calendar import invitation_file
from surveys.appointments.ending import cancel_appointment
from surveys.models import Appointment
from testing.surveys import held_of, slot_of
from tests.surveys.test_paying import pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def booked(fake, phone, owner, paid_surveyor) -> Appointment:
    row = held_of(owner, slot_of(paid_surveyor))
    pay(fake, phone, row)
    row.refresh_from_db()
    return row


def files_to(address: str) -> list[EmailMessage]:
    """Send what is due; return the calendar files in the mails to this address, oldest first."""
    send_due_deliveries()
    sent = [each.message() for each in mail.outbox if each.to == [address]]
    return [part for each in sent for part in each.walk() if part.get_content_type() == "text/calendar"]


def event_of(part: EmailMessage) -> tuple[Calendar, Event]:
    calendar = Calendar.from_ical(part.get_payload(decode=True))
    (event,) = calendar.walk("VEVENT")
    return calendar, event


@pytest.mark.parametrize("party", ["owner", "surveyor"])
def test_both_get_the_appointment_as_a_calendar_file(booked, owner, paid_surveyor, party):
    user = owner if party == "owner" else paid_surveyor.user
    (part,) = files_to(user.email)
    assert part.get_filename() == "appointment.ics"
    assert part.get_param("method") == "PUBLISH"
    calendar, event = event_of(part)
    assert str(calendar["METHOD"]) == "PUBLISH"
    assert event["DTSTART"].dt == booked.starts_at
    assert event["DTSTART"].dt.tzinfo == UTC or event["DTSTART"].dt.utcoffset() == timedelta()
    assert (event["DTEND"].dt, str(event["LOCATION"])) == (booked.ends_at, "Hall 2, Kiel")
    assert str(event["UID"]) == f"{booked.pk}@maretech"


def test_a_cancellation_removes_the_same_entry(booked, owner):
    (invitation,) = files_to(owner.email)
    cancel_appointment(user=owner, appointment_id=booked.pk)
    _, cancellation = files_to(owner.email)
    (_, first), (calendar, second) = event_of(invitation), event_of(cancellation)
    assert (str(calendar["METHOD"]), str(second["STATUS"])) == ("CANCEL", "CANCELLED")
    assert (first["UID"], first["SEQUENCE"] + 1) == (second["UID"], second["SEQUENCE"])


def test_an_invitation_that_was_not_sent_before_the_cancellation_is_not_sent(booked, owner):
    cancel_appointment(user=owner, appointment_id=booked.pk)
    (only,) = files_to(owner.email)
    assert str(event_of(only)[0]["METHOD"]) == "CANCEL"
    assert invitation_file({"appointment_id": str(booked.pk)}) is None


def test_a_name_in_another_script_and_with_commas_is_read_again(booked, owner):
    Appointment.objects.update(place_name="Верфь; зал 2, Κιέλο\\")
    (part,) = files_to(owner.email)
    assert str(event_of(part)[1]["LOCATION"]) == "Верфь; зал 2, Κιέλο\\"
