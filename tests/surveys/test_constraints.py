"""Test what the database refuses: each constraint of the app has its nonsense here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils import timezone

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
)
from testing.factories import UserFactory
from testing.surveys import confirmed_of, disputed_of, held_of, over_of, place_of, review_of, slot_of, surveyor_in

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Rows:
    """A surveyor with a slot, and an owner's appointments: held, confirmed, over, disputed, reviewed."""

    surveyor: Surveyor
    place: Place
    slot: Slot
    held: Appointment
    confirmed: Appointment
    over: Appointment
    dispute: AppointmentDispute
    review: Review


@pytest.fixture
def rows(owner) -> Rows:
    surveyor = surveyor_in()
    slot = slot_of(surveyor)
    held = held_of(owner, slot)
    return Rows(
        surveyor, place_of(surveyor), slot, held, confirmed_of(owner), over_of(owner),
        disputed_of(owner), review_of(owner),
    )  # fmt: skip


def copy_of(row: Any, **changes: Any) -> Any:
    """Save a second row with the values of the first."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    del values[row._meta.pk.attname]
    return type(row).objects.create(**(values | changes))


def changed(row: Any, **values: Any) -> None:
    type(row).objects.filter(pk=row.pk).update(**values)


def order_of(row: Appointment, number: int) -> AppointmentOrder:
    return AppointmentOrder.objects.create(appointment=row, order_id=UUID(int=number))


def two_orders(row: Appointment) -> None:
    order_of(row, 1)
    order_of(row, 2)


def scan(rows: Rows, result: str, row: Appointment | None) -> CheckIn:
    return CheckIn.objects.create(surveyor=rows.surveyor, appointment=row, place=rows.place, result=result)


def checked_in_twice(rows: Rows) -> None:
    for _ in range(2):
        scan(rows, "CHECKED_IN", rows.confirmed)


def reported_twice(rows: Rows, **changes: Any) -> None:
    reporter = UserFactory.create()
    for _ in range(2):
        values = {"day": timezone.now().date(), "reason": "spam", "weight": 10} | changes
        ReviewReport.objects.create(review=rows.review, reporter=reporter, **values)


Nonsense = Callable[[Rows], Any]
CASES: dict[str, list[Nonsense]] = {
    "a_surveyor_has_a_name": [lambda rows: changed(rows.surveyor, name="")],
    "a_surveyor_has_a_place_once": [lambda rows: copy_of(rows.place)],
    "a_place_has_a_name_and_a_zone": [
        lambda rows: changed(rows.place, name=""),
        lambda rows: changed(rows.place, time_zone=""),
    ],
    "a_surveyor_offers_a_time_once": [lambda rows: copy_of(rows.slot)],
    "a_slot_ends_after_its_start": [lambda rows: changed(rows.slot, ends_at=rows.slot.starts_at)],
    "a_slot_has_a_price": [lambda rows: changed(rows.slot, price_minor=0)],
    "a_slot_has_a_currency": [lambda rows: changed(rows.slot, currency="eur")],
    "one_appointment_occupies_a_slot": [
        lambda rows: copy_of(rows.held),
        lambda rows: copy_of(rows.confirmed, status="held", confirmed_at=None),
        lambda rows: copy_of(rows.over, owner_id=UserFactory.create().pk),
    ],
    "an_appointments_status_tells_its_times": [
        lambda rows: changed(rows.held, confirmed_at=timezone.now()),
        lambda rows: changed(rows.held, status="released"),
        lambda rows: changed(rows.held, status="confirmed"),
        lambda rows: changed(rows.confirmed, status="released", ended_at=timezone.now()),
        lambda rows: changed(rows.confirmed, checked_in_at=timezone.now()),
        lambda rows: changed(rows.confirmed, ended_at=timezone.now()),
        lambda rows: changed(rows.confirmed, status="checked_in"),
        lambda rows: changed(rows.confirmed, status="cancelled", refund_minor=0),
        lambda rows: changed(rows.confirmed, status="completed", ended_at=timezone.now()),
        lambda rows: changed(rows.confirmed, status="no_show"),
        lambda rows: changed(rows.confirmed, status="disputed"),
        lambda rows: changed(rows.over, status="no_show"),
        lambda rows: changed(rows.over, ended_at=None),
        lambda rows: changed(rows.over, status="lost"),
    ],
    "only_a_cancelled_appointment_was_cancelled": [
        lambda rows: changed(rows.confirmed, cancelled_by="owner"),
        lambda rows: changed(
            rows.confirmed, status="cancelled", ended_at=timezone.now(), refund_minor=0, cancelled_by="staff"
        ),
    ],
    "a_refund_is_a_part_of_the_price": [
        lambda rows: changed(rows.confirmed, refund_minor=0),
        lambda rows: changed(rows.confirmed, status="cancelled", ended_at=timezone.now()),
        lambda rows: changed(
            rows.confirmed, status="cancelled", ended_at=timezone.now(), refund_minor=rows.confirmed.price_minor + 1
        ),
        lambda rows: changed(rows.over, status="resolved"),
    ],
    "an_appointment_ends_after_its_start": [lambda rows: changed(rows.held, ends_at=rows.held.starts_at)],
    "an_appointment_has_a_price": [
        lambda rows: changed(rows.held, price_minor=0),
        lambda rows: changed(rows.held, currency="€"),
    ],
    "an_appointment_has_one_order_at_a_time": [lambda rows: two_orders(rows.held)],
    "an_appointment_changes_for_a_cause": [
        lambda rows: AppointmentEvent.objects.create(appointment=rows.held, to_status="held", cause="")
    ],
    "a_scan_is_of_an_appointment": [
        lambda rows: scan(rows, "CHECKED_IN", None),
        lambda rows: scan(rows, "WRONG_PLACE", None),
    ],
    "an_appointment_is_checked_in_once": [checked_in_twice],
    "a_resolved_dispute_has_its_outcome": [
        lambda rows: changed(rows.dispute, resolved_at=timezone.now()),
        lambda rows: changed(rows.dispute, outcome="full"),
        lambda rows: changed(rows.dispute, resolved_at=timezone.now(), outcome="half"),
    ],
    "deadlines_of_a_dispute_are_in_order": [
        lambda rows: changed(rows.dispute, acknowledge_by=rows.dispute.triage_by + HOUR),
        lambda rows: changed(rows.dispute, triage_by=rows.dispute.resolve_by + HOUR),
    ],
    "an_attempt_is_of_a_party": [
        lambda rows: RecoveryAttempt.objects.create(dispute=rows.dispute, party="staff", explanation="Words.")
    ],
    "a_rating_is_from_one_to_five": [
        lambda rows: changed(rows.review, rating=0),
        lambda rows: changed(rows.review, rating=6),
    ],
    "a_hidden_review_has_a_time": [
        lambda rows: changed(rows.review, state="hidden"),
        lambda rows: changed(rows.review, state="gone"),
    ],
    "one_report_per_reporter_and_day": [reported_twice],
    "a_report_weighs_at_most_one": [lambda rows: reported_twice(rows, weight=101)],
}
# Of columns that are unique by themselves.
ALONE: list[Nonsense] = [
    lambda rows: copy_of(rows.surveyor),
    lambda rows: copy_of(order_of(rows.held, 1), appointment_id=rows.confirmed.pk),
    lambda rows: copy_of(rows.dispute),
    lambda rows: copy_of(rows.review),
]


def refusal_of(nonsense: Nonsense, rows: Rows) -> str:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        nonsense(rows)
    return str(refusal.value)


def constraints() -> dict[str, type[models.BaseConstraint]]:
    found = [one for model in apps.get_app_config("surveys").get_models() for one in model._meta.constraints]
    return {one.name: type(one) for one in found}


@pytest.mark.parametrize(
    ("name", "nonsense"),
    [pytest.param(name, each, id=f"{name}-{nth}") for name, cases in CASES.items() for nth, each in enumerate(cases)],
)
def test_the_database_refuses_nonsense(rows, name, nonsense):
    text = refusal_of(nonsense, rows)
    if constraints()[name] is models.CheckConstraint:
        assert name in text


@pytest.mark.parametrize("nonsense", ALONE)
def test_a_unique_column_has_each_value_once(rows, nonsense):
    assert "unique" in refusal_of(nonsense, rows).lower()


def test_every_constraint_has_its_nonsense():
    assert set(constraints()) == set(CASES)


def test_an_appointment_that_ended_early_leaves_its_slot(rows):
    """The control of the unique constraint: a released, a cancelled, and a new appointment of one slot."""
    changed(rows.held, status="released", ended_at=timezone.now())
    copy_of(rows.held, status="released", ended_at=timezone.now())
    cancelled = {"status": "cancelled", "confirmed_at": timezone.now(), "ended_at": timezone.now(), "refund_minor": 0}
    copy_of(rows.held, **cancelled, cancelled_by="owner")
    copy_of(rows.held)
    assert Appointment.objects.filter(slot=rows.slot).count() == 4


def test_a_withdrawn_time_can_be_offered_again(rows):
    changed(rows.slot, withdrawn_at=timezone.now())
    copy_of(rows.slot)
