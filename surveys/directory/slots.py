"""The times that surveyors offer: found, made by a pattern, and withdrawn. The only writer of slots."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from billing.payees.business_days import is_holiday
from billing.payees.register import payee_of
from surveys.models import Appointment, Place, Slot, Surveyor

MAX_SLOTS: Final = 1000
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """Times of every week: from `first_start` on, `count` slots a day, each of this length, with a gap in between.

    Times are local to the place. `weekdays` count from Monday, 0. Holidays are those of the surveyor's country.
    """

    first_day: date
    last_day: date
    weekdays: Collection[int]
    first_start: time
    count: int = 1
    length: timedelta
    gap: timedelta = timedelta()
    except_days: Collection[date] = ()
    skips_holidays: bool = True
    price_minor: int


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a pattern: how many slots were made, and how many times overlapped with what is offered."""

    made: int
    overlapping: int


def offered_slots() -> QuerySet[Slot]:
    """Return the slots that can be held if they are free: of listed surveyors, and not too soon."""
    earliest = timezone.now() + timedelta(minutes=settings.APPOINTMENT_LEAD_MINUTES)
    return Slot.objects.filter(withdrawn_at=None, surveyor__is_listed=True, starts_at__gte=earliest)


def free_slots(surveyor: Surveyor, *, since: datetime, until: datetime) -> QuerySet[Slot]:
    """Return the surveyor's free slots that start in this time, the first first."""
    occupying = Appointment.objects.occupying().filter(slot=OuterRef("pk"))
    offered = offered_slots().filter(surveyor=surveyor, starts_at__gte=since, starts_at__lt=until)
    return offered.exclude(Exists(occupying)).select_related("place").order_by("starts_at", "pk")


@transaction.atomic
def make_slots(place: Place, pattern: Pattern) -> Made:
    """Make the slots of a pattern that lie in the future. Times that overlap with what is offered are left out.

    A local time that does not exist, because clocks go forward, is left out too. Raises Django's `ValidationError`.
    """
    surveyor = Surveyor.objects.select_for_update(no_key=True).get(pk=place.surveyor_id)
    payee = payee_of(surveyor.user_id)
    if payee is None:
        raise ValidationError("This surveyor is no payee yet: nothing could be paid out.")
    # The times of a day may reach into the next one, so they come in no order.
    spans = sorted(_spans(pattern, ZoneInfo(place.time_zone), payee.country))
    if len(spans) > MAX_SLOTS:
        raise ValidationError(f"These are {len(spans)} times; at most {MAX_SLOTS} can be made at once.")
    if not spans:
        raise ValidationError("No time of this pattern lies in the future.")
    kept = _without_overlaps(spans, surveyor)
    Slot.objects.bulk_create(
        Slot(
            surveyor=surveyor,
            place=place,
            starts_at=start,
            ends_at=end,
            price_minor=pattern.price_minor,
            currency=payee.currency,
        )
        for start, end in kept
    )
    return Made(len(kept), len(spans) - len(kept))


@transaction.atomic
def withdraw_slot(slot_id: UUID) -> bool:
    """Offer the slot no more. An appointment that exists stays. Returns False if it is withdrawn already."""
    return bool(Slot.objects.filter(pk=slot_id, withdrawn_at=None).update(withdrawn_at=timezone.now()))


def withdraw_all_of(surveyor: Surveyor) -> None:
    Slot.objects.filter(surveyor=surveyor, withdrawn_at=None, starts_at__gt=timezone.now()).update(
        withdrawn_at=timezone.now()
    )


def _spans(pattern: Pattern, zone: ZoneInfo, country: str) -> Iterator[tuple[datetime, datetime]]:
    day = pattern.first_day
    while day <= pattern.last_day:
        if _is_day_of(pattern, day, country):
            yield from _spans_of_day(pattern, day, zone)
        day += _DAY


def _is_day_of(pattern: Pattern, day: date, country: str) -> bool:
    if day.weekday() not in pattern.weekdays or day in pattern.except_days:
        return False
    return not (pattern.skips_holidays and is_holiday(day, country=country))


def _spans_of_day(pattern: Pattern, day: date, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    naive = datetime.combine(day, pattern.first_start)
    for _ in range(pattern.count):
        start = naive.replace(tzinfo=zone).astimezone(UTC)
        exists = start.astimezone(zone).replace(tzinfo=None) == naive
        if exists and start > timezone.now():
            yield start, start + pattern.length
        naive += pattern.length + pattern.gap


def _without_overlaps(spans: list[tuple[datetime, datetime]], surveyor: Surveyor) -> list[tuple[datetime, datetime]]:
    near = {"surveyor": surveyor, "starts_at__lt": max(end for _, end in spans), "ends_at__gt": spans[0][0]}
    taken = [
        *Slot.objects.filter(withdrawn_at=None, **near).values_list("starts_at", "ends_at"),
        # Also of slots that were withdrawn since.
        *Appointment.objects.occupying().filter(**near).values_list("starts_at", "ends_at"),
    ]
    kept: list[tuple[datetime, datetime]] = []
    for start, end in spans:
        if all(end <= other_start or start >= other_end for other_start, other_end in (*taken, *kept[-1:])):
            kept.append((start, end))
    return kept
