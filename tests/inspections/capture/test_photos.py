"""Test declaring a photo: exactly these bytes for this angle, until the inspection is submitted."""

import base64
import hashlib

import pytest

from inspections.models import CaptureSlot, MediaAsset
from testing.phone import Phone, jpeg
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(phone) -> dict:
    return phone.open()


@pytest.fixture
def slot(opened) -> str:
    return opened["uploads"][0]["slot_id"]


def test_a_declared_photo_gets_a_link_bound_to_type_length_and_checksum(phone, slot):
    answer = phone.declare(slot, "wide", jpeg(1))
    declared = answer.json()
    assert answer.status_code == 201
    assert declared.keys() == {"asset_id", "angle", "state", "upload"}
    assert declared["upload"].keys() == {"method", "url", "headers", "expires_at"}
    assert (declared["angle"], declared["state"], declared["upload"]["method"]) == ("wide", "created", "PUT")
    checksum = base64.b64encode(hashlib.sha256(jpeg(1)).digest()).decode()
    assert declared["upload"]["headers"] == {
        "Content-Type": "image/jpeg",
        "Content-Length": str(len(jpeg(1))),
        "x-amz-checksum-sha256": checksum,
    }
    refused(phone.put(declared["upload"], jpeg(2)), 403, "FORBIDDEN")
    refused(phone.put(declared["upload"], bytes(len(jpeg(1)))), 400, "VALIDATION_ERROR")
    assert phone.put(declared["upload"], jpeg(1)).status_code == 200


def test_the_same_bytes_get_the_same_asset_with_a_fresh_link(phone, slot):
    first = phone.declare(slot, "wide", jpeg(1)).json()
    again = phone.declare(slot, "wide", jpeg(1))
    assert (again.status_code, again.json()["asset_id"]) == (200, first["asset_id"])
    assert phone.put(again.json()["upload"], jpeg(1)).status_code == 200


def test_a_checksum_in_capitals_is_the_same_checksum(phone, slot):
    first = phone.declare(slot, "wide", jpeg(1)).json()
    capitals = hashlib.sha256(jpeg(1)).hexdigest().upper()
    again = phone.declare(slot, "wide", jpeg(1), sha256=capitals)
    assert (again.status_code, again.json()["asset_id"]) == (200, first["asset_id"])


def test_other_bytes_for_the_angle_replace_the_photo(phone, opened, slot):
    first = phone.declare(slot, "wide", jpeg(1)).json()
    second = phone.declare(slot, "wide", jpeg(2))
    assert second.status_code == 201
    assert second.json()["asset_id"] != first["asset_id"]
    shown = phone.get(f"/inspections/{opened['inspection_id']}").json()["slots"][0]["assets"]
    assert [photo["asset_id"] for photo in shown if photo["angle"] == "wide"] == [second.json()["asset_id"]]
    assert len(shown) == 3


def test_a_replaced_photo_can_no_longer_be_confirmed(phone, slot):
    first = phone.declare(slot, "wide", jpeg(1)).json()
    phone.put(first["upload"], jpeg(1))
    phone.declare(slot, "wide", jpeg(2))
    refused(phone.post(f"/assets/{first['asset_id']}/uploaded"), 409, "INSPECTION_CLOSED")


def test_the_same_bytes_for_another_angle_or_point_get_another_asset(phone, opened, slot):
    other_slot = [phone.post(f"/inspections/{opened['inspection_id']}/slots").json() for _ in range(2)][1]["slot_id"]
    ids = [
        phone.declare(*where, jpeg(1)).json()["asset_id"]
        for where in ((slot, "wide"), (slot, "mid"), (other_slot, "wide"))
    ]
    assert len(set(ids)) == 3


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sha256", "0" * 63),
        ("sha256", "0" * 65),
        ("sha256", "g" * 64),
        ("sha256", ""),
        ("sha256", None),
        ("content_type", "image/gif"),
        ("content_type", "text/html"),
        ("content_type", "jpeg"),
        ("content_type", "application/octet-stream"),
        ("content_type", "image/jpeg, image/png"),
        ("content_type", ";image/jpeg"),
        ("content_type", ""),
        ("byte_size", 0),
        ("byte_size", -1),
        ("byte_size", 25 * 1024 * 1024 + 1),
        ("byte_size", 2**63),
        ("byte_size", "many"),
        ("byte_size", None),
        ("angle", "above"),
        ("angle", "Wide"),
        ("angle", ""),
        ("angle", None),
    ],
)
def test_a_bad_declaration_is_refused_under_its_field(phone, slot, field: str, value: object):
    before = MediaAsset.objects.count()
    answer = (
        phone.declare(slot, "wide", jpeg(1), **{field: value})
        if field != "angle"
        else phone.declare(slot, value, jpeg(1))
    )
    assert set(refused(answer, 400, "VALIDATION_ERROR")["fields"]) == {field}
    assert MediaAsset.objects.count() == before


def test_an_angle_that_the_point_does_not_require_is_refused(phone, slot):
    CaptureSlot.objects.update(required_angles=["mid", "close"])
    fields = refused(phone.declare(slot, "wide", jpeg(1)), 400, "VALIDATION_ERROR")["fields"]
    assert set(fields) == {"angle"}


def test_the_largest_photo_of_the_policy_is_accepted(phone, slot):
    assert phone.declare(slot, "wide", jpeg(1), byte_size=25 * 1024 * 1024).status_code == 201


def test_data_of_the_phone_are_stored_without_a_position(phone, slot):
    data = {"device_model": "iPhone 17", "os": "iOS 19", "captured_at": "2026-05-01T10:00:00Z"}
    phone.declare(slot, "wide", jpeg(1), capture=data | {"gps": [54.3, 10.1], "latitude": 54.3})
    assert MediaAsset.objects.exclude(sha256="").get().capture == data


def test_no_photo_can_be_declared_or_confirmed_after_submission(phone, opened, slot):
    phone.shoot(opened["uploads"])
    phone.post(f"/inspections/{opened['inspection_id']}/submit")
    refused(phone.declare(slot, "wide", jpeg(9)), 409, "INSPECTION_CLOSED")
    refused(phone.post(f"/assets/{opened['uploads'][0]['asset_id']}/uploaded"), 409, "INSPECTION_CLOSED")


def test_the_same_key_declares_once_and_refuses_other_bytes(phone, slot):
    body = {"angle": "wide", "content_type": "image/jpeg", "byte_size": 5, "sha256": "a" * 64}
    first, again = (phone.post(f"/slots/{slot}/assets", body, HTTP_IDEMPOTENCY_KEY="d") for _ in range(2))
    assert (again.status_code, again["Idempotent-Replayed"]) == (201, "true")
    assert again.json()["asset_id"] == first.json()["asset_id"]
    other = phone.post(f"/slots/{slot}/assets", body | {"sha256": "b" * 64}, HTTP_IDEMPOTENCY_KEY="d")
    refused(other, 422, "IDEMPOTENCY_KEY_REUSED")


def test_the_same_key_of_another_owner_is_independent(phone, slot, stranger):
    body = {"angle": "wide", "content_type": "image/jpeg", "byte_size": 5, "sha256": "a" * 64}
    phone.post(f"/slots/{slot}/assets", body, HTTP_IDEMPOTENCY_KEY="d")
    refused(Phone.of(stranger).post(f"/slots/{slot}/assets", body, HTTP_IDEMPOTENCY_KEY="d"), 404, "NOT_FOUND")
