"""Test deletion: hidden at once, ended if unfinished, and really out of the object store."""

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.utils import timezone

from inspections.lifecycle import transitions
from inspections.lifecycle.transitions import LeaseLost
from inspections.models import InferenceJob, Inspection
from inspections.tasks import purge_deleted, purge_inspection
from maretech.common.storage import object_store
from testing.phone import Phone, caller, jpeg, work
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db


def stored() -> list[str]:
    return list(object_store().list("inspections/"))


def delete(phone: Phone, inspection_id: str):
    return phone.delete(f"/inspections/{inspection_id}")


def test_a_deleted_inspection_is_gone_from_every_call_at_once(phone):
    phone.subscribe()
    inspection_id = phone.complete()
    opened = phone.open()
    upload = opened["uploads"][0]
    assert [delete(phone, one).status_code for one in (inspection_id, opened["inspection_id"])] == [204, 204]
    for path in ("", "/status", "/result"):
        refused(phone.get(f"/inspections/{inspection_id}{path}"), 404, "NOT_FOUND")
    for call in ("slots", "complete", "submit"):
        refused(phone.post(f"/inspections/{opened['inspection_id']}/{call}"), 404, "NOT_FOUND")
    refused(phone.declare(upload["slot_id"], "wide", jpeg(1)), 404, "NOT_FOUND")
    refused(phone.post(f"/assets/{upload['asset_id']}/uploaded"), 404, "NOT_FOUND")
    refused(delete(phone, inspection_id), 404, "NOT_FOUND")
    assert phone.get("/inspections?mode=corrosion").json()["results"] == []


def test_deleting_answers_without_a_body(phone):
    assert delete(phone, phone.open()["inspection_id"]).content == b""


def test_photos_and_derivatives_are_deleted_from_the_object_store(phone, broker, django_capture_on_commit_callbacks):
    inspection_id = phone.complete()
    kinds = {key.split("/")[2] for key in stored()}
    assert kinds == {"quarantine", "evidence", "view", "overlay"}
    with django_capture_on_commit_callbacks(execute=True):
        delete(phone, inspection_id)
    assert broker == [("inspections.tasks.purge_inspection", (inspection_id,))]
    purge_inspection(inspection_id)
    assert stored() == []


def test_the_scheduler_replaces_a_lost_purge_message(phone):
    delete(phone, phone.complete())
    purge_deleted()
    assert stored() == []


def test_only_objects_of_the_deleted_inspection_are_deleted(phone):
    phone.subscribe()
    other, gone = phone.complete(), phone.complete("osmosis")
    delete(phone, gone)
    purge_deleted()
    assert {key.split("/")[1] for key in stored()} == {other}


def test_the_last_purge_deletes_an_object_written_over_a_live_link(phone, settings):
    upload = phone.open()["uploads"][0]
    delete(phone, str(Inspection.objects.get().pk))
    purge_deleted()
    assert caller().generic(
        "PUT", upload["url"].removeprefix("http://testserver"), jpeg(1), content_type="image/jpeg"
    ).status_code in (200, 403, 404)
    with time_machine.travel(timezone.now() + timedelta(seconds=settings.UPLOAD_LINK_SECONDS + 1)):
        purge_deleted()
    assert stored() == []
    with time_machine.travel(timezone.now() + timedelta(days=1, seconds=1)):
        purge_deleted()
    assert not Inspection.objects.exists()


def test_the_store_is_not_called_after_all_links_expired(phone, settings, monkeypatch):
    delete(phone, phone.open()["inspection_id"])
    purge_deleted()
    with time_machine.travel(timezone.now() + timedelta(seconds=settings.UPLOAD_LINK_SECONDS + 1)):
        purge_deleted()
        monkeypatch.setattr(type(object_store()), "list", lambda *_: pytest.fail("the store was called"))
        purge_deleted()


def test_purging_an_inspection_that_is_not_deleted_does_nothing(phone):
    inspection_id = phone.complete()
    before = stored()
    purge_inspection(inspection_id)
    purge_inspection(str(UUID(int=3)))
    assert stored() == before


def test_deleting_an_unfinished_inspection_returns_the_credit(phone):
    for submit in (False, True):
        phone.buy()
        opened = phone.post("/inspections", {"mode": "osmosis"}).json()
        phone.shoot(opened["uploads"])
        if submit:
            phone.post(f"/inspections/{opened['inspection_id']}/submit")
        before = phone.credits()[0]
        delete(phone, opened["inspection_id"])
        assert phone.credits() == (before + 1, 0)


def test_deleting_after_delivery_returns_neither_credit_nor_free_use(phone):
    phone.buy()
    opened = phone.post("/inspections", {"mode": "osmosis"}).json()
    phone.shoot(opened["uploads"])
    phone.post(f"/inspections/{opened['inspection_id']}/submit")
    work(opened["inspection_id"])
    delete(phone, opened["inspection_id"])
    assert phone.credits() == (0, 0)
    delete(phone, phone.complete("corrosion"))
    purge_deleted()
    assert phone.get("/entitlements/corrosion").json()["corrosion_free_used"] is True
    refused(phone.post("/inspections", {"mode": "corrosion"}), 403, "SUBSCRIPTION_REQUIRED")


def test_deleting_an_unfinished_free_inspection_allows_another(phone):
    first = phone.open()["inspection_id"]
    delete(phone, first)
    again = phone.post("/inspections", {"mode": "corrosion"})
    assert (again.status_code, again.json()["inspection_id"] != first) == (201, True)


def test_a_running_worker_delivers_no_result_after_the_deletion(phone):
    opened = phone.open()
    phone.shoot(opened["uploads"])
    phone.post(f"/inspections/{opened['inspection_id']}/submit")
    held = transitions.claim(InferenceJob.objects.get().pk, worker="w", task_id="t")
    assert held is not None
    delete(phone, opened["inspection_id"])
    for call in (transitions.renew, transitions.complete):
        with pytest.raises(LeaseLost):
            call(held)
    work(opened["inspection_id"])
    assert Inspection.objects.get().status == "failed"


def test_the_key_of_a_deleted_inspection_opens_no_other(phone):
    keyed = {"HTTP_IDEMPOTENCY_KEY": "k"}
    opened = phone.post("/inspections", {"mode": "corrosion"}, **keyed).json()
    delete(phone, opened["inspection_id"])
    refused(phone.post("/inspections", {"mode": "corrosion"}, **keyed), 404, "NOT_FOUND")
    assert Inspection.objects.count() == 1


def test_the_key_of_a_deleted_inspection_gets_not_found(phone):
    opened = phone.post("/inspections", {"mode": "corrosion"}, HTTP_IDEMPOTENCY_KEY="k").json()
    phone.delete(f"/inspections/{opened['inspection_id']}")
    answer = phone.post("/inspections", {"mode": "corrosion"}, HTTP_IDEMPOTENCY_KEY="k")
    assert (answer.status_code, answer.json()["error_code"]) == (404, "NOT_FOUND")
