"""Test submission: missing photos are named, present ones are pinned, and one job is queued, once."""

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from kombu.exceptions import OperationalError

from billing import orders
from billing.models import Order
from inspections.capture import submission
from inspections.models import InferenceJob, Inspection, MediaAsset
from inspections.tasks import analyse
from maretech.common.work import queue
from testing.factories import JobFactory
from testing.phone import Phone, work
from tests.concurrency import MeetingPoint, at_once
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db
REAL_SEND = queue._send  # before any fixture replaces it
CALLS = {"complete": 200, "submit": 202}
ON_POSTGRES_ONLY = pytest.mark.skipif(
    connection.vendor == "sqlite",
    reason="SQLite runs one IMMEDIATE transaction at a time, so there no removed row lock can show a race",
)


def submit(phone: Phone, opened: dict, call: str = "submit", **body: object):
    return phone.post(f"/inspections/{opened['inspection_id']}/{call}", body)


def missing(answer) -> list[tuple[int, str]]:
    body = refused(answer, 409, "UPLOADS_MISSING")
    assert all(entry.keys() == {"point_index", "angle"} for entry in body["missing"])
    return [(entry["point_index"], entry["angle"]) for entry in body["missing"]]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("accept_incomplete", [True, False])
def test_a_submission_without_photos_names_those_of_the_first_point(phone, call: str, accept_incomplete):
    opened = phone.open(points=3)
    answer = submit(phone, opened, call, accept_incomplete=accept_incomplete)
    assert missing(answer) == [(1, "wide"), (1, "mid"), (1, "close")]


@pytest.mark.parametrize("call", CALLS)
def test_a_missing_angle_is_named(phone, call: str):
    opened = phone.open(points=2)
    phone.shoot([opened["uploads"][0], *opened["uploads"][3:5]])
    assert missing(submit(phone, opened, call)) == [(1, "mid"), (1, "close"), (2, "close")]


@pytest.mark.parametrize(("call", "status"), CALLS.items())
def test_an_untouched_reserved_point_does_not_count(phone, call: str, status: int):
    opened = phone.open(points=3)
    phone.shoot(opened["uploads"][:3])
    assert submit(phone, opened, call).status_code == status


def test_an_opened_point_without_photos_counts(phone):
    opened = phone.open(points=2)
    phone.shoot(opened["uploads"][:3])
    for _ in range(2):
        phone.post(f"/inspections/{opened['inspection_id']}/slots")
    assert missing(submit(phone, opened)) == [(2, "wide"), (2, "mid"), (2, "close")]


@pytest.mark.parametrize(("call", "status"), CALLS.items())
def test_accept_incomplete_submits_with_one_photo(phone, call: str, status: int):
    opened = phone.open()
    phone.shoot(opened["uploads"][:1])
    assert submit(phone, opened, call).status_code == 409
    assert submit(phone, opened, call, accept_incomplete=True).status_code == status
    work(opened["inspection_id"])
    coverage = phone.get(f"/inspections/{opened['inspection_id']}/result").json()["coverage"]
    assert coverage == {"points": 1, "photos_used": 1, "photos_rejected": 0}


@pytest.mark.parametrize("value", ["true", 1, None, [], "yes"])
def test_accept_incomplete_must_be_a_boolean(phone, value: object):
    opened = phone.open()
    phone.shoot(opened["uploads"])
    assert set(refused(submit(phone, opened, accept_incomplete=value), 400, "VALIDATION_ERROR")["fields"]) == {
        "accept_incomplete"
    }


def test_a_submission_needs_no_body(phone):
    opened = phone.open()
    phone.shoot(opened["uploads"])
    answer = phone.client.post(f"/v1/inspections/{opened['inspection_id']}/submit")
    assert answer.status_code == 202


def test_a_replaced_photo_does_not_count_for_its_successor(phone):
    opened = phone.open()
    phone.shoot(opened["uploads"])
    phone.declare(opened["uploads"][0]["slot_id"], "wide", b"other bytes")
    assert missing(submit(phone, opened)) == [(1, "wide")]


def test_repeated_submissions_get_the_same_answer_in_every_job_state(phone):
    opened = phone.open()
    phone.shoot(opened["uploads"])
    first = submit(phone, opened).json()
    assert first.keys() == {"job_id", "state"}
    assert first["state"] == "queued"
    for stage in (lambda: None, lambda: work(opened["inspection_id"])):
        stage()
        assert submit(phone, opened).json() == first
        assert submit(phone, opened, "complete").json() == {"status": "queued"}
    assert InferenceJob.objects.count() == 1


def test_a_failed_inspection_answers_with_its_job(phone):
    job = JobFactory.create(failed=True, inspection__owner=phone.owner)
    answer = submit(phone, {"inspection_id": job.inspection_id})
    assert (answer.status_code, answer.json()) == (202, {"job_id": str(job.pk), "state": "queued"})


def test_an_expired_inspection_cannot_be_submitted_before_or_after_a_sweep(phone):
    opened = phone.open()
    phone.shoot(opened["uploads"])
    expired = Inspection.objects.get()
    Inspection.objects.update(expires_at=expired.created_at)
    refused(submit(phone, opened), 409, "INSPECTION_CLOSED")
    Inspection.objects.update(status="failed", failure_reason="expired", finished_at=expired.created_at)
    refused(submit(phone, opened), 409, "INSPECTION_CLOSED")


def test_a_submission_pins_the_photos_and_sends_the_job(phone, broker, django_capture_on_commit_callbacks):
    opened = phone.open(points=2)
    phone.shoot(opened["uploads"][:3])
    with django_capture_on_commit_callbacks(execute=True):
        job_id = submit(phone, opened).json()["job_id"]
    assert broker == [("inspections.tasks.analyse", (job_id,))]
    pinned = MediaAsset.objects.exclude(pinned_etag="")
    assert {str(asset.pk) for asset in pinned} == {upload["asset_id"] for upload in opened["uploads"][:3]}
    assert all(asset.pinned_size and asset.pinned_content_type == "image/jpeg" for asset in pinned)
    assert phone.get(f"/inspections/{opened['inspection_id']}/status").json()["progress"] == {"done": 0, "total": 3}


def test_a_withdrawn_pass_blocks_a_submission_until_a_new_payment(phone):
    opened = phone.open("osmosis")
    phone.shoot(opened["uploads"])
    phone.post("/payments/osmosis/mock", {"paid": False})
    assert phone.get(f"/inspections/{opened['inspection_id']}/status").json()["waiting_for"] == "payment"
    refused(submit(phone, opened), 402, "PAYMENT_REQUIRED")
    assert not InferenceJob.objects.exists()
    phone.buy()
    assert submit(phone, opened).status_code == 202
    assert phone.credits() == (0, 1)


def test_a_refunded_credit_blocks_a_submission_until_a_pass_is_given(phone):
    phone.buy()
    opened = phone.post("/inspections", {"mode": "osmosis"}).json()
    phone.shoot(opened["uploads"])
    order = Order.objects.get()
    orders.refund(order.pk, amount_minor=order.price_minor, refund_ref="r1", cause="asked by phone")
    refused(submit(phone, opened), 402, "PAYMENT_REQUIRED")
    phone.post("/payments/osmosis/mock", {"paid": True})
    assert submit(phone, opened).status_code == 202


def test_photos_that_change_during_the_lookup_are_read_again(phone, monkeypatch):
    opened = phone.open()
    phone.shoot(opened["uploads"])
    looked_up, look_up = [], submission._look_up

    def look_up_then_change(inspection: Inspection):
        found = look_up(inspection)
        looked_up.append(found)
        if len(looked_up) == 1:
            content = b"a better photo"
            retake = phone.declare(opened["uploads"][0]["slot_id"], "wide", content).json()
            assert phone.put(retake["upload"], content).status_code == 200
        return found

    monkeypatch.setattr(submission, "_look_up", look_up_then_change)
    assert submit(phone, opened).status_code == 202
    assert len(looked_up) == 2
    assert not MediaAsset.objects.exclude(superseded_at=None).exclude(pinned_etag="").exists()


@pytest.mark.parametrize("fault", [OperationalError("refused"), ConnectionRefusedError("refused"), OSError("gone")])
def test_an_outage_of_the_broker_does_not_block_a_submission(
    phone, monkeypatch, fault: Exception, django_capture_on_commit_callbacks
):
    def down(**_: object) -> None:
        raise fault

    monkeypatch.setattr("maretech.common.work.queue._send", REAL_SEND)
    monkeypatch.setattr(analyse, "apply_async", down)
    opened = phone.open()
    phone.shoot(opened["uploads"])
    with django_capture_on_commit_callbacks(execute=True):
        assert submit(phone, opened).status_code == 202
    assert phone.get(f"/inspections/{opened['inspection_id']}/status").json()["waiting_for"] == "worker"


@pytest.mark.skipif(
    not settings.USES_FILESYSTEM_BROKER, reason="Here the broker is a real Redis; this is about the embedded one"
)
def test_a_missing_folder_of_the_filesystem_broker_does_not_block_a_submission(
    phone, monkeypatch, caplog, tmp_path, django_capture_on_commit_callbacks
):
    """The broker of a machine without services, without a replacement."""
    gone = tmp_path / "a-file"
    gone.write_text("no folder")
    monkeypatch.setattr("maretech.common.work.queue._send", REAL_SEND)
    monkeypatch.setattr("kombu.transport.filesystem.Channel.data_folder_out", str(gone))
    opened = phone.open()
    phone.shoot(opened["uploads"])
    with django_capture_on_commit_callbacks(execute=True):
        assert submit(phone, opened).status_code == 202
    assert "broker unreachable" in str([record.msg for record in caplog.records])


@pytest.mark.django_db(transaction=True)
def test_sixteen_parallel_submissions_get_one_job(phone):
    opened = phone.open()
    phone.shoot(opened["uploads"])
    answers = at_once(16, lambda: submit(phone, opened))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["job_id"] for answer in answers}) == InferenceJob.objects.count() == 1


@ON_POSTGRES_ONLY
@pytest.mark.django_db(transaction=True)
def test_parallel_submissions_collide_without_the_row_locks(phone, monkeypatch):
    """The control: each believes the inspection is still pending, and only the constraint keeps the job unique."""
    opened = phone.open()
    phone.shoot(opened["uploads"])
    meeting = MeetingPoint(8)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, *_, **__: self.all())
    monkeypatch.setattr(submission, "_pin", meeting.after(submission._pin))
    statuses = {answer.status_code for answer in at_once(8, lambda: submit(phone, opened))}
    assert 500 in statuses
    assert InferenceJob.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_photo_declared_during_a_submission_is_included_or_refused(phone, monkeypatch):
    """No photo slips in between the pins and the closing: afterwards every current photo is pinned."""
    opened = phone.open()
    phone.shoot(opened["uploads"])
    slot_id, calls = opened["uploads"][0]["slot_id"], iter(range(8))

    def call_next():
        number = next(calls)
        if number % 2:
            return submit(phone, opened, accept_incomplete=True)
        return phone.declare(slot_id, "wide", b"%d" % number)

    statuses = {answer.status_code for answer in at_once(8, call_next)}
    assert statuses <= {200, 201, 202, 409, 503}
    assert Inspection.objects.get().status == "processing"
    pinned = MediaAsset.objects.exclude(pinned_etag="")
    assert not pinned.exclude(superseded_at=None).exists()
