"""Test lift-outs as rows: what the database refuses, what staff see, and what leaves with the owner."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from osmosis.models import LiftOut
from testing.factories import VesselFactory
from tests.accounts.privacy.full_account import erase
from tests.accounts.privacy.test_export import exported, json_in
from tests.osmosis.samples import LIFTED, note_at, run_at, sent_to

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"lifted_out_at": datetime(1899, 12, 31, tzinfo=UTC)}, "a_lift_out_is_of_our_time"),
        ({"awaits_notice": True, "notified_for": LIFTED}, "a_notified_lift_out_awaits_no_notice"),
    ],
)
def test_a_wrong_value_is_refused(wrong: dict[str, Any], constraint: str):
    vessel = VesselFactory.create()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        LiftOut.objects.create(vessel=vessel, owner=vessel.owner, **{"lifted_out_at": LIFTED, **wrong})


def test_a_vessel_has_one_lift_out():
    vessel = VesselFactory.create()
    LiftOut.objects.create(vessel=vessel, owner=vessel.owner, lifted_out_at=LIFTED)
    with pytest.raises(IntegrityError), transaction.atomic():
        LiftOut.objects.create(vessel=vessel, owner=vessel.owner, lifted_out_at=LIFTED)


def test_staff_find_it_and_reach_owner_and_vessel(phone, support):
    vessel_id = phone.add_vessel("Tern")["vessel_id"]
    note_at(phone, vessel_id)
    row = LiftOut.objects.get()
    page = support.get(f"/admin/osmosis/liftout/{row.pk}/change/").content.decode()
    for link in (f"/admin/accounts/user/{phone.owner.pk}/", f"/admin/vessels/vessel/{vessel_id}/"):
        assert link in page
    for query in (f"?q={phone.owner.email}", "?q=Tern", f"?vessel__id__exact={vessel_id}"):
        assert str(row.pk) in support.get(f"/admin/osmosis/liftout/{query}").content.decode()


def test_staff_change_no_lift_out(phone, boss):
    note_at(phone, phone.add_vessel("Tern")["vessel_id"])
    address = f"/admin/osmosis/liftout/{LiftOut.objects.get().pk}"
    assert boss.post(f"{address}/change/", {"awaits_notice": ""}).status_code == 403
    assert boss.post(f"{address}/delete/", {"post": "yes"}).status_code == 403


def test_the_export_has_the_lift_out_of_each_vessel(phone, stranger):
    LiftOut.objects.create(vessel=VesselFactory.create(owner=stranger), owner=stranger, lifted_out_at=LIFTED)
    vessel_id = phone.add_vessel("Tern")["vessel_id"]
    note_at(phone, vessel_id)
    [found] = json_in(exported(phone), "osmosis/lift_outs.json")
    assert (found["vessel_id"], found["lifted_out_at"]) == (vessel_id, "2026-05-08T12:00:00Z")


def test_an_erased_owner_leaves_no_lift_out_and_is_not_notified(phone, stranger):
    kept = LiftOut.objects.create(vessel=VesselFactory.create(owner=stranger), owner=stranger, lifted_out_at=LIFTED)
    note_at(phone, phone.add_vessel("Tern")["vessel_id"])
    assert erase(phone).counts["osmosis"] == {"lift-outs": 1}
    assert list(LiftOut.objects.all()) == [kept]
    run_at(LIFTED)
    assert sent_to(phone.owner) == []
