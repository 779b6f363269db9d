"""Erase and export appointments, disputes and reviews as part of a person's data, as owner and as surveyor.

An appointment belongs to both parties, and its payment to the books: its row stays, without what the erased one wrote.
"""

from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet

from accounts.models import User
from accounts.privacy.archive import Archive
from accounts.privacy.register import Counts, DataSubject, PersonalData
from billing.entitlements import entitlements
from surveys.appointments.ending import cancel_all_of
from surveys.directory.slots import withdraw_all_of
from surveys.models import (
    Appointment,
    AppointmentDispute,
    AppointmentEvent,
    AppointmentOrder,
    CheckIn,
    Place,
    RecoveryAttempt,
    Review,
    ReviewReport,
    Slot,
    Surveyor,
    surveyor_of,
)
from surveys.vocabulary import Party

CLOSED: Final = "Closed account"
_APPOINTMENT: Final = (
    *("status", "surveyor_id", "starts_at", "ends_at", "place_name", "price_minor", "currency", "dossier_id"),
    *("created_at", "held_until", "confirmed_at", "checked_in_at", "ended_at", "cancelled_by", "refund_minor"),
)
_SURVEYOR: Final = ("name", "modes", "regions", "qualifications", "languages", "is_listed", "created_at")


def count(subject: DataSubject) -> Counts:
    return {
        "appointments that stay": _of(subject.id).count(),
        "reviews to blank": Review.objects.filter(author=subject.id).exclude(text="").count(),
        "surveyors to blank": Surveyor.objects.filter(user=subject.id).exclude(name=CLOSED).count(),
    }


def settle(subject: DataSubject) -> None:
    """Cancel what is to come: a surveyor's owners get all back."""
    surveyor = surveyor_of(subject.id)
    if surveyor is not None:
        Surveyor.objects.filter(pk=surveyor.pk).update(is_listed=False)
        withdraw_all_of(surveyor)
    cancel_all_of(subject.id)


@transaction.atomic
def erase(subject: DataSubject) -> None:
    entitlements.lock(subject.id)
    _blank_texts(subject.id)
    surveyor = surveyor_of(subject.id)
    if surveyor is not None:
        blank = {"name": CLOSED, "regions": [], "qualifications": [], "languages": []}
        Surveyor.objects.filter(pk=surveyor.pk).update(is_listed=False, **blank)
        for place in Place.objects.filter(surveyor=surveyor):
            Place.objects.filter(pk=place.pk).update(name=f"{CLOSED} {place.pk}")
        Appointment.objects.filter(surveyor=surveyor).update(place_name="")


def export(user: User, archive: Archive) -> None:
    if rows := [_appointment(row, user) for row in _of(user.pk).order_by("created_at", "id")]:
        archive.json("appointments/appointments.json", rows)
    if reviews := list(Review.objects.filter(author=user).values("appointment_id", "rating", "text", "created_at")):
        archive.json("appointments/reviews.json", reviews)
    if reports := list(ReviewReport.objects.filter(reporter=user).values("review_id", "day", "reason")):
        archive.json("appointments/reports.json", reports)
    surveyor = surveyor_of(user)
    if surveyor is not None:
        profile = {name: getattr(surveyor, name) for name in _SURVEYOR}
        profile["places"] = list(surveyor.places.values("name", "time_zone"))
        archive.json("appointments/surveyor.json", profile)
        # An owner is in no scan: an appointment is an id.
        scans = surveyor.check_ins.order_by("id").values("at", "result", "appointment_id", place_name=F("place__name"))
        if scans:
            archive.json("appointments/check_ins.json", list(scans))


def _of(user_id: UUID) -> QuerySet[Appointment]:
    return Appointment.objects.filter(Q(owner=user_id) | Q(surveyor__user=user_id, confirmed_at__isnull=False))


def _blank_texts(user_id: UUID) -> None:
    AppointmentDispute.objects.filter(appointment__owner=user_id).update(reason="")
    for party, column in ((Party.OWNER, "owner"), (Party.SURVEYOR, "surveyor__user")):
        attempts = RecoveryAttempt.objects.filter(party=party, **{f"dispute__appointment__{column}": user_id})
        attempts.update(explanation="")
    Review.objects.filter(author=user_id).update(text="")
    ReviewReport.objects.filter(reporter=user_id).update(reason="")


def _appointment(row: Appointment, user: User) -> dict[str, Any]:
    party = row.party_of(user)
    dispute = AppointmentDispute.objects.filter(appointment=row).first()
    written: dict[str, Any] = {}
    if dispute is not None:
        own = dispute.attempts.filter(party=party)
        written["dispute_explained"] = list(own.values_list("explanation", flat=True))
        if party == Party.OWNER:
            written["dispute_reason"] = dispute.reason
    return {"appointment_id": row.pk, "role": party, **{name: getattr(row, name) for name in _APPOINTMENT}, **written}


PERSONAL_DATA: Final = PersonalData(
    app="surveys",
    retained={
        Surveyor: {
            "name": "replaced when the surveyor is erased",
            "modes": "words of the code",
            "regions": "emptied when the surveyor is erased",
            "qualifications": "emptied when the surveyor is erased",
            "languages": "emptied when the surveyor is erased",
        },
        Place: {"name": "replaced when the surveyor is erased", "time_zone": "the name of a zone"},
        Slot: {"currency": "three letters"},
        Appointment: {"place_name": "blanked when the surveyor is erased", "currency": "three letters"},
        AppointmentEvent: {"cause": "fixed words of the code"},
        AppointmentDispute: {"reason": "blanked when the owner is erased"},
        RecoveryAttempt: {"explanation": "blanked when its author is erased"},
        AppointmentOrder: {},
        CheckIn: {},
        Review: {"text": "blanked when its author is erased; the rating stays, without a name"},
        ReviewReport: {"reason": "blanked when the reporter is erased"},
    },
    settle=settle,
    count=count,
    erase=erase,
    export=export,
)
