"""Test the quick check: an owner at the hull learns at once whether a photo is good, and why not."""

import io
import logging
from uuid import UUID

import pytest
from PIL import Image

from inspections.engines.imaging.decode_process import DecodeProcessFailed
from inspections.models import MediaAsset
from inspections.tasks import check_photo
from inspections.work.photo_check import check_uploaded_photo
from maretech.common.storage import object_store
from maretech.common.storage.base import ObjectStoreUnavailable
from maretech.common.storage.local import LocalStore
from testing.phone import Phone, jpeg
from tests.contract.refusals import refused
from tests.inspections.pictures import LATITUDE, NOT_IMAGES, WHY_NOT, blurred, bright, dark, located, small

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(phone) -> dict:
    return phone.open()


def upload(phone: Phone, target: dict, content: bytes):
    assert phone.put(target, content).status_code == 200
    return phone.post(f"/assets/{target['asset_id']}/uploaded")


def checked(phone: Phone, target: dict, content: bytes) -> dict:
    """Return the photo as the owner sees it after its upload was confirmed and the worker checked it."""
    answer = upload(phone, target, content)
    assert (answer.status_code, answer.json()["state"]) == (202, "uploaded")
    check_photo(target["asset_id"])
    return shown(phone, target)


def shown(phone: Phone, target: dict) -> dict:
    inspection_id = MediaAsset.objects.get(pk=target["asset_id"]).slot.inspection_id
    slots = phone.get(f"/inspections/{inspection_id}").json()["slots"]
    return next(one for slot in slots for one in slot["assets"] if one["asset_id"] == target["asset_id"])


def test_a_missing_photo_is_reported(phone, opened):
    target = opened["uploads"][1]
    body = refused(phone.post(f"/assets/{target['asset_id']}/uploaded"), 409, "UPLOADS_MISSING")
    assert body["missing"] == [{"point_index": 1, "angle": "mid"}]
    assert shown(phone, target)["state"] == "created"


def test_a_confirmed_photo_is_enqueued_for_its_check_at_once(phone, opened, broker, django_capture_on_commit_callbacks):
    target = opened["uploads"][0]
    with django_capture_on_commit_callbacks(execute=True):
        answer = upload(phone, target, jpeg(1))
    assert answer.json().keys() == {"asset_id", "angle", "state", "warnings", "retake_reasons", "view_url"}
    assert broker == [("inspections.tasks.check_photo", (target["asset_id"],))]


def test_a_good_photo_becomes_ready(phone, opened):
    photo = checked(phone, opened["uploads"][0], jpeg(1, size=(1280, 960)))
    assert (photo["state"], photo["retake_reasons"], photo["warnings"]) == ("ready", [], [])
    assert photo["view_url"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [(dark(), "too_dark"), (bright(), "too_bright"), (blurred(), "blurred"), (small(), "too_small")],
    ids=["dark", "bright", "blurred", "small"],
)
def test_a_photo_of_low_quality_is_rejected_with_its_reason(phone, opened, content: bytes, reason: str):
    photo = checked(phone, opened["uploads"][0], content)
    assert photo["state"] == "rejected"
    assert reason in photo["retake_reasons"]


@pytest.mark.parametrize("kind", NOT_IMAGES)
def test_a_file_that_is_no_image_is_rejected_and_never_shown(phone, opened, kind: str):
    photo = checked(phone, opened["uploads"][0], NOT_IMAGES[kind])
    assert (photo["state"], photo["retake_reasons"]) == ("rejected", [WHY_NOT[kind]])
    assert photo["view_url"] is None


def test_the_same_picture_for_another_angle_is_ready_with_a_warning(phone, opened):
    first, second, third = opened["uploads"]
    checked(phone, first, jpeg(1))
    assert "same_as_other_angle" in checked(phone, second, jpeg(1))["warnings"]
    assert shown(phone, second)["state"] == "ready"
    assert "same_as_other_angle" not in checked(phone, third, jpeg(2))["warnings"]


def test_the_same_picture_at_another_point_gets_no_warning(phone):
    targets = phone.open(points=2)["uploads"]
    checked(phone, targets[0], jpeg(1))
    assert "same_as_other_angle" not in checked(phone, targets[3], jpeg(1))["warnings"]


def test_a_photo_confirmed_twice_is_checked_once(phone, opened, broker, django_capture_on_commit_callbacks):
    target = opened["uploads"][0]
    checked(phone, target, jpeg(1))
    before = MediaAsset.objects.get(pk=target["asset_id"]).checked_at
    with django_capture_on_commit_callbacks(execute=True):
        again = phone.post(f"/assets/{target['asset_id']}/uploaded")
    assert (again.status_code, again.json()["state"]) == (202, "ready")
    assert broker == []
    check_photo(target["asset_id"])
    assert MediaAsset.objects.get(pk=target["asset_id"]).checked_at == before


def test_a_retake_over_the_same_link_is_checked_again(phone, opened):
    target = opened["uploads"][0]
    assert checked(phone, target, dark())["state"] == "rejected"
    photo = checked(phone, target, jpeg(1))
    assert (photo["state"], photo["retake_reasons"]) == ("ready", [])


def test_a_failed_write_to_the_store_does_not_reject_the_photo(phone, opened, monkeypatch, settings):
    target = opened["uploads"][0]
    upload(phone, target, jpeg(1))

    def full(*_: object, **__: object) -> None:
        raise ObjectStoreUnavailable("no space")

    with monkeypatch.context() as patched:
        patched.setattr(LocalStore, "write", full)
        for _ in range(settings.JOB_MAX_ATTEMPTS + 1):
            with pytest.raises(ObjectStoreUnavailable):
                check_uploaded_photo(UUID(target["asset_id"]))
    check_photo(target["asset_id"])
    assert shown(phone, target)["state"] == "ready"


def test_a_decode_process_that_cannot_start_does_not_reject_the_photo(phone, opened, monkeypatch, settings):
    target = opened["uploads"][0]
    upload(phone, target, jpeg(1))

    def fail(*_: object, **__: object) -> None:
        raise DecodeProcessFailed("no process")

    with monkeypatch.context() as patched:
        patched.setattr("inspections.work.photo_quality.check_photo", fail)
        for _ in range(settings.JOB_MAX_ATTEMPTS + 1):
            with pytest.raises(DecodeProcessFailed):
                check_uploaded_photo(UUID(target["asset_id"]))
    check_photo(target["asset_id"])
    assert shown(phone, target)["state"] == "ready"


def test_a_waiting_retake_hides_the_verdict_on_the_former_photo(phone, opened):
    target = opened["uploads"][0]
    assert checked(phone, target, dark())["view_url"]
    photo = upload(phone, target, jpeg(1)).json()
    assert (photo["state"], photo["retake_reasons"], photo["warnings"], photo["view_url"]) == ("uploaded", [], [], None)


def test_a_photo_sent_again_after_another_is_checked(phone, opened):
    """First, second, and the first again before the second was checked: no photo waits for ever."""
    target = opened["uploads"][0]
    checked(phone, target, jpeg(1))
    upload(phone, target, jpeg(2))
    assert checked(phone, target, jpeg(1))["state"] == "ready"


def test_a_photo_changed_before_its_check_is_checked_with_its_new_bytes(phone, opened):
    target = opened["uploads"][0]
    upload(phone, target, dark())
    phone.put(target, jpeg(1))
    check_photo(target["asset_id"])
    assert shown(phone, target)["state"] == "uploaded"
    check_photo(target["asset_id"])
    assert shown(phone, target)["state"] == "ready"


def test_a_photo_deleted_before_its_check_is_rejected(phone, opened):
    target = opened["uploads"][0]
    upload(phone, target, jpeg(1))
    object_store().delete([MediaAsset.objects.get(pk=target["asset_id"]).uri])
    check_photo(target["asset_id"])
    assert shown(phone, target)["retake_reasons"] == ["missing"]


def test_a_late_or_needless_check_changes_nothing(phone, opened):
    target = opened["uploads"][0]
    check_photo(target["asset_id"])
    assert shown(phone, target)["state"] == "created"
    checked(phone, target, jpeg(1))
    phone.delete(f"/inspections/{opened['inspection_id']}")
    check_photo(target["asset_id"])
    check_photo("00000000-0000-0000-0000-000000000000")


def test_the_viewing_copy_has_no_position_and_no_maker(phone, opened):
    original = located(1)
    assert b"Secret Cameras" in original
    photo = checked(phone, opened["uploads"][0], original)
    answer = phone.client.get(photo["view_url"])
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert answer.content != original
    assert b"Secret Cameras" not in answer.content
    assert b"Exif" not in answer.content
    view = Image.open(io.BytesIO(answer.content))
    assert dict(view.getexif()) == {}
    assert view.size == (640, 480)


def test_no_row_stores_a_position(phone, opened):
    checked(phone, opened["uploads"][0], located(1))
    row = MediaAsset.objects.get(pk=opened["uploads"][0]["asset_id"])
    text = repr({**vars(row), "_state": None})
    assert str(LATITUDE) not in text
    assert "Secret" not in text
    assert row.quality_meta.keys() == {"width", "height", "sharpness", "lightness", "content_type"}


def test_no_log_line_has_a_position(phone, opened, caplog):
    with caplog.at_level(logging.DEBUG):
        checked(phone, opened["uploads"][0], located(1))
    assert "Secret" not in caplog.text
    assert "GPS" not in caplog.text


def test_a_photo_that_kills_every_worker_is_rejected(phone, opened, monkeypatch):
    target = opened["uploads"][0]
    upload(phone, target, jpeg(1))

    def die(*_: object, **__: object) -> None:
        raise SystemExit

    with monkeypatch.context() as poisoned:
        poisoned.setattr("inspections.work.photo_quality.check_photo", die)
        for _ in range(3):
            with pytest.raises(SystemExit):
                check_uploaded_photo(UUID(target["asset_id"]))
    check_photo(target["asset_id"])
    shown_photo = shown(phone, target)
    assert (shown_photo["state"], shown_photo["retake_reasons"]) == ("rejected", ["not_an_image"])
