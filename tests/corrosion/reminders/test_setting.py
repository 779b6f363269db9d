"""Test setting and listing reminders: whose, for which vessels, and what the answers say."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from corrosion.models import Reminder
from testing.factories import InspectionFactory, VesselFactory
from testing.phone import Phone, caller
from tests.contract.refusals import refused
from tests.corrosion.reminders.samples import BERLIN, SPRING, inspected, live_in, run_at, set_at
from vessels.models import Vessel

pytestmark = pytest.mark.django_db
BODY = {"interval_days": 365, "enabled": True}


def put(phone: Phone, vessel_id: object, body: object = None):
    return phone.set(f"/corrosion/reminders/{vessel_id}", BODY if body is None else body)


def listed(phone: Phone) -> list[dict]:
    return phone.fetch("/corrosion/reminders")["reminders"]


def test_an_owner_without_reminders_gets_an_empty_list(subscriber):
    assert subscriber.fetch("/corrosion/reminders") == {"reminders": [], "next": None, "previous": None}


def test_a_reminder_says_when_its_vessel_is_due(subscriber):
    vessel_id = str(inspected(subscriber.owner, datetime(2026, 3, 1, 23, 30, tzinfo=UTC)).vessel_id)
    live_in(subscriber.owner, BERLIN)
    expected = {
        "vessel_id": vessel_id,
        "vessel_label": "Tern",
        "interval_days": 30,
        "enabled": True,
        "due_on": "2026-04-01",  # it was the second of March in Berlin
        "reminded_at": None,
    }
    assert put(subscriber, vessel_id, {"interval_days": 30, "enabled": True}).json() == expected
    assert listed(subscriber) == [expected]


def test_a_vessel_without_a_completed_corrosion_inspection_has_no_due_date(subscriber):
    vessel_id = subscriber.add_vessel("Tern")["vessel_id"]
    InspectionFactory.create(owner=subscriber.owner, vessel_label="Tern")
    InspectionFactory.create(owner=subscriber.owner, vessel_label="Tern", failed=True)
    InspectionFactory.create(owner=subscriber.owner, vessel_label="Tern", mode="osmosis", completed=True)
    inspected(subscriber.owner, deleted_at=timezone.now())
    inspected(subscriber.owner, vessel="Gannet")
    assert put(subscriber, vessel_id).json()["due_on"] is None


def test_the_last_inspection_counts_in_any_order_of_delivery(subscriber):
    for day in (2, 9, 4):
        vessel_id = inspected(subscriber.owner, datetime(2026, 3, day, 12, tzinfo=UTC)).vessel_id
    assert put(subscriber, vessel_id, BODY | {"interval_days": 30}).json()["due_on"] == "2026-04-08"


def test_setting_it_again_changes_the_one_reminder_of_the_vessel(subscriber):
    vessel_id = subscriber.add_vessel("Tern")["vessel_id"]
    for body in (BODY, BODY, {"interval_days": 90, "enabled": False}):
        answer = put(subscriber, vessel_id, body).json()
    assert (answer["interval_days"], answer["enabled"]) == (90, False)
    assert Reminder.objects.count() == 1


def test_the_same_values_do_not_count_as_a_change(subscriber):
    vessel_id = inspected(subscriber.owner).vessel_id
    set_at(subscriber, vessel_id)
    before = Reminder.objects.values().get()
    set_at(subscriber, vessel_id, SPRING + timedelta(days=1))
    assert Reminder.objects.values().get() == before


@pytest.mark.parametrize("days", [29, 731, 0, -1, 30.5, "90", True, None, [], 10**12])
def test_another_interval_than_30_to_730_days_is_refused(subscriber, days):
    vessel_id = subscriber.add_vessel("Tern")["vessel_id"]
    answer = put(subscriber, vessel_id, {"interval_days": days, "enabled": True})
    assert set(refused(answer, 400, "VALIDATION_ERROR")["fields"]) == {"interval_days"}
    for edge in (30, 730):
        assert put(subscriber, vessel_id, {"interval_days": edge, "enabled": True}).status_code == 200


@pytest.mark.parametrize(
    ("body", "missing"), [({}, {"interval_days", "enabled"}), ({"interval_days": 90}, {"enabled"})]
)
def test_both_values_are_required(subscriber, body, missing):
    answer = put(subscriber, subscriber.add_vessel("Tern")["vessel_id"], body)
    assert set(refused(answer, 400, "VALIDATION_ERROR")["fields"]) == missing


def test_only_json_booleans_switch_it(subscriber):
    vessel_id = subscriber.add_vessel("Tern")["vessel_id"]
    for bad in ("true", 1, 0, None, "no"):
        answer = put(subscriber, vessel_id, BODY | {"enabled": bad})
        assert set(refused(answer, 400, "VALIDATION_ERROR")["fields"]) == {"enabled"}


def test_without_a_subscription_reminders_are_behind_the_paywall(phone):
    vessel_id = phone.add_vessel("Tern")["vessel_id"]
    for answer in (put(phone, vessel_id), phone.get("/corrosion/reminders")):
        assert refused(answer, 403, "SUBSCRIPTION_REQUIRED")["reason"] == "PAYWALL_UI_035"
    assert not Reminder.objects.exists()


def test_an_anonymous_caller_is_asked_to_sign_in(subscriber):
    vessel_id = subscriber.add_vessel("Tern")["vessel_id"]
    path = f"/v1/corrosion/reminders/{vessel_id}"
    refused(caller().put(path, BODY, format="json"), 401, "AUTHENTICATION_REQUIRED")
    refused(caller().get("/v1/corrosion/reminders"), 401, "AUTHENTICATION_REQUIRED")


@pytest.mark.parametrize("pays", [True, False])
def test_the_vessel_of_another_owner_is_not_found(subscriber, stranger, pays):
    vessel_id = subscriber.add_vessel("Tern")["vessel_id"]
    put(subscriber, vessel_id)
    other = Phone.of(stranger)
    other.subscribe(active=pays)
    before = Reminder.objects.values().get()
    refused(put(other, vessel_id, {"interval_days": 30, "enabled": False}), 404, "NOT_FOUND")
    assert Reminder.objects.values().get() == before
    if pays:
        assert listed(other) == []


def test_the_list_has_pages(subscriber):
    ids = [VesselFactory.create(owner=subscriber.owner).pk for _ in range(3)]
    for vessel_id in ids:
        put(subscriber, vessel_id)
    page = subscriber.fetch("/corrosion/reminders?page_size=2")
    rest = subscriber.client.get(page["next"]).json()
    assert [row["vessel_id"] for row in (*page["reminders"], *rest["reminders"])] == [str(pk) for pk in reversed(ids)]
    assert rest["next"] is None


def test_a_list_costs_the_same_whatever_its_length(subscriber, django_assert_num_queries):
    vessels = [inspected(subscriber.owner, vessel=f"Tern {number}").vessel_id for number in range(4)]
    for vessel_id in vessels:
        put(subscriber, vessel_id)
    subscriber.get("/corrosion/reminders")
    counts = []
    for size in (1, 4):
        with django_assert_num_queries(20, exact=False) as found:
            subscriber.fetch(f"/corrosion/reminders?page_size={size}")
        counts.append(len(found.captured_queries))
    assert counts[0] == counts[1]


def test_a_sent_date_says_when(subscriber):
    vessel_id = inspected(subscriber.owner).vessel_id
    set_at(subscriber, vessel_id)
    run_at(datetime(2026, 5, 30, 9, 1, tzinfo=UTC))
    assert listed(subscriber)[0]["reminded_at"] == "2026-05-30T09:01:00Z"
    inspected(subscriber.owner, datetime(2026, 6, 2, 12, tzinfo=UTC))
    assert listed(subscriber)[0]["reminded_at"] is None


def test_a_vessel_that_goes_takes_its_reminder_along(subscriber):
    vessel_id = subscriber.add_vessel("Tern")["vessel_id"]
    put(subscriber, vessel_id)
    assert subscriber.delete(f"/vessels/{vessel_id}").status_code == 204
    assert not Reminder.objects.exists()


def test_the_new_owner_of_a_vessel_finds_no_reminder_and_can_set_one(subscriber, stranger):
    vessel_id = subscriber.add_vessel("Tern")["vessel_id"]
    put(subscriber, vessel_id)
    Vessel.objects.filter(pk=vessel_id).update(owner=stranger)
    other = Phone.of(stranger)
    other.subscribe()
    assert listed(other) == listed(subscriber) == []
    assert put(other, vessel_id).status_code == 200
    assert Reminder.objects.get().owner == stranger
