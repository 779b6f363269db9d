"""Test surveyors as owners find them, and slots made by a pattern."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError

from billing.models import Payee
from surveys.directory.slots import Pattern, make_slots, withdraw_slot
from surveys.directory.surveyors import add_place
from surveys.models import Slot, Surveyor
from testing.surveys import confirmed_of, place_of, slot_of, surveyor_in
from tests.contract.refusals import refused
from tests.surveys.conftest import MONDAY

pytestmark = pytest.mark.django_db
EVERY_DAY = range(7)


def pattern(first: date, last: date, **values) -> Pattern:
    usual = {"weekdays": EVERY_DAY, "first_start": time(9), "length": timedelta(hours=2), "price_minor": 18_000}
    return Pattern(first_day=first, last_day=last, **(usual | values))


def starts() -> list[str]:
    return [f"{slot.starts_at:%m-%d %H:%M}" for slot in Slot.objects.order_by("starts_at")]


def names(phone, query: str = "") -> set[str]:
    return {row["name"] for row in phone.get(f"/surveyors{query}").json()["results"]}


def test_surveyors_are_found_by_mode_and_a_part_of_a_region_in_any_case(phone):
    surveyor_in(name="Ada", modes=["osmosis"], regions=["Kieler Förde"])
    surveyor_in(name="Ben", modes=["corrosion"], regions=["Kieler FÖRDE", "Flensburg"])
    surveyor_in(name="Cleo", modes=["corrosion", "osmosis"], regions=["Athína"])
    assert names(phone) == {"Ada", "Ben", "Cleo"}
    assert names(phone, "?mode=osmosis") == {"Ada", "Cleo"}
    assert names(phone, "?region=fo\u0308rde") == {"Ada", "Ben"}
    assert names(phone, "?region=FÖRDE&mode=corrosion") == {"Ben"}
    refused(phone.get("/surveyors?mode=rust"), 400, "VALIDATION_ERROR")


def test_an_unlisted_surveyor_is_not_found(phone, surveyor):
    Surveyor.objects.update(is_listed=False)
    assert names(phone) == set()
    for path in ("", "/appointment-slots", "/reviews"):
        refused(phone.get(f"/surveyors/{surveyor.pk}{path}"), 404, "NOT_FOUND")


def test_free_slots_of_a_time_are_listed_in_order(phone, surveyor):
    days = [slot_of(surveyor, starts_in=timedelta(days=day)) for day in (3, 1, 2)]
    path = f"/surveyors/{surveyor.pk}/appointment-slots"
    found = [slot["slot_id"] for slot in phone.get(path).json()["results"]]
    assert found == [str(days[index].pk) for index in (1, 2, 0)]
    some = phone.get(f"{path}?from=2026-11-18T10:00:00Z&to=2026-11-19T10:00:00Z").json()["results"]
    assert [slot["slot_id"] for slot in some] == [str(days[2].pk)]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=2026-11-18", "from"),
        ("to=2026-11-18T10:00:00", "to"),
        ("from=2026-11-18T10:00:00Z&to=2026-11-18T10:00:00Z", "to"),
        ("from=2026-11-18T10:00:00Z&to=2027-11-18T10:00:00Z", "to"),
    ],
)
def test_a_wrong_time_is_named(phone, surveyor, query, field):
    answer = phone.get(f"/surveyors/{surveyor.pk}/appointment-slots?{query}")
    assert list(refused(answer, 400, "VALIDATION_ERROR")["fields"]) == [field]


def test_a_pattern_makes_slots_in_local_time_without_holidays_and_exceptions(surveyor):
    made = make_slots(
        place_of(surveyor),
        pattern(
            date(2026, 12, 23), date(2026, 12, 28), weekdays=(0, 2, 3, 4), count=2, except_days=[date(2026, 12, 24)]
        ),
    )
    # The 25th is a Friday and a holiday; Berlin is an hour ahead of UTC.
    assert starts() == ["12-23 08:00", "12-23 10:00", "12-28 08:00", "12-28 10:00"]
    assert (made.made, made.overlapping) == (4, 0)


def test_a_local_time_that_does_not_exist_is_left_out(surveyor):
    night = {"first_start": time(2, 30), "length": timedelta(minutes=30), "skips_holidays": False}
    make_slots(place_of(surveyor), pattern(date(2027, 3, 27), date(2027, 3, 29), **night))
    assert starts() == ["03-27 01:30", "03-29 00:30"]


def test_times_that_overlap_with_offered_ones_are_left_out_at_every_place(surveyor):
    make_slots(place_of(surveyor), pattern(date(2026, 12, 1), date(2026, 12, 2)))
    elsewhere = add_place(surveyor, name="Harbour", time_zone="Europe/London")
    made = make_slots(elsewhere, pattern(date(2026, 12, 1), date(2026, 12, 3)))
    assert (made.made, made.overlapping) == (1, 2)
    assert starts() == ["12-01 08:00", "12-02 08:00", "12-03 09:00"]


def test_the_past_is_left_out_and_nothing_at_all_is_an_error(surveyor):
    with time_machine.travel(datetime(2026, 11, 16, 9, tzinfo=UTC)):
        make_slots(place_of(surveyor), pattern(date(2026, 11, 16), date(2026, 11, 17)))
    assert starts() == ["11-17 08:00"]
    with pytest.raises(ValidationError):
        make_slots(place_of(surveyor), pattern(date(2026, 11, 14), date(2026, 11, 15)))


def test_a_surveyor_who_cannot_be_paid_offers_nothing(surveyor):
    Payee.objects.all().delete()
    with pytest.raises(ValidationError):
        make_slots(place_of(surveyor), pattern(date(2026, 12, 1), date(2026, 12, 2)))


def test_slots_have_the_currency_of_the_surveyor(surveyor):
    make_slots(place_of(surveyor), pattern(date(2026, 12, 1), date(2026, 12, 1)))
    assert Slot.objects.get().currency == "EUR"
    assert Slot.objects.get().starts_at > MONDAY


def test_a_withdrawn_slot_with_an_appointment_is_not_offered_again(owner, surveyor):
    make_slots(place_of(surveyor), pattern(date(2026, 12, 1), date(2026, 12, 1)))
    slot = Slot.objects.get()
    confirmed_of(owner, slot)
    withdraw_slot(slot.pk)
    made = make_slots(place_of(surveyor), pattern(date(2026, 12, 1), date(2026, 12, 2)))
    assert (made.made, made.overlapping) == (1, 1)


@pytest.mark.parametrize("query", ["from=9999-12-31T00:00:00Z", "from=9999-12-01T00:00:00Z&to=9999-12-31T23:59:59Z"])
def test_the_end_of_time_is_refused(phone, surveyor, query):
    refused(phone.get(f"/surveyors/{surveyor.pk}/appointment-slots?{query}"), 400, "VALIDATION_ERROR")
