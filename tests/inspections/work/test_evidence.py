"""Test that the submitted bytes are judged: the worker reads the pinned object or rejects the photo, with a reason."""

import pytest

from inspections.models import MediaAsset
from inspections.tasks import check_photo
from maretech.common.storage import object_store
from testing.phone import Phone, jpeg, work
from tests.inspections.pictures import NOT_IMAGES, blurred, dark

pytestmark = pytest.mark.django_db


def submitted(phone: Phone, mode: str = "corrosion", *, accept_incomplete: bool = False) -> dict:
    opened = phone.open(mode)
    phone.shoot(opened["uploads"])
    answer = phone.post(f"/inspections/{opened['inspection_id']}/submit", {"accept_incomplete": accept_incomplete})
    assert answer.status_code == 202
    return opened


def photos(phone: Phone, opened: dict) -> dict[str, dict]:
    slots = phone.get(f"/inspections/{opened['inspection_id']}").json()["slots"]
    return {photo["angle"]: photo for slot in slots for photo in slot["assets"]}


def coverage(phone: Phone, opened: dict) -> dict[str, int]:
    return phone.get(f"/inspections/{opened['inspection_id']}/result").json()["coverage"]


def overwrite(phone: Phone, target: dict, content: bytes) -> None:
    """Upload over the link of the creation, which stays writable after the submission."""
    assert phone.put(target, content).status_code == 200


def test_an_object_overwritten_after_submission_is_rejected_and_named(phone):
    opened = submitted(phone)
    overwrite(phone, opened["uploads"][1], jpeg(99))
    work(opened["inspection_id"])
    seen = photos(phone, opened)
    assert (seen["mid"]["state"], seen["mid"]["retake_reasons"]) == ("rejected", ["changed_after_submission"])
    assert seen["mid"]["view_url"] is None
    assert seen["wide"]["state"] == seen["close"]["state"] == "ready"
    assert coverage(phone, opened) == {"points": 1, "photos_used": 2, "photos_rejected": 1}


def test_an_object_deleted_after_submission_is_rejected_and_named(phone):
    opened = submitted(phone)
    object_store().delete([MediaAsset.objects.get(pk=opened["uploads"][0]["asset_id"]).uri])
    work(opened["inspection_id"])
    assert photos(phone, opened)["wide"]["retake_reasons"] == ["changed_after_submission"]


def test_the_same_bytes_sent_again_stay_valid(phone):
    opened = submitted(phone)
    overwrite(phone, opened["uploads"][0], jpeg(0))
    work(opened["inspection_id"])
    assert photos(phone, opened)["wide"]["state"] == "ready"


def test_overwriting_after_the_result_changes_no_shown_picture(phone):
    opened = submitted(phone)
    work(opened["inspection_id"])
    before = phone.client.get(photos(phone, opened)["wide"]["view_url"]).content
    overwrite(phone, opened["uploads"][0], jpeg(99))
    check_photo(opened["uploads"][0]["asset_id"])
    assert phone.client.get(photos(phone, opened)["wide"]["view_url"]).content == before
    asset = MediaAsset.objects.get(pk=opened["uploads"][0]["asset_id"])
    assert object_store().read(asset.evidence_uri, max_bytes=10**7) == jpeg(0)


def test_no_link_can_write_the_key_of_frozen_evidence(phone):
    opened = submitted(phone)
    work(opened["inspection_id"])
    for asset in MediaAsset.objects.all():
        assert asset.evidence_uri != asset.uri
        assert "/evidence/" in asset.evidence_uri
        assert len(asset.evidence_sha256) == 64


def test_a_photo_overwritten_before_submission_is_judged_as_submitted(phone):
    opened = phone.open()
    phone.shoot(opened["uploads"])
    target = opened["uploads"][0]
    phone.post(f"/assets/{target['asset_id']}/uploaded")
    check_photo(target["asset_id"])
    overwrite(phone, target, dark())
    phone.post(f"/inspections/{opened['inspection_id']}/submit")
    work(opened["inspection_id"])
    seen = photos(phone, opened)["wide"]
    assert seen["state"] == "rejected"
    assert "too_dark" in seen["retake_reasons"]


def test_another_file_than_declared_in_the_store_is_a_checksum_mismatch(phone):
    """As if another program wrote into the bucket without the link."""
    opened = phone.open()
    slot_id = opened["uploads"][0]["slot_id"]
    phone.shoot(opened["uploads"])
    declared = phone.declare(slot_id, "wide", jpeg(1)).json()
    asset = MediaAsset.objects.get(pk=declared["asset_id"])
    object_store().write(asset.uri, jpeg(2), content_type="image/jpeg")
    phone.post(f"/inspections/{opened['inspection_id']}/submit")
    work(opened["inspection_id"])
    assert photos(phone, opened)["wide"]["retake_reasons"] == ["checksum_mismatch"]


@pytest.mark.parametrize("content", [*NOT_IMAGES.values(), dark(), blurred()], ids=[*NOT_IMAGES, "dark", "blurred"])
def test_an_unusable_photo_does_not_block_the_others(phone, content: bytes):
    opened = phone.open()
    phone.shoot(opened["uploads"])
    overwrite(phone, opened["uploads"][2], content)
    phone.post(f"/inspections/{opened['inspection_id']}/submit")
    work(opened["inspection_id"])
    seen = photos(phone, opened)["close"]
    assert seen["state"] == "rejected"
    assert seen["retake_reasons"]
    assert coverage(phone, opened) == {"points": 1, "photos_used": 2, "photos_rejected": 1}


def test_unconfirmed_photos_are_judged(phone):
    opened = submitted(phone)
    assert {photo["state"] for photo in photos(phone, opened).values()} == {"created"}
    work(opened["inspection_id"])
    assert {photo["state"] for photo in photos(phone, opened).values()} == {"ready"}
