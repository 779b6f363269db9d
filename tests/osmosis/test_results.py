"""Test that a result says how long after lift-out its photos were taken, by what was noted when it was submitted."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from inspections.models import Inspection, MediaAsset
from inspections.modes.osmosis import wording
from inspections.modes.osmosis.serializers import OsmosisBlockSerializer
from testing.phone import Phone, jpeg, work
from tests.osmosis.samples import note_at

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
SHOT = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(SHOT, tick=False) as clock:
        yield clock


@pytest.fixture
def phone(clock, owner):
    """A phone with a session and photos of that moment."""
    return Phone.of(owner)


def opened(phone: Phone, mode: str = "osmosis", **context: str) -> dict:
    """Open an inspection of the Tern, and photograph it."""
    found = phone.open(mode, vessel_label="Tern", capture_context=context)
    phone.shoot(found["uploads"])
    return found


def lift_out(phone: Phone, at: datetime) -> None:
    vessel_id = phone.add_vessel("Tern")["vessel_id"]
    assert phone.set(f"/osmosis/lift-outs/{vessel_id}", {"lifted_out_at": at.isoformat()}).status_code == 200


def submit(phone: Phone, inspection: dict) -> None:
    phone.send(f"/inspections/{inspection['inspection_id']}/submit")


def result(phone: Phone, inspection: dict) -> dict:
    work(inspection["inspection_id"])
    return phone.fetch(f"/inspections/{inspection['inspection_id']}/result")


def hours(phone: Phone, inspection: dict) -> float | None:
    submit(phone, inspection)
    return result(phone, inspection)["osmosis"]["hours_since_lift_out"]


def test_the_lift_out_of_the_vessel_counts_and_stands_in_the_context(phone):
    lift_out(phone, SHOT - HOUR)
    inspection = opened(phone)
    submit(phone, inspection)
    found = result(phone, inspection)
    assert found["osmosis"]["hours_since_lift_out"] == 1.0
    assert "up to an hour after lift-out" in found["explanation"]
    context = phone.fetch(f"/inspections/{inspection['inspection_id']}")["capture_context"]
    assert context == {"hauled_out_at": "2026-05-01T11:00:00Z"}


def test_a_lift_out_that_is_noted_after_the_opening_counts(phone):
    inspection = opened(phone)
    lift_out(phone, SHOT - HOUR)
    assert hours(phone, inspection) == 1.0


def test_what_was_typed_for_the_inspection_comes_first(phone):
    lift_out(phone, SHOT - 5 * HOUR)
    assert hours(phone, opened(phone, hauled_out_at="2026-05-01T11:30:00Z")) == 0.5


def test_a_lift_out_that_is_noted_after_the_submission_changes_nothing(phone):
    inspection = opened(phone)
    submit(phone, inspection)
    lift_out(phone, SHOT - HOUR)
    found = result(phone, inspection)
    assert found["osmosis"]["hours_since_lift_out"] is None
    assert wording.TIME_UNKNOWN in found["explanation"]


def test_a_delivered_result_does_not_change_with_the_lift_out(phone):
    lift_out(phone, SHOT - HOUR)
    inspection = opened(phone)
    submit(phone, inspection)
    before = result(phone, inspection)
    lift_out(phone, SHOT - 9 * HOUR)
    after = phone.fetch(f"/inspections/{inspection['inspection_id']}/result")
    assert (after["osmosis"]["hours_since_lift_out"], after["explanation"]) == (1.0, before["explanation"])


@pytest.mark.parametrize(
    "lifted_out_at", [SHOT + HOUR, SHOT - timedelta(days=366)], ids=["planned", "more than a year ago"]
)
def test_a_plan_and_a_lift_out_of_long_ago_do_not_count(phone, lifted_out_at):
    lift_out(phone, lifted_out_at)
    inspection = opened(phone)
    assert hours(phone, inspection) is None
    assert Inspection.objects.get().capture_context == {}


def test_the_lift_out_of_another_vessel_or_owner_does_not_count(phone, stranger):
    gannet = phone.add_vessel("Gannet")["vessel_id"]
    note_at(phone, gannet, SHOT - HOUR, at=SHOT)
    other = Phone.of(stranger)
    note_at(other, other.add_vessel("Tern")["vessel_id"], SHOT - HOUR, at=SHOT)
    assert hours(phone, opened(phone)) is None


def test_an_inspection_of_the_other_mode_takes_no_lift_out(phone):
    lift_out(phone, SHOT - HOUR)
    inspection = opened(phone, "corrosion")
    submit(phone, inspection)
    assert Inspection.objects.get().capture_context == {}
    assert "lift-out" not in result(phone, inspection)["explanation"]


def photographed(phone: Phone, clock, *, captured_at: str | None) -> dict:
    """Photograph at noon, say when, and let the photo arrive two hours later."""
    found = phone.open("osmosis", vessel_label="Tern")
    clock.shift(2 * HOUR)
    later = Phone.of(phone.owner)
    for upload in found["uploads"]:
        content = jpeg(len(upload["angle"]))
        capture = {} if captured_at is None else {"capture": {"captured_at": captured_at}}
        declared = later.declare(upload["slot_id"], upload["angle"], content, **capture).json()
        later.upload(declared["upload"], content)
        later.send(f"/assets/{declared['asset_id']}/uploaded")
    return found


@pytest.mark.parametrize(
    ("captured_at", "expected"),
    [
        ("2026-05-01T12:00:00Z", 1.0),
        ("2026-05-01T14:00:00+02:00", 1.0),
        (None, 3.0),  # when it arrived
        ("2026-05-01T15:00:00Z", 3.0),  # the phone's clock is ahead
        ("2026-05-01T10:00:00Z", None),  # before the lift-out
        ("1970-01-01T00:00:00Z", None),
    ],
)
def test_a_photo_is_as_old_as_its_phone_says_or_as_its_arrival(phone, clock, captured_at, expected):
    lift_out(phone, SHOT - HOUR)
    inspection = photographed(phone, clock, captured_at=captured_at)
    later = Phone.of(phone.owner)
    clock.shift(6 * HOUR)  # the phone was offline: it submits in the evening
    assert hours(Phone.of(later.owner), inspection) == expected


def test_a_photo_whose_arrival_was_not_reported_is_as_old_as_the_submission(phone, clock):
    lift_out(phone, SHOT - HOUR)
    inspection = opened(phone)
    submit(phone, inspection)
    clock.shift(timedelta(days=1))  # the workers were down
    assert result(Phone.of(phone.owner), inspection)["osmosis"]["hours_since_lift_out"] == 1.0


def test_a_time_that_an_earlier_release_stored_without_its_offset_is_not_used(phone):
    inspection = opened(phone)
    Inspection.objects.update(capture_context={"hauled_out_at": "2026-05-01T11:00:00"})
    MediaAsset.objects.update(capture={"captured_at": "2026-05-01T11:30:00"})
    assert hours(phone, inspection) is None


def test_a_result_of_an_earlier_release_has_a_null_value():
    assert OsmosisBlockSerializer({"areas": []}).data == {"areas": [], "hours_since_lift_out": None}
