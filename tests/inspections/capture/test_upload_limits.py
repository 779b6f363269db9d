"""Test that one owner cannot fill the store: announcements are limited, and no uploaded photo is lost by it."""

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.utils import timezone

from inspections.models import CaptureSlot, MediaAsset
from inspections.tasks import purge_deleted
from testing.phone import Phone, jpeg
from tests.contract.refusals import refused
from tests.inspections.lifecycle.test_fair_queue import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def slot(phone) -> str:
    return phone.open()["uploads"][0]["slot_id"]


def retake(phone: Phone, slot: str, number: int, **changes: object):
    return phone.declare(slot, "wide", f"photo {number}".encode(), **changes)


def waits(answer, reason: str) -> int:
    body = refused(answer, 429, "RATE_LIMITED")
    assert body["reason"] == reason
    return int(answer["Retry-After"])


def test_an_angle_has_a_daily_limit_of_replacements(phone, slot, settings):
    settings.UPLOADS_PER_ANGLE = 5
    assert [retake(phone, slot, number).status_code for number in range(4)] == [201] * 4
    assert 86_000 < waits(retake(phone, slot, 5), "TOO_MANY_UPLOADS_FOR_ANGLE") <= 86_401
    assert retake(phone, slot, 3).status_code == 200
    assert phone.declare(slot, "mid", b"another angle").status_code == 201
    current = MediaAsset.objects.get(slot=slot, angle="wide", superseded_at=None)
    assert current.byte_size == len(b"photo 3")


def test_an_angle_can_be_replaced_again_after_a_day(phone, slot, settings):
    settings.UPLOADS_PER_ANGLE = 2
    retake(phone, slot, 1)
    seconds = waits(retake(phone, slot, 2), "TOO_MANY_UPLOADS_FOR_ANGLE")
    MediaAsset.objects.update(created_at=timezone.now() - timedelta(seconds=seconds))
    assert retake(phone, slot, 2).status_code == 201


def test_uploaded_photos_can_be_submitted_at_the_limit(phone, settings):
    settings.UPLOADS_PER_ANGLE = 1
    opened = phone.open()
    phone.shoot(opened["uploads"])
    waits(retake(phone, opened["uploads"][0]["slot_id"], 1), "TOO_MANY_UPLOADS_FOR_ANGLE")
    assert phone.post(f"/inspections/{opened['inspection_id']}/submit").status_code == 202


def test_the_bytes_of_an_inspection_are_limited(phone, slot, settings):
    policy = CaptureSlot.objects.get(pk=slot).inspection.policy
    settings.UPLOAD_BYTES_PER_INSPECTION = 5 * policy.max_bytes
    assert retake(phone, slot, 1, byte_size=policy.max_bytes).status_code == 201
    assert retake(phone, slot, 2, byte_size=policy.max_bytes).status_code == 201
    waits(retake(phone, slot, 3, byte_size=1), "TOO_MANY_BYTES_IN_INSPECTION")


@pytest.mark.parametrize("limit", ["UPLOADS_PER_OWNER", "UPLOAD_BYTES_PER_OWNER"])
def test_limits_of_an_owner_span_all_inspections_and_survive_deletion(phone, stranger, settings, limit):
    phone.subscribe()
    max_bytes = phone.get("/capture-policy/corrosion").json()["constraints"]["max_bytes"]
    setattr(settings, limit, 6 if limit == "UPLOADS_PER_OWNER" else 6 * max_bytes)
    opened = [opening(phone, number).json()["inspection_id"] for number in range(2)]
    phone.delete(f"/inspections/{opened[0]}")
    waits(opening(phone, 3), "TOO_MANY_UPLOADS_OF_OWNER")
    with time_machine.travel(timezone.now() + timedelta(hours=2)):  # its links are dead, and its objects gone
        purge_deleted()
        purge_deleted()
        waits(opening(Phone.of(phone.owner), 5), "TOO_MANY_UPLOADS_OF_OWNER")
    point = f"/inspections/{opened[1]}/slots"
    assert phone.post(point).status_code == 201  # reserved at the opening
    waits(phone.post(point), "TOO_MANY_UPLOADS_OF_OWNER")
    assert Phone.of(stranger).post("/inspections", {"mode": "corrosion"}).status_code == 201
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert opening(Phone.of(phone.owner), 4).status_code == 201


def opening(phone: Phone, number: int):
    return phone.post("/inspections", {"mode": "corrosion"}, HTTP_IDEMPOTENCY_KEY=f"key {number}")


def test_a_refused_opening_leaves_nothing(phone, settings):
    settings.UPLOADS_PER_OWNER = 2
    phone.buy()
    waits(phone.post("/inspections", {"mode": "osmosis"}), "TOO_MANY_UPLOADS_OF_OWNER")
    assert phone.credits() == (1, 0)
    assert not CaptureSlot.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_parallel_announcements_do_not_pass_the_limit(phone, slot, settings):
    settings.UPLOADS_PER_OWNER = 5

    def declare(number: int) -> int:
        angle = ("wide", "mid")[number % 2]
        return Phone.of(phone.owner).declare(slot, angle, f"photo {number}".encode()).status_code

    answers = at_once([partial(declare, number) for number in range(8)])
    assert sorted(answers) == [201] * 2 + [429] * 6
    assert MediaAsset.objects.count() == 5


def test_a_photo_of_usual_size_meets_no_limit(phone):
    """The photos of a fleet in one day are far below it."""
    phone.subscribe()
    for boat in range(3):
        opened = phone.post("/inspections", {"mode": "corrosion", "points": 10}, HTTP_IDEMPOTENCY_KEY=str(boat)).json()
        for target in opened["uploads"][:3]:
            assert phone.declare(target["slot_id"], target["angle"], jpeg(boat)).status_code == 201
