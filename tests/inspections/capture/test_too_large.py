"""Test that an oversized photo is removed, reported or not: a link of `POST /inspections` binds no length on S3."""

import pytest
import requests

from inspections.models import MediaAsset
from inspections.objects.garbage_collection import collect_garbage
from inspections.tasks import check_photo
from maretech.common.storage import object_store
from testing.phone import Phone, jpeg, work

pytestmark = [pytest.mark.django_db, pytest.mark.services]
MAX_BYTES = 200_000
TOO_LARGE = b"\xff\xd8\xff" + b"x" * MAX_BYTES


@pytest.fixture
def opened(s3, phone) -> dict:
    answer = phone.open()
    inspection = MediaAsset.objects.first().slot.inspection
    policy = inspection.policy
    policy.pk, policy.version, policy.max_bytes = None, 2, MAX_BYTES
    policy.save()
    inspection.policy = policy
    inspection.save()
    return answer


def put(target: dict, content: bytes) -> None:
    answer = requests.put(target["url"], data=content, headers=target["headers"], timeout=30)
    assert answer.status_code == 200, answer.text


def report(phone: Phone, target: dict) -> dict:
    answer = phone.post(f"/assets/{target['asset_id']}/uploaded")
    assert answer.status_code == 202, answer.content
    return answer.json()


def is_stored(target: dict) -> bool:
    return object_store().head(MediaAsset.objects.get(pk=target["asset_id"]).uri) is not None


def test_a_report_of_an_oversized_photo_deletes_its_object(phone, opened, broker):
    target = opened["uploads"][0]
    put(target, TOO_LARGE)
    body = report(phone, target)
    assert (body["state"], body["retake_reasons"]) == ("rejected", ["too_large"])
    assert not is_stored(target)
    assert broker == []


def test_a_smaller_photo_over_the_same_link_is_accepted_afterwards(phone, opened):
    target = opened["uploads"][0]
    put(target, TOO_LARGE)
    report(phone, target)
    put(target, jpeg(1))
    assert report(phone, target)["state"] == "uploaded"
    check_photo(target["asset_id"])
    assert MediaAsset.objects.get(pk=target["asset_id"]).state == "ready"


def test_the_check_deletes_a_photo_oversized_after_its_report(phone, opened):
    target = opened["uploads"][0]
    put(target, jpeg(1))
    report(phone, target)
    put(target, TOO_LARGE)
    for _ in range(2):
        check_photo(target["asset_id"])
    assert MediaAsset.objects.get(pk=target["asset_id"]).retake_reasons == ["too_large"]
    assert not is_stored(target)


def test_freezing_deletes_an_oversized_photo_without_a_report(phone, opened):
    big, good, _ = opened["uploads"]
    put(big, TOO_LARGE)
    put(good, jpeg(1))
    submitted = phone.post(f"/inspections/{opened['inspection_id']}/submit", {"accept_incomplete": True})
    assert submitted.status_code == 202
    work(opened["inspection_id"])
    assert MediaAsset.objects.get(pk=big["asset_id"]).retake_reasons == ["too_large"]
    assert not is_stored(big)


def test_the_next_sweep_deletes_an_unreported_oversized_photo(phone, opened):
    big, good, _ = opened["uploads"]
    put(big, TOO_LARGE)
    put(good, jpeg(1))
    assert collect_garbage().orphans == [MediaAsset.objects.get(pk=big["asset_id"]).uri]
    assert (is_stored(big), is_stored(good)) == (False, True)


def test_the_sweep_deletes_an_oversized_object_of_a_replaced_photo(phone, opened):
    target = opened["uploads"][0]
    phone.declare(target["slot_id"], target["angle"], jpeg(2))
    put(target, TOO_LARGE)
    collect_garbage()
    assert not is_stored(target)


def test_a_link_with_a_signed_length_refuses_a_longer_body(phone, opened):
    first = opened["uploads"][0]
    link = phone.declare(first["slot_id"], first["angle"], jpeg(3)).json()["upload"]
    headers = {name: value for name, value in link["headers"].items() if name != "Content-Length"}
    assert requests.put(link["url"], data=TOO_LARGE, headers=headers, timeout=30).status_code == 403
