"""Test opening points: the reserved one first, then up to the owner's limit, never fewer than at the opening."""

import pytest
from django.db import connection
from django.db.models import QuerySet

from inspections.capture import points as capture_points
from inspections.models import CaptureSlot, Inspection
from testing.factories import JobFactory
from testing.phone import Phone, jpeg
from tests.concurrency import MeetingPoint, at_once
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db
ON_POSTGRES_ONLY = pytest.mark.skipif(
    connection.vendor == "sqlite",
    reason="SQLite runs one IMMEDIATE transaction at a time, so there no removed row lock can show a race",
)


def points(phone: Phone, inspection_id: str, count: int) -> list:
    return [phone.post(f"/inspections/{inspection_id}/slots") for _ in range(count)]


def test_the_reserved_point_comes_first_and_is_labelled(phone):
    opened = phone.open()
    answer = phone.post(f"/inspections/{opened['inspection_id']}/slots", {"label": "rudder"})
    slot = answer.json()
    assert answer.status_code == 201
    assert slot.keys() == {"slot_id", "point_index", "label", "required_angles", "uploads"}
    assert slot["slot_id"] == opened["uploads"][0]["slot_id"]
    assert (slot["point_index"], slot["label"], slot["required_angles"]) == (1, "rudder", ["wide", "mid", "close"])
    assert [upload["asset_id"] for upload in slot["uploads"]] == [one["asset_id"] for one in opened["uploads"]]


def test_reserved_points_open_in_order_before_new_ones(phone):
    opened = phone.open(points=3)
    indexes = [answer.json()["point_index"] for answer in points(phone, opened["inspection_id"], 5)]
    assert indexes == [1, 2, 3, 4, 5]
    assert CaptureSlot.objects.count() == 5


def test_five_points_are_free_and_the_sixth_is_not(phone):
    inspection_id = phone.open()["inspection_id"]
    answers = points(phone, inspection_id, 6)
    assert [answer.status_code for answer in answers] == [201] * 5 + [403]
    assert refused(answers[5], 403, "SUBSCRIPTION_REQUIRED")["reason"] == "PAYWALL_UI_035"
    assert CaptureSlot.objects.count() == 5


def test_a_subscriber_has_ten_points_and_not_eleven(phone):
    phone.subscribe()
    answers = points(phone, phone.open()["inspection_id"], 11)
    assert [answer.status_code for answer in answers] == [201] * 10 + [409]
    refused(answers[10], 409, "POINT_LIMIT_REACHED")


def test_osmosis_has_its_own_maximum_and_never_a_paywall(phone):
    answers = points(phone, phone.open("osmosis")["inspection_id"], 9)
    assert [answer.status_code for answer in answers] == [201] * 8 + [409]
    refused(answers[8], 409, "POINT_LIMIT_REACHED")


def test_subscribing_raises_the_allowance_at_once(phone):
    inspection_id = phone.open()["inspection_id"]
    assert points(phone, inspection_id, 6)[5].status_code == 403
    phone.subscribe()
    assert [answer.status_code for answer in points(phone, inspection_id, 6)] == [201] * 5 + [409]


def test_an_inspection_keeps_its_ten_points_after_the_subscription_lapses(phone):
    phone.subscribe()
    inspection_id = phone.open()["inspection_id"]
    phone.subscribe(active=False)
    assert phone.get("/entitlements/corrosion").json()["corrosion_points_allowed"] == 5
    assert [answer.status_code for answer in points(phone, inspection_id, 11)] == [201] * 10 + [409]


def test_a_used_raised_allowance_stays_after_the_subscription_lapses(phone):
    opened = phone.open("corrosion", points=5)
    slots = f"/inspections/{opened['inspection_id']}/slots"
    phone.post("/subscriptions/corrosion/mock", {"active": True})
    assert [phone.post(slots).status_code for _ in range(6)] == [201] * 6
    phone.post("/subscriptions/corrosion/mock", {"active": False})
    assert [phone.post(slots).status_code for _ in range(5)] == [201] * 4 + [409]


def test_an_opened_point_stays_after_the_subscription_lapses(phone):
    inspection_id = phone.open()["inspection_id"]
    phone.subscribe()
    sixth = points(phone, inspection_id, 6)[5].json()
    phone.subscribe(active=False)
    assert len(phone.get(f"/inspections/{inspection_id}").json()["slots"]) == 6
    assert phone.declare(sixth["slot_id"], "wide", jpeg(1)).status_code == 201


def test_an_ended_inspection_accepts_no_more_points(phone):
    completed = phone.complete()
    refused(phone.post(f"/inspections/{completed}/slots"), 409, "INSPECTION_CLOSED")
    failed = JobFactory.create(failed=True, inspection__owner=phone.owner).inspection_id
    refused(phone.post(f"/inspections/{failed}/slots"), 409, "INSPECTION_CLOSED")


def test_the_same_key_opens_one_point(phone):
    path = f"/inspections/{phone.open()['inspection_id']}/slots"
    first, again = (phone.post(path, {"label": "bow"}, HTTP_IDEMPOTENCY_KEY="p1") for _ in range(2))
    assert again.json()["slot_id"] == first.json()["slot_id"]
    assert (again.status_code, again["Idempotent-Replayed"]) == (201, "true")
    refused(phone.post(path, {"label": "stern"}, HTTP_IDEMPOTENCY_KEY="p1"), 422, "IDEMPOTENCY_KEY_REUSED")


def test_a_key_belongs_to_one_path(phone):
    phone.subscribe()
    inspections = [phone.post("/inspections", {"mode": "corrosion"}, HTTP_IDEMPOTENCY_KEY=key).json() for key in "ab"]
    paths = [f"/inspections/{inspection['inspection_id']}/slots" for inspection in inspections]
    slots = [phone.post(path, HTTP_IDEMPOTENCY_KEY="k") for path in paths]
    assert slots[0].json()["slot_id"] != slots[1].json()["slot_id"]


def race(phone: Phone, monkeypatch) -> list:
    """Make 24 slot calls at once on a free inspection with one point open, each held once it knows its own number."""
    inspection_id = phone.open()["inspection_id"]
    assert points(phone, inspection_id, 1)[0].status_code == 201
    meeting = MeetingPoint(24)
    monkeypatch.setattr(capture_points, "allow_points", meeting.after(capture_points.allow_points))
    return at_once(24, lambda: Phone.of(phone.owner).post(f"/inspections/{inspection_id}/slots"))


@pytest.mark.django_db(transaction=True)
def test_parallel_calls_succeed_only_for_the_free_points(phone):
    inspection_id = phone.open()["inspection_id"]
    answers = at_once(24, lambda: phone.post(f"/inspections/{inspection_id}/slots"))
    opened = [answer.json()["point_index"] for answer in answers if answer.status_code == 201]
    assert sorted(opened) == [1, 2, 3, 4, 5]
    assert [answer.status_code for answer in answers].count(403) == 19
    assert CaptureSlot.objects.count() == 5


@ON_POSTGRES_ONLY
@pytest.mark.django_db(transaction=True)
def test_parallel_calls_race_without_the_row_locks(phone, monkeypatch):
    """The control: all 24 take the second point, and only the constraint keeps the rows right."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, *_, **__: self.all())
    statuses = [answer.status_code for answer in race(phone, monkeypatch)]
    assert statuses.count(201) < 4
    assert statuses.count(500) > 0
    assert Inspection.objects.get().slots.count() < 5
