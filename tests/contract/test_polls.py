"""Test polling: an ETag and 304 for a phone that has the body already, `Retry-After` while work is open."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from inspections.models import InferenceJob
from testing.factories import JobFactory
from testing.phone import work
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db


def submitted(phone) -> str:
    opened = phone.open()
    phone.shoot(opened["uploads"])
    assert phone.post(f"/inspections/{opened['inspection_id']}/submit").status_code == 202
    return f"/inspections/{opened['inspection_id']}"


def test_an_unchanged_status_is_304_without_a_body(phone):
    path = submitted(phone)
    first = phone.get(f"{path}/status")
    again = phone.get(f"{path}/status", HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert again["Retry-After"] == first["Retry-After"]
    assert again["X-Request-ID"]


def test_a_changed_status_is_sent_whole(phone):
    path = submitted(phone)
    first = phone.get(f"{path}/status")
    InferenceJob.objects.update(progress_done=1)
    again = phone.get(f"{path}/status", HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.json()["progress"]["done"]) == (200, 1)
    assert again["ETag"] != first["ETag"]


@pytest.mark.parametrize("offered", ["W/{0}", '"other", {0}', "{0},W/{0}", ' {0} , "x"'])
def test_a_weak_tag_or_one_of_several_matches(offered: str, phone):
    path = phone.complete()
    for poll in ("status", "result"):
        tag = phone.get(f"/inspections/{path}/{poll}")["ETag"]
        answer = phone.get(f"/inspections/{path}/{poll}", HTTP_IF_NONE_MATCH=offered.format(tag))
        assert answer.status_code == 304


@pytest.mark.parametrize("offered", ["", '""', "rubbish", "é", ",,,", '"' + "0" * 32 + '"'])
def test_another_tag_matches_nothing(offered: str, phone):
    path = f"/inspections/{phone.complete()}"
    for poll in ("status", "result"):
        assert phone.get(f"{path}/{poll}", HTTP_IF_NONE_MATCH=offered).status_code == 200


def test_retry_after_is_sent_only_while_work_is_open(phone):
    opened = phone.open()
    path = f"/inspections/{opened['inspection_id']}"
    assert "Retry-After" not in phone.get(f"{path}/status")
    assert "Retry-After" not in phone.get(f"{path}/result")
    phone.shoot(opened["uploads"])
    phone.post(f"{path}/submit")
    assert int(phone.get(f"{path}/status")["Retry-After"]) >= 1
    refusal = phone.get(f"{path}/result")
    refused(refusal, 409, "RESULT_NOT_READY")
    assert int(refusal["Retry-After"]) >= 1
    work(opened["inspection_id"])
    assert "Retry-After" not in phone.get(f"{path}/status")
    assert "Retry-After" not in phone.get(f"{path}/result")


def test_a_failed_inspection_has_no_result_and_no_retry_after(phone, owner):
    job = JobFactory.create(failed=True, inspection__owner=owner)
    answer = phone.get(f"/inspections/{job.inspection_id}/result")
    refused(answer, 409, "INSPECTION_FAILED")
    assert "Retry-After" not in answer
    status = phone.get(f"/inspections/{job.inspection_id}/status")
    assert (status.json()["status"], status.json()["state"]) == ("failed", "failed")
    assert "Retry-After" not in status


def test_a_result_is_sent_again_before_its_links_expire(phone, settings):
    path = f"/inspections/{phone.complete()}/result"
    with time_machine.travel(timezone.now(), tick=False) as clock:
        tag, overlay = phone.get(path)["ETag"], overlay_of(phone, path)
        clock.shift(timedelta(seconds=settings.VIEW_LINK_SECONDS))
        # The session of the test is older than the lifetime of an access token; only the link's age matters here.
        fresh = type(phone).of(phone.owner)
        assert fresh.get(path, HTTP_IF_NONE_MATCH=tag).status_code == 200
        clock.shift(timedelta(seconds=1))
        assert fresh.client.get(overlay).status_code == 403
        assert fresh.client.get(overlay_of(fresh, path)).status_code == 200


def overlay_of(phone, path: str) -> str:
    return phone.get(path).json()["corrosion"]["points"][0]["overlay_url"]


def test_poll_answers_are_private_and_always_revalidated(phone):
    path = f"/inspections/{phone.complete()}"
    for poll in ("status", "result"):
        assert phone.get(f"{path}/{poll}")["Cache-Control"] == "private, no-cache"


def test_an_etag_discloses_nothing_to_strangers(phone, stranger):
    path = f"/inspections/{phone.complete()}"
    tag = phone.get(f"{path}/status")["ETag"]
    answer = type(phone).of(stranger).get(f"{path}/status", HTTP_IF_NONE_MATCH=tag)
    refused(answer, 404, "NOT_FOUND")
