"""Test what moves with a vessel, what ends, and what stays with the seller, who sees nothing of it afterwards."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Export
from billing.models import LedgerTransaction
from corrosion.models import Comparison, Maintenance, Reminder
from inspections.lifecycle import failures, transitions
from inspections.models import InferenceJob, Inspection, MediaAsset
from inspections.work.analysis import analyse
from maretech.common.storage import object_store
from notifications.models import Delivery
from osmosis.models import LiftOut
from testing.factories import InspectionFactory
from testing.phone import Phone
from tests.accounts.privacy.full_account import CAMERA, inspect
from tests.accounts.privacy.test_export import exported, json_in
from tests.contract.refusals import refused
from tests.corrosion.rows import work_off
from tests.vessels.handovers.acts import hand_over, offered, vessel_of
from vessels.models import Vessel

pytestmark = pytest.mark.django_db


@pytest.fixture
def vessel(seller) -> Vessel:
    return vessel_of(seller, "Tern", home_port="Laboe", hull_material="steel")


def visited(seller: Phone, *, times: int = 2, name: str = "Tern") -> list[str]:
    """Make completed corrosion inspections of the vessel."""
    seller.subscribe()
    return [seller.complete("corrosion", seed=10 * number, vessel_label=name) for number in range(times)]


def statuses(phone: Phone, *paths: str) -> set[int]:
    return {phone.get(path).status_code for path in paths}


def everything_about(inspection_id: str, vessel_id: Any) -> list[str]:
    asset = MediaAsset.objects.filter(slot__inspection=inspection_id).first()
    assert asset is not None
    return [
        f"/inspections/{inspection_id}",
        f"/inspections/{inspection_id}/status",
        f"/inspections/{inspection_id}/result",
        f"/assets/{asset.pk}",
        f"/vessels/{vessel_id}",
        f"/corrosion/timeline?vessel_id={vessel_id}",
        f"/corrosion/timeline.svg?vessel_id={vessel_id}",
        f"/corrosion/history?vessel_id={vessel_id}",
        f"/corrosion/maintenance?vessel_id={vessel_id}",
        f"/corrosion/ghosts?for={inspection_id}",
    ]


def test_the_buyer_sees_the_whole_history_and_the_seller_nothing(seller, buyer, vessel):
    first, second = visited(seller)
    buyer.subscribe()
    paths = everything_about(first, vessel.pk)
    assert (statuses(seller, *paths), statuses(buyer, *paths)) == ({200}, {404})
    hand_over(seller, buyer, vessel.pk)
    assert (statuses(seller, *paths), statuses(buyer, *paths)) == ({404}, {200})
    assert [row["inspection_id"] for row in buyer.fetch("/inspections?mode=corrosion")["results"]] == [second, first]
    assert [row["inspection_id"] for row in buyer.fetch("/corrosion/history")["inspections"]] == [second, first]
    assert seller.fetch("/inspections?mode=corrosion")["results"] == []
    assert seller.fetch("/corrosion/history")["inspections"] == []
    assert seller.fetch("/vessels")["results"] == []
    refused(seller.get(f"/corrosion/compare?from={first}&to={second}"), 400, "INVALID_COMPARISON")
    refused(seller.delete(f"/inspections/{first}"), 404, "NOT_FOUND")
    refused(seller.patch(f"/vessels/{vessel.pk}", {"name": "Mine"}), 404, "NOT_FOUND")
    refused(seller.delete(f"/vessels/{vessel.pk}"), 404, "NOT_FOUND")


def test_results_photos_and_comparisons_are_the_same_afterwards(seller, buyer, vessel):
    first, second = visited(seller)
    work_off()
    buyer.subscribe()
    before = (
        seller.fetch(f"/inspections/{first}/result"),
        seller.fetch(f"/corrosion/compare?from={first}&to={second}"),
        seller.fetch(f"/corrosion/timeline?vessel_id={vessel.pk}"),
    )
    objects = sorted(object_store().list(""))
    hand_over(seller, buyer, vessel.pk)
    after = (
        buyer.fetch(f"/inspections/{first}/result"),
        buyer.fetch(f"/corrosion/compare?from={first}&to={second}"),
        buyer.fetch(f"/corrosion/timeline?vessel_id={vessel.pk}"),
    )
    assert _without_links(after) == _without_links(before)
    assert sorted(object_store().list("")) == objects


def _without_links(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_links(each) for name, each in value.items() if not name.endswith("_url")}
    return [_without_links(each) for each in value] if isinstance(value, list | tuple) else value


def test_the_next_inspection_of_the_buyer_continues_the_history(seller, buyer, vessel):
    first, second = visited(seller)
    hand_over(seller, buyer, vessel.pk)
    buyer.subscribe()
    third = buyer.complete("corrosion", seed=50, vessel_label="Tern")
    work_off()
    [point] = buyer.fetch(f"/corrosion/timeline?vessel_id={vessel.pk}")["points"]
    assert [visit["inspection_id"] for visit in point["visits"]] == [first, second, third]
    assert Inspection.objects.get(pk=third).vessel == vessel


def test_a_buyer_without_a_subscription_reads_results_and_no_history(seller, buyer, vessel):
    [first] = visited(seller, times=1)
    hand_over(seller, buyer, vessel.pk)
    assert buyer.fetch(f"/inspections/{first}/result")["mode"] == "corrosion"
    refused(buyer.get(f"/corrosion/timeline?vessel_id={vessel.pk}"), 403, "SUBSCRIPTION_REQUIRED")


def test_entitlements_and_spent_credits_stay_with_the_seller(seller, buyer, vessel):
    seller.buy()
    inspection_id = _by_credit(seller)
    seller.subscribe()
    hand_over(seller, buyer, vessel.pk)
    assert seller.fetch("/entitlements/corrosion")["subscription_active"] is True
    assert buyer.fetch("/entitlements/corrosion")["subscription_active"] is False
    spent = LedgerTransaction.objects.get(kind="credit_spend")
    assert (spent.owner, spent.source) == (seller.owner, f"inspection:{inspection_id}")
    assert (seller.credits(), buyer.credits()) == ((0, 0), (0, 0))
    assert Inspection.objects.get(pk=inspection_id).access == "credit"


def _by_credit(phone: Phone) -> str:
    opened = phone.send("/inspections", {"mode": "osmosis", "vessel_label": "Tern"})
    phone.shoot(opened["uploads"])
    phone.send(f"/inspections/{opened['inspection_id']}/complete")
    job = InferenceJob.objects.get(inspection=opened["inspection_id"])
    analyse(job.pk, worker="test", task_id="t")
    return str(opened["inspection_id"])


def test_the_free_inspection_stays_used_by_the_seller_alone(seller, buyer, vessel):
    seller.complete("corrosion", vessel_label="Tern")
    hand_over(seller, buyer, vessel.pk)
    assert seller.fetch("/entitlements/corrosion")["corrosion_free_used"] is True
    assert buyer.fetch("/entitlements/corrosion")["corrosion_free_used"] is False
    refused(seller.post("/inspections", {"mode": "corrosion"}), 403, "SUBSCRIPTION_REQUIRED")
    buyer.complete("corrosion", seed=9, vessel_label="Tern")


def test_an_inspection_analysed_again_after_the_handover_costs_the_buyer_nothing(seller, buyer, vessel):
    """Staff queue a failed free inspection again, which its new owner has not paid for."""
    opened = seller.open("corrosion", vessel_label="Tern")
    seller.shoot(opened["uploads"])
    seller.send(f"/inspections/{opened['inspection_id']}/complete")
    job = InferenceJob.objects.get()
    for _ in range(3):
        failures.fail_attempt(transitions.claim(job.pk, worker="test", task_id="t"), error="broken")
    hand_over(seller, buyer, vessel.pk)
    transitions.requeue_failed(job.inspection_id, cause="test")
    analyse(job.pk, worker="test", task_id="t")
    assert Inspection.objects.get(pk=job.inspection_id).status == "completed"
    assert buyer.fetch("/entitlements/corrosion")["corrosion_free_used"] is False
    assert seller.fetch("/entitlements/corrosion")["corrosion_free_used"] is False


def test_maintenance_moves_with_the_vessel(seller, buyer, vessel):
    seller.subscribe()
    buyer.subscribe()
    painted = {"vessel_label": "Tern", "kind": "painted", "performed_on": "2026-05-01"}
    entry = seller.send("/corrosion/maintenance", painted)["maintenance_id"]
    hand_over(seller, buyer, vessel.pk)
    assert [row["maintenance_id"] for row in buyer.fetch("/corrosion/maintenance")["results"]] == [entry]
    assert seller.fetch("/corrosion/maintenance")["results"] == []
    refused(seller.delete(f"/corrosion/maintenance/{entry}"), 404, "NOT_FOUND")
    assert buyer.delete(f"/corrosion/maintenance/{entry}").status_code == 204


def test_reminders_and_lift_outs_end(seller, buyer, vessel):
    visited(seller, times=1)
    seller.set(f"/corrosion/reminders/{vessel.pk}", {"interval_days": 365, "enabled": True})
    seller.set(f"/osmosis/lift-outs/{vessel.pk}", {"lifted_out_at": "2030-05-01T09:00:00Z"})
    hand_over(seller, buyer, vessel.pk)
    assert not Reminder.objects.exists()
    assert not LiftOut.objects.exists()
    assert buyer.fetch(f"/osmosis/lift-outs/{vessel.pk}")["lifted_out_at"] is None


def test_comparisons_with_other_vessels_of_the_seller_end(seller, buyer, vessel):
    [own, second] = visited(seller)
    [other] = visited(seller, times=1, name="Gannet")
    for pair in (f"from={own}&to={other}", f"from={other}&to={own}", f"from={own}&to={second}"):
        assert seller.get(f"/corrosion/compare?{pair}").status_code in (200, 202)
    hand_over(seller, buyer, vessel.pk)
    kept = Comparison.objects.values_list("before", "after")
    assert [{str(pk) for pk in pair} for pair in kept] == [{own, second}]


def test_what_waits_to_be_sent_to_the_seller_is_withdrawn(seller, buyer, vessel):
    visited(seller, times=1)
    [other] = visited(seller, times=1, name="Gannet")
    hand_over(seller, buyer, vessel.pk)
    pending = Delivery.objects.filter(notification__recipient=seller.owner, notification__kind="result_ready")
    states = {(row.notification.data["inspection_id"] == other, row.state, row.reason) for row in pending}
    assert states == {(False, "skipped", "withdrawn"), (True, "pending", "")}


def test_an_export_from_before_is_void(seller, buyer, vessel):
    visited(seller, times=1)
    exported(seller)
    before = Export.objects.get()
    hand_over(seller, buyer, vessel.pk)
    before.refresh_from_db()
    assert before.expires_at <= timezone.now()
    archive = exported(seller)
    assert "corrosion/inspections.json" not in archive.namelist()
    assert "vessels/vessels.json" not in archive.namelist()


def test_an_export_that_is_being_built_is_started_anew(seller, buyer, vessel):
    seller.get("/auth/me/export")
    building = Export.objects.get()
    hand_over(seller, buyer, vessel.pk)
    assert seller.get("/auth/me/export").status_code == 202
    assert Export.objects.get().pk != building.pk


def test_the_buyer_never_gets_the_originals_of_the_seller(seller, buyer, vessel):
    """They say where and with what camera the seller took them."""
    seller.subscribe()
    Vessel.objects.filter(pk=vessel.pk).update(name="Wilhelmine Petersen", name_key="wilhelmine petersen")
    inspect(seller, "corrosion")
    hand_over(seller, buyer, vessel.pk)
    archive = exported(buyer)
    [inspection] = json_in(archive, "corrosion/inspections.json")
    photos = [photo for point in inspection["points"] for photo in point["photos"]]
    assert {photo["original"] for photo in photos} == {None}
    assert all(photo["file"] for photo in photos)
    assert not any(CAMERA.encode() in archive.read(name) for name in archive.namelist())
    assert not any("originals" in name for name in archive.namelist())


def test_an_owner_who_gets_the_vessel_back_has_the_originals_again(seller, buyer, vessel):
    visited(seller, times=1)
    hand_over(seller, buyer, vessel.pk)
    buyer.subscribe()
    buyer.complete("corrosion", seed=70, vessel_label="Tern")
    hand_over(buyer, seller, vessel.pk)
    own, buyers = json_in(exported(seller), "corrosion/inspections.json")
    assert all(photo["original"] for photo in own["points"][0]["photos"])
    assert not any(photo["original"] for photo in buyers["points"][0]["photos"])


def test_photos_that_came_with_a_vessel_count_to_no_upload_limit(seller, buyer, vessel, settings):
    visited(seller, times=1)
    settings.UPLOADS_PER_OWNER = 3
    hand_over(seller, buyer, vessel.pk)
    buyer.open("corrosion", vessel_label="Tern")


@pytest.mark.parametrize("key_of", ["an inspection", "a vessel", "maintenance"])
def test_a_key_from_before_finds_nothing_any_more(seller, buyer, vessel, key_of):
    seller.subscribe()
    path, body = {
        "an inspection": ("/inspections", {"mode": "corrosion", "vessel_label": "Tern"}),
        "a vessel": ("/vessels", {"name": "Tern"}),
        "maintenance": ("/corrosion/maintenance", _painted(vessel)),
    }[key_of]
    first = seller.post(path, body, HTTP_IDEMPOTENCY_KEY="k")
    assert first.status_code in (200, 201)
    Inspection.objects.update(status="failed", failure_reason="expired", finished_at=timezone.now())
    hand_over(seller, buyer, vessel.pk)
    refused(seller.post(path, body, HTTP_IDEMPOTENCY_KEY="k"), 404, "NOT_FOUND")


def _painted(vessel: Vessel) -> dict[str, str]:
    return {"vessel_id": str(vessel.pk), "kind": "painted", "performed_on": "2026-05-01"}


def test_a_deleted_inspection_does_not_move(seller, buyer, vessel):
    kept, deleted = visited(seller)
    seller.delete(f"/inspections/{deleted}")
    hand_over(seller, buyer, vessel.pk)
    row = Inspection.objects.get(pk=deleted)
    assert (row.owner, row.vessel) == (seller.owner, None)
    assert [row["inspection_id"] for row in buyer.fetch("/inspections?mode=corrosion")["results"]] == [kept]


def test_an_inspection_of_the_release_before_moves_too(seller, buyer, vessel):
    late = InspectionFactory.create(owner=seller.owner, vessel=None, vessel_label="tern ", completed=True)
    hand_over(seller, buyer, vessel.pk)
    late.refresh_from_db()
    assert (late.owner, late.vessel, late.vessel_label) == (buyer.owner, vessel, "Tern")


def test_an_inspection_of_the_buyer_by_the_release_before_stays_at_the_buyers_vessel(seller, buyer, vessel):
    own = vessel_of(buyer, "Tern")
    late = InspectionFactory.create(owner=buyer.owner, vessel=None, vessel_label="Tern", completed=True)
    hand_over(seller, buyer, vessel.pk)
    buyer.patch(f"/vessels/{vessel.pk}", {"name": "Tern of Laboe"})
    late.refresh_from_db()
    assert (late.vessel, late.vessel_label) in ((None, "Tern"), (own, "Tern"))


def test_a_vessel_gets_a_number_if_the_buyer_has_one_of_that_name(seller, buyer, vessel):
    for name in ("TERN", "Tern (2)"):
        vessel_of(buyer, name)
    [inspection_id] = visited(seller, times=1)
    handover_id = hand_over(seller, buyer, vessel.pk)
    assert buyer.fetch(f"/vessels/{vessel.pk}")["name"] == "Tern (3)"
    assert Inspection.objects.get(pk=inspection_id).vessel_label == "Tern (3)"
    assert seller.fetch(f"/handovers/{handover_id}")["vessel_name"] == "Tern"


def test_a_numbered_name_is_no_longer_than_a_name_may_be(seller, buyer):
    name = "T" * 120
    vessel = vessel_of(seller, name)
    vessel_of(buyer, name)
    hand_over(seller, buyer, vessel.pk)
    assert buyer.fetch(f"/vessels/{vessel.pk}")["name"] == f"{'T' * 116} (2)"


def test_the_unnamed_vessel_stays_unnamed_unless_the_buyer_has_one(seller, buyer):
    ids = []
    for number in range(2):
        seller.subscribe()
        ids.append(seller.complete("corrosion", seed=number, vessel_label=""))
        hand_over(seller, buyer, Inspection.objects.get(pk=ids[-1]).vessel_id)
    names = [Inspection.objects.get(pk=pk).vessel.name for pk in ids]
    assert names == ["", "(2)"]
    assert seller.open("corrosion")["status"] == "pending"
    assert Vessel.objects.owned_by(seller.owner).get().name == ""


def test_an_archived_vessel_is_not_archived_for_the_buyer(seller, buyer, vessel):
    visited(seller, times=1)
    seller.delete(f"/vessels/{vessel.pk}")
    hand_over(seller, buyer, vessel.pk)
    assert buyer.fetch(f"/vessels/{vessel.pk}")["archived_at"] is None


def test_details_move_with_the_vessel(seller, buyer, vessel):
    hand_over(seller, buyer, vessel.pk)
    shown = buyer.fetch(f"/vessels/{vessel.pk}")
    assert (shown["home_port"], shown["hull_material"]) == ("Laboe", "steel")


def test_the_vessel_can_be_handed_on_and_bought_back(seller, buyer, vessel):
    [inspection_id] = visited(seller, times=1)
    hand_over(seller, buyer, vessel.pk)
    hand_over(buyer, seller, vessel.pk)
    row = Inspection.objects.get(pk=inspection_id)
    assert (row.owner, row.opened_by, row.came_with_vessel) == (seller.owner, seller.owner, False)


def test_the_handover_of_one_vessel_leaves_the_others(seller, buyer, vessel):
    [other] = visited(seller, times=1, name="Gannet")
    Maintenance.objects.create(
        vessel=Inspection.objects.get(pk=other).vessel, kind="painted", performed_on="2026-05-01"
    )
    hand_over(seller, buyer, vessel.pk)
    assert [row["inspection_id"] for row in seller.fetch("/inspections?mode=corrosion")["results"]] == [other]
    assert len(seller.fetch("/corrosion/maintenance")["results"]) == 1


def test_the_whole_handover_takes_the_same_number_of_statements_for_any_history(
    seller, buyer, django_assert_max_num_queries
):
    for name, count in (("Small", 1), ("Large", 30)):
        vessel = vessel_of(seller, name)
        InspectionFactory.create_batch(count, owner=seller.owner, vessel=vessel, completed=True)
        handover_id, mailed = offered(seller, buyer, vessel.pk)
        seller.send(f"/handovers/{handover_id}/confirm", {"code": mailed[seller.owner.email]})
        with django_assert_max_num_queries(120):
            buyer.send(f"/handovers/{handover_id}/confirm", {"code": mailed[buyer.owner.email]})
