"""Test how staff explain why an inspection is waiting."""

from datetime import timedelta

import pytest
from django.utils import timezone

from billing.entitlements import entitlements
from inspections.models import InferenceJob, Inspection
from inspections.support.explain import distance, explain, explainable_inspections, when
from maretech.common.observability.heartbeat import beat
from maretech.common.storage import object_store
from maretech.common.storage.base import ObjectStoreUnavailable
from testing.phone import jpeg
from tests.inspections.admin import states

pytestmark = pytest.mark.django_db


@pytest.fixture
def workers(settings):
    for queue in settings.TASK_QUEUES:
        beat(queue)


def explanation_of(inspection) -> str:
    return "\n".join(explain(explainable_inspections().get(pk=inspection.pk)).lines())


def opened(phone, mode="corrosion", **details):
    answer = phone.open(mode, **details)
    return answer, Inspection.objects.get(pk=answer["inspection_id"])


def test_the_explanation_names_missing_photos(phone, workers):
    answer, inspection = opened(phone, points=2)
    phone.shoot(answer["uploads"][:2])
    text = explanation_of(inspection)
    assert "Waits for photos since it was opened" in text
    assert "Points begun: 1. Photos stored: 2 of 3." in text
    assert "Missing: point 1 close." in text
    assert "it ends as expired" in text
    assert "Ask the owner for the missing photos." in text


def test_a_new_inspection_misses_the_photos_of_its_first_point(phone, workers):
    _, inspection = opened(phone, points=2)
    assert "Missing: point 1 wide, point 1 mid, point 1 close." in explanation_of(inspection)


def test_a_complete_set_without_a_submission_is_explained(phone, workers):
    answer, inspection = opened(phone)
    phone.shoot(answer["uploads"])
    text = explanation_of(inspection)
    assert "Every photo is stored, but the owner has not submitted the inspection." in text
    assert "press submit" in text


def test_photos_to_retake_and_photos_to_check_are_listed_separately(phone, workers):
    answer, inspection = opened(phone)
    phone.shoot(answer["uploads"])
    for upload in answer["uploads"][:2]:
        phone.post(f"/assets/{upload['asset_id']}/uploaded")
    inspection.slots.get().assets.filter(angle="mid").update(state="rejected", retake_reasons=["blurred"])
    text = explanation_of(inspection)
    assert "to be retaken: point 1 mid (blurred)." in text
    assert "not checked yet: point 1 wide." in text
    assert "Ask the owner to retake" in text


def test_a_check_without_a_live_worker_is_explained(phone):
    answer, inspection = opened(phone)
    phone.put(answer["uploads"][0], jpeg(1))
    phone.post(f"/assets/{answer['uploads'][0]['asset_id']}/uploaded")
    assert "No worker consumed the queue checks" in explanation_of(inspection)


def test_an_outage_of_the_store_is_explained_with_the_known_photos(phone, monkeypatch, workers):
    answer, inspection = opened(phone)
    phone.shoot(answer["uploads"])
    phone.post(f"/assets/{answer['uploads'][0]['asset_id']}/uploaded")

    def down(keys):
        raise ObjectStoreUnavailable

    monkeypatch.setattr(object_store(), "heads", down)
    text = explanation_of(inspection)
    assert "Photos stored: 1 of 3." in text
    assert "The object store does not answer" in text


def test_a_withdrawn_pass_is_explained(workers):
    text = explanation_of(states.unpaid())
    assert "Waits for payment." in text
    assert "submitting it is refused" in text


def test_a_credit_replaces_a_withdrawn_pass(phone, workers):
    _, inspection = opened(phone, "osmosis")
    phone.post("/payments/validate", {"provider": "app_store", "receipt": "mock-valid-7"})
    entitlements.set_mock_osmosis_pass(owner=inspection.owner, paid=False)
    text = explanation_of(inspection)
    assert "The owner has 1 credit(s)" in text
    assert "Waits for payment." not in text


def test_an_overdue_inspection_is_explained(workers):
    assert "The next sweep (every 15 s) ends it as expired." in explanation_of(states.overdue())


def test_the_place_in_the_queue_is_shown(workers):
    first = states.queued()
    InferenceJob.objects.filter(inspection=first).update(queued_at=timezone.now() - timedelta(minutes=3))
    states.running()
    assert "Jobs queued before it: 1; running now: 1." in explanation_of(states.queued())
    text = explanation_of(first)
    assert "Waits for a worker since" in text
    assert "(3 min ago)" in text
    assert "Jobs queued before it: 0" in text
    assert "No worker" not in text


def test_a_queue_without_a_worker_is_explained(workers, settings):
    settings.HEARTBEAT_STALE_SECONDS = -1
    text = explanation_of(states.queued())
    assert "No worker consumed the queue analyses" in text
    assert "make manage ARGS=sweep_jobs" in text
    assert "Start or restart the workers of analyses, sweep;" in text


def test_a_retry_shows_the_last_error(workers):
    text = explanation_of(states.retrying())
    assert "Attempt 1 of 3 failed; it waits for the next one since" in text
    assert "StoreUnavailable: no answer" in text
    assert "At its next run the sweep (every 15 s) sends it to a worker." in text


def test_a_running_job_shows_its_worker_progress_and_lease(workers):
    text = explanation_of(states.running())
    assert "Attempt 1 of 3 is running on analyses@worker-2" in text
    assert "1 of 3 photos are done." in text
    assert "Its lease ends" in text
    assert "Nothing: wait." in text


def test_a_lost_worker_is_explained(workers, settings):
    assert "it is queued for its next attempt" in explanation_of(states.lost())
    settings.JOB_MAX_ATTEMPTS = 1
    assert "it fails, as this was the last attempt" in explanation_of(states.lost())


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (states.completed, ["the owner has the result", "a result never changes"]),
        (states.technically_failed, ["ValueError: broken", "Re-queue it, with a reason", "It cost the owner nothing."]),
        (states.expired, ["it was not submitted by", "Ask the owner to begin a new inspection."]),
        (states.deleted, ["Deleted by its owner", "The next purge", "it cannot be restored"]),
        (states.deleted_after_completion, ["Its photos were deleted", "Its rows are deleted"]),
    ],
)
def test_every_end_is_explained(state, words, workers):
    text = explanation_of(state())
    for word in words:
        assert word in text
    assert "No worker" not in text


def test_a_returned_credit_is_shown(workers):
    inspection = states.technically_failed(mode="osmosis", access="credit")
    assert "The credit that it held was returned." in explanation_of(inspection)


def test_inconsistent_rows_are_explained(workers):
    inspection = states.completed()
    inspection.result.delete()
    assert "It has no result, which is a fault." in explanation_of(inspection)
    inspection = states.queued()
    inspection.job.delete()
    assert "It has no job, which is a fault." in explanation_of(inspection)


def test_times_are_shown_with_their_distance_from_now():
    now = timezone.now()
    assert distance(now - timedelta(hours=3, minutes=5, seconds=9)) == "3 h 5 min"
    assert distance(now) == "0 s"
    assert when(now + timedelta(days=2, hours=1, seconds=30)).endswith(" UTC (in 2 d 1 h)")
    assert when(now - timedelta(seconds=61)).endswith(" UTC (1 min 1 s ago)")
