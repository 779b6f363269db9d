"""Test that a media type is only a label: phones call JPEG `image/jpg` and HEIC `image/heif`.

Servers refused photos that a phone announced as `image/jpg` (react-native-image-picker/react-native-image-picker 2124,
MixinNetwork/android-app PR 1349) or as `image/hif` (immich-app/immich 15074).
"""

import io

import pytest
from PIL import Image

from inspections.models import CapturePolicy
from inspections.tasks import check_photo
from testing.phone import jpeg
from tests.contract.refusals import refused
from tests.inspections.engines.picture_files import encoded, heic
from tests.inspections.work.test_photo_check import shown

pytestmark = pytest.mark.django_db
PICTURE = Image.open(io.BytesIO(jpeg(1)))
FILES = {"image/jpeg": jpeg(1), "image/png": encoded(PICTURE, "PNG"), "image/heic": heic(PICTURE)}
NAMES = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "Image/JPEG": "image/jpeg",
    "IMAGE/JPG; charset=utf-8": "image/jpeg",
    " image/jpeg ;q=1": "image/jpeg",
    "image/x-png": "image/png",
    "image/PNG": "image/png",
    "image/heif": "image/heic",
    "image/HIF": "image/heic",
    "image/heic-sequence": "image/heic",
    'image/heif-sequence; codecs="hvc1.1.6.L93"': "image/heic",
}


@pytest.fixture
def slot(phone) -> str:
    return phone.open()["uploads"][0]["slot_id"]


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_accepted_and_answered_with_the_type_to_send(name: str, phone, slot):
    declared = phone.declare(slot, "wide", FILES[NAMES[name]], content_type=name)
    assert declared.status_code == 201, declared.content
    assert declared.json()["upload"]["headers"]["Content-Type"] == NAMES[name]
    assert phone.put(declared.json()["upload"], FILES[NAMES[name]]).status_code == 200
    phone.post(f"/assets/{declared.json()['asset_id']}/uploaded")
    check_photo(declared.json()["asset_id"])
    photo = shown(phone, declared.json())
    assert (photo["state"], photo["retake_reasons"]) == ("ready", [])


@pytest.mark.parametrize("announced", FILES)
@pytest.mark.parametrize("sent", FILES)
def test_the_bytes_decide_and_not_the_announced_type(announced: str, sent: str, phone, slot):
    declared = phone.declare(slot, "wide", FILES[sent], content_type=announced).json()
    assert phone.put(declared["upload"], FILES[sent]).status_code == 200
    phone.post(f"/assets/{declared['asset_id']}/uploaded")
    check_photo(declared["asset_id"])
    assert shown(phone, declared)["state"] == "ready"


def test_another_name_for_the_same_bytes_is_the_same_photo(phone, slot):
    first = phone.declare(slot, "wide", jpeg(1), content_type="image/jpg")
    again = phone.declare(slot, "wide", jpeg(1), content_type="image/jpeg")
    assert (again.status_code, again.json()["asset_id"]) == (200, first.json()["asset_id"])


def test_a_type_outside_the_policy_is_refused_with_the_allowed_ones(phone, slot):
    CapturePolicy.objects.update(content_types=["image/jpeg", "image/png"])
    fields = refused(phone.declare(slot, "wide", jpeg(1), content_type="image/heif"), 400, "VALIDATION_ERROR")["fields"]
    assert fields == {"content_type": ["One of image/jpeg, image/png."]}
