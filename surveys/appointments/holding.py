"""Hold a free slot for an owner for a few minutes, and release what was not paid in time."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from accounts.identity.verification import require_verified
from accounts.models import User
from billing.entitlements import entitlements
from dossiers.models import Dossier
from dossiers.ownership import lock_shareable
from maretech.common.http.errors import DailyLimitReached, Invalid, NotFound
from maretech.common.http.rate_counter import count_one
from maretech.common.work.queue import RESENT_AT_ONCE
from surveys.appointments import transitions
from surveys.directory.slots import offered_slots
from surveys.errors import AppointmentRefused, SlotTaken
from surveys.models import Appointment, Slot
from surveys.vocabulary import AppointmentStatus

_DAY_SECONDS: Final = 86_400
_NOT_PAID: Final = "not paid in time"


def count_hold(owner: User) -> None:
    """Count a request to hold a slot: each keeps others away for some minutes. Raises `DailyLimitReached`."""
    counted = count_one(f"holds:{owner.pk}", window_seconds=_DAY_SECONDS)
    if counted.count > settings.APPOINTMENT_HOLDS_PER_DAY:
        raise DailyLimitReached(retry_after=max(1, round(counted.remaining_seconds + 0.5)))


@transaction.atomic
def hold_slot(*, owner: User, slot_id: UUID, dossier_id: UUID | None) -> Appointment:
    """Hold a slot for `APPOINTMENT_HOLD_MINUTES`; the owner's dossier, if given, is attached.

    Of concurrent requests for a slot one succeeds, and no other waits for it. Raises `NotFound` for a slot or dossier
    that does not exist, `EmailUnverified`, `SlotTaken`, or `AppointmentRefused` for too many holds, for an owner's own
    offer, and for a dossier that cannot be shared.
    """
    slot = Slot.objects.filter(pk=slot_id, surveyor__is_listed=True).select_related("surveyor", "place").first()
    if slot is None:
        raise NotFound
    require_verified(owner)
    if slot.surveyor.user_id == owner.pk:
        raise AppointmentRefused("OWN_OFFER", "You offer this time yourself.")
    _refuse_taken(slot)  # before any lock
    entitlements.lock(owner)
    _lock_now(slot)
    _refuse_taken(slot)
    _refuse_beyond_limit(owner)
    dossier = _attached(owner, slot, dossier_id)
    return _create(owner, slot, dossier)


def overdue_holds() -> list[UUID]:
    """Return the overdue holds, the oldest first."""
    overdue = Appointment.objects.overdue_holds().order_by("held_until")
    return list(overdue.values_list("pk", flat=True)[:RESENT_AT_ONCE])


@transaction.atomic
def release_hold(appointment_id: UUID) -> None:
    """Release an overdue hold. Safe to run twice. Its order is closed by another rule."""
    appointment = Appointment.objects.overdue_holds().select_for_update().filter(pk=appointment_id).first()
    if appointment is not None:
        transitions.release(appointment, cause=_NOT_PAID)


def _lock_now(slot: Slot) -> None:
    """Lock the slot, and the overdue hold on it, without waiting: the holder of a lock is about to take the slot."""
    try:
        with transaction.atomic():
            Slot.objects.select_for_update(nowait=True, of=("self",)).get(pk=slot.pk)
            overdue = Appointment.objects.overdue_holds().filter(slot=slot)
            for appointment in overdue.select_for_update(nowait=True, of=("self",)):
                transitions.release(appointment, cause=_NOT_PAID)
    except DatabaseError as exc:
        if _is_lock_refused(exc):
            raise SlotTaken from exc
        raise


def _is_lock_refused(error: DatabaseError) -> bool:
    """Return whether Postgres refused to wait. SQLite has no locks of rows."""
    return getattr(error.__cause__, "sqlstate", None) == "55P03"


def _refuse_taken(slot: Slot) -> None:
    is_offered = offered_slots().filter(pk=slot.pk).exists()
    if not is_offered or Appointment.objects.occupying().filter(slot=slot).exists():
        raise SlotTaken


def _refuse_beyond_limit(owner: User) -> None:
    holds = Appointment.objects.of_owner(owner).filter(status=AppointmentStatus.HELD, held_until__gt=timezone.now())
    if holds.count() >= settings.APPOINTMENT_HOLDS:
        raise AppointmentRefused("TOO_MANY_HOLDS", "You hold other times already: pay or cancel one first.")


def _attached(owner: User, slot: Slot, dossier_id: UUID | None) -> Dossier | None:
    if dossier_id is None:
        return None
    dossier = lock_shareable(owner=owner, dossier_id=dossier_id)
    if dossier.mode not in slot.surveyor.modes:
        raise Invalid(dossier_id="This surveyor does not survey hulls of this material.")
    return dossier


def _create(owner: User, slot: Slot, dossier: Dossier | None) -> Appointment:
    now = timezone.now()
    row = Appointment(
        owner=owner,
        surveyor=slot.surveyor,
        slot=slot,
        place=slot.place,
        place_name=slot.place.name,
        dossier=dossier,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        price_minor=slot.price_minor,
        currency=slot.currency,
        created_at=now,
        held_until=now + timedelta(minutes=settings.APPOINTMENT_HOLD_MINUTES),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as exc:  # a late payment has just taken the slot
        raise SlotTaken from exc
    transitions.note_hold(row)
    return row
