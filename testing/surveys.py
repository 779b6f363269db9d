"""Surveyors, slots and appointments in each state a test starts from."""

from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from dossiers.models import Dossier
from inspections.vocabulary import Mode
from surveys.appointments import transitions
from surveys.appointments.holding import hold_slot
from surveys.directory.surveyors import Profile, add_place, register_surveyor
from surveys.disputes.cases import open_dispute
from surveys.models import Appointment, AppointmentDispute, Place, Review, Slot, Surveyor
from surveys.reviews.writing import write_review
from testing.factories import UserFactory

PRICE: Final = 20_000
_LENGTH: Final = timedelta(hours=2)


def surveyor_in(
    place: str = "Hall 2, Kiel", *, user: User | None = None, account_ref: str = "", **profile: Any
) -> Surveyor:
    """Return a new listed surveyor with one place, who is paid in euros."""
    shown = {"name": "Petra Holm", "modes": list(Mode), "regions": ["Kieler Förde"], "languages": ["de"], **profile}
    user = user or UserFactory.create(email_verified_at=timezone.now())
    row = register_surveyor(user=user, profile=Profile(**shown), country="DE", currency="EUR", account_ref=account_ref)
    add_place(row, name=place, time_zone="Europe/Berlin")
    return row


def place_of(surveyor: Surveyor) -> Place:
    return surveyor.places.get()


def slot_of(surveyor: Surveyor, *, starts_in: timedelta = timedelta(days=5), **values: Any) -> Slot:
    starts_at = timezone.now() + starts_in
    defaults: dict[str, Any] = {"price_minor": PRICE, "currency": "EUR", "ends_at": starts_at + _LENGTH}
    place = place_of(surveyor)
    return Slot.objects.create(surveyor=surveyor, place=place, starts_at=starts_at, **(defaults | values))


def held_of(owner: User, slot: Slot | None = None, *, dossier: Dossier | None = None) -> Appointment:
    """Return an appointment that the owner holds. Proves the owner's address."""
    if not owner.email_verified:
        owner.email_verified_at = timezone.now()
        owner.save(update_fields=["email_verified_at"])
    slot = slot or slot_of(surveyor_in())
    return hold_slot(owner=owner, slot_id=slot.pk, dossier_id=dossier.pk if dossier else None)


@transaction.atomic
def confirmed_of(owner: User, slot: Slot | None = None, *, dossier: Dossier | None = None) -> Appointment:
    """Return an appointment that counts as paid, without an order."""
    row = held_of(owner, slot, dossier=dossier)
    transitions.confirm(row)
    return row


def over_of(owner: User, slot: Slot | None = None, *, checked_in: bool = True) -> Appointment:
    """Return an appointment that ended an hour ago: completed, or missed."""
    row = confirmed_of(owner, slot)
    with transaction.atomic():
        row.ends_at = timezone.now() - timedelta(hours=1)
        row.starts_at = row.ends_at - _LENGTH
        row.save(update_fields=["starts_at", "ends_at"])
        if checked_in:
            transitions.check_in(row)
            transitions.complete(row, cause="marked by the surveyor")
        else:
            transitions.miss(row, cause="marked by the surveyor")
    return row


def disputed_of(owner: User, slot: Slot | None = None) -> AppointmentDispute:
    """Return the open dispute of an appointment that was completed."""
    row = over_of(owner, slot)
    return open_dispute(owner=owner, appointment_id=row.pk, reason="The survey took ten minutes.")


def review_of(owner: User, slot: Slot | None = None, *, rating: int = 4, text: str = "Thorough.") -> Review:
    """Return the owner's review of an appointment that was completed."""
    row = over_of(owner, slot)
    return write_review(author=owner, surveyor=row.surveyor, appointment_id=row.pk, rating=rating, text=text)
