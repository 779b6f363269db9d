"""Test failing attempts and hostile photos with each engine of the registry."""

import io
from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings as configured
from django.utils import timezone
from PIL import Image

from inspections.engines.imaging.decode import UnreadableImage
from inspections.engines.stub import StubEngine
from inspections.models import InferenceJob, JobAttempt, MediaAsset
from inspections.work import analysis
from inspections.work.sweeper import sweep
from maretech.celery import app
from testing.phone import Phone, jpeg, work
from tests.inspections.engines.picture_files import bomb_png, encoded, heic
from tests.inspections.engines.registered_engines import EVERY
from tests.inspections.pictures import NOT_IMAGES

pytestmark = pytest.mark.django_db
FAULTS = {
    "out of memory": MemoryError("no room for the picture"),
    "over its time": SoftTimeLimitExceeded(),
    "unreadable after all": UnreadableImage("broken"),
    "recursion": RecursionError("too deep"),
}


def picture(seed: int = 0) -> Image.Image:
    """Return a picture that passes the photo check."""
    return Image.open(io.BytesIO(jpeg(seed)))


def submitted(phone: Phone, mode: str, *contents: bytes) -> str:
    opened = phone.post("/inspections", {"mode": mode}).json()
    for upload, content in zip(opened["uploads"], contents or (jpeg(1), jpeg(2), jpeg(3)), strict=True):
        assert phone.put(upload, content).status_code == 200
    assert phone.post(f"/inspections/{opened['inspection_id']}/submit").status_code == 202
    return opened["inspection_id"]


def failing(monkeypatch, fault: Exception) -> None:
    def fail(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(StubEngine, "examine", fail)


def status(phone: Phone, inspection_id: str) -> dict:
    return phone.get(f"/inspections/{inspection_id}/status").json()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_failed_attempt_records_its_reason_and_the_next_one_delivers(fault, phone, monkeypatch):
    inspection_id = submitted(phone, "corrosion")
    with monkeypatch.context() as patched:
        failing(patched, FAULTS[fault])
        with pytest.raises(type(FAULTS[fault])):
            work(inspection_id)
    attempt = JobAttempt.objects.get()
    assert (attempt.outcome, attempt.error.split(":")[0]) == ("failed", type(FAULTS[fault]).__name__)
    assert status(phone, inspection_id)["waiting_for"] == "retry"
    work(inspection_id)
    assert status(phone, inspection_id)["status"] == "completed"


@pytest.mark.parametrize("fault", ["out of memory", "over its time"])
def test_three_failed_attempts_end_the_inspection_and_return_the_credit(fault, phone, monkeypatch):
    phone.buy()
    inspection_id = submitted(phone, "osmosis")
    failing(monkeypatch, FAULTS[fault])
    for _ in range(3):
        with pytest.raises(type(FAULTS[fault])):
            work(inspection_id)
    ended = phone.get(f"/inspections/{inspection_id}").json()
    assert (ended["status"], ended["failure_reason"]) == ("failed", "technical_failure")
    assert phone.credits() == (1, 0)


class ProcessKilled(BaseException):
    """The end of the process in the middle of a line: no handler below `BaseException` may catch it."""


def test_the_sweep_replaces_a_worker_killed_by_the_system(phone, monkeypatch):
    """As the out-of-memory killer does it: no handler runs, and no lease is released."""
    inspection_id = submitted(phone, "corrosion")
    with monkeypatch.context() as patched:
        failing(patched, ProcessKilled())
        with pytest.raises(ProcessKilled):
            work(inspection_id)
    assert (sweep().recovered, status(phone, inspection_id)["state"]) == (0, "running")
    InferenceJob.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert sweep().recovered == 1
    work(inspection_id)
    assert list(JobAttempt.objects.values_list("outcome", flat=True)) == ["lost", "succeeded"]


def test_the_time_limits_of_an_analysis_fit_its_lease_and_the_broker():
    task = app.tasks["inspections.tasks.analyse"]
    assert task.time_limit > task.soft_time_limit > configured.JOB_LEASE_SECONDS > 0
    # The broker must not deliver the message to a second worker while the first may still work on it.
    assert task.time_limit < 600


HOSTILE = {
    "bomb": (bomb_png(60_000, 60_000), "too_large"),
    "cut short": (NOT_IMAGES["cut short"], "incomplete"),
    "one pixel": (encoded(Image.new("RGB", (1, 1), "grey"), "PNG"), "too_small"),
    "html": (NOT_IMAGES["html"], "not_an_image"),
}
UNUSUAL = {
    "cmyk": lambda: encoded(picture(7).convert("CMYK"), "JPEG", quality=90),
    "grey": lambda: encoded(picture(7).convert("L"), "JPEG", quality=90),
    "palette": lambda: encoded(picture(7).convert("P"), "PNG"),
    "heic": lambda: heic(picture(7)),
    "animated": lambda: encoded(picture(7), "PNG", save_all=True, append_images=[picture(8)]),
}


@pytest.mark.parametrize(("mode", "name"), EVERY)
def test_hostile_photos_are_rejected_and_the_good_one_is_judged(mode, name, phone, settings):
    settings.ENGINE = name
    phone.buy()
    inspection_id = submitted(phone, mode, HOSTILE["bomb"][0], jpeg(7), HOSTILE["cut short"][0])
    work(inspection_id)
    result = phone.get(f"/inspections/{inspection_id}/result").json()
    assert result["coverage"] == {"points": 1, "photos_used": 1, "photos_rejected": 2}
    rejected = dict(MediaAsset.objects.filter(state="rejected").values_list("angle", "retake_reasons"))
    assert rejected == {"wide": ["too_large"], "close": ["incomplete"]}


@pytest.mark.parametrize("content", HOSTILE)
def test_an_inspection_of_hostile_photos_is_inconclusive_and_free(content, phone):
    phone.buy()
    inspection_id = submitted(phone, "osmosis", *[HOSTILE[content][0]] * 3)
    work(inspection_id)
    result = phone.get(f"/inspections/{inspection_id}/result").json()
    assert (result["signal_detected"], result["coverage"]["photos_used"]) == ("inconclusive", 0)
    assert phone.credits() == (1, 0)
    reasons = MediaAsset.objects.values_list("retake_reasons", flat=True)
    assert all(HOSTILE[content][1] in photo for photo in reasons)


@pytest.mark.anywhere
@pytest.mark.parametrize("kind", UNUSUAL)
@pytest.mark.parametrize(("mode", "name"), EVERY)
def test_an_unusual_but_valid_photo_is_judged(kind, mode, name, phone, settings):
    settings.ENGINE = name
    phone.buy()
    inspection_id = submitted(phone, mode, jpeg(5), jpeg(6), UNUSUAL[kind]())
    work(inspection_id)
    coverage = phone.get(f"/inspections/{inspection_id}/result").json()["coverage"]
    assert coverage == {"points": 1, "photos_used": 3, "photos_rejected": 0}
    assert analysis.engine_for(mode=mode, name=name).mode == mode
