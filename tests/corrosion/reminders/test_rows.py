"""Test reminders as rows: what the database refuses, what staff see, and what leaves with the owner."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from corrosion.models import Reminder
from testing.factories import VesselFactory
from tests.accounts.privacy.full_account import erase
from tests.accounts.privacy.test_export import exported, json_in
from tests.corrosion.reminders.samples import inspected, run_at, sent_to, set_at

pytestmark = pytest.mark.django_db
SENT = {
    "sent_at": datetime(2026, 5, 30, 9, tzinfo=UTC),
    "sent_due_on": date(2026, 5, 30),
    "sent_inspection_id": "11111111-2222-4333-8444-555555555555",
    "sent_interval_days": 90,
}


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"interval_days": 29}, "a_reminder_has_a_usual_interval"),
        ({"interval_days": 731}, "a_reminder_has_a_usual_interval"),
        *(({**SENT, name: None}, "a_sent_reminder_says_what_for") for name in SENT),
        *(({name: value}, "a_sent_reminder_says_what_for") for name, value in SENT.items()),
    ],
)
def test_a_wrong_value_is_refused(wrong: dict[str, Any], constraint: str):
    vessel = VesselFactory.create()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Reminder.objects.create(vessel=vessel, owner=vessel.owner, **{"interval_days": 90, **wrong})
    Reminder.objects.create(vessel=vessel, owner=vessel.owner, interval_days=90, **SENT)


def test_a_vessel_has_one_reminder():
    vessel = VesselFactory.create()
    Reminder.objects.create(vessel=vessel, owner=vessel.owner, interval_days=90)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.create(vessel=vessel, owner=vessel.owner, interval_days=365)


def test_staff_see_when_it_is_due_and_reach_owner_and_vessel(subscriber, support):
    inspection = inspected(subscriber.owner)
    set_at(subscriber, inspection.vessel_id)
    row = Reminder.objects.get()
    page = support.get(f"/admin/corrosion/reminder/{row.pk}/change/").content.decode()
    assert "2026-05-30, sent from 2026-05-30 09:00 UTC on" in page
    for link in (f"/admin/accounts/user/{subscriber.owner.pk}/", f"/admin/vessels/vessel/{inspection.vessel_id}/"):
        assert link in page
    for query in (f"?q={subscriber.owner.email}", "?q=Tern", f"?vessel__id__exact={inspection.vessel_id}"):
        assert str(row.pk) in support.get(f"/admin/corrosion/reminder/{query}").content.decode()


def test_staff_change_no_reminder(subscriber, boss):
    set_at(subscriber, inspected(subscriber.owner).vessel_id)
    address = f"/admin/corrosion/reminder/{Reminder.objects.get().pk}"
    assert boss.post(f"{address}/change/", {"interval_days": 30}).status_code == 403
    assert boss.post(f"{address}/delete/", {"post": "yes"}).status_code == 403


def test_the_export_has_each_reminder_with_what_was_sent(subscriber, stranger):
    Reminder.objects.create(vessel=VesselFactory.create(owner=stranger), owner=stranger, interval_days=30)
    vessel_id = inspected(subscriber.owner).vessel_id
    set_at(subscriber, vessel_id)
    run_at(datetime(2026, 5, 30, 9, tzinfo=UTC))
    [found] = json_in(exported(subscriber), "corrosion/reminders.json")
    assert (found["vessel_id"], found["interval_days"], found["enabled"]) == (str(vessel_id), 90, True)
    assert found["sent_due_on"] == "2026-05-30"


def test_an_erased_owner_leaves_no_reminder_and_gets_none(subscriber, stranger):
    kept = Reminder.objects.create(vessel=VesselFactory.create(owner=stranger), owner=stranger, interval_days=30)
    set_at(subscriber, inspected(subscriber.owner).vessel_id)
    assert erase(subscriber).counts["corrosion"]["reminders"] == 1
    assert list(Reminder.objects.all()) == [kept]
    run_at(datetime(2026, 5, 30, 9, tzinfo=UTC))
    assert sent_to(subscriber.owner) == []
