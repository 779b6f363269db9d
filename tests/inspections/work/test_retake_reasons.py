"""Test the three instructions after a rejected photo: shoot it again, send it again, or use another format.

Uploads from iOS arrived with 0 bytes (expo/expo 12636). Interrupted uploads left half a picture, and no message said so
(immich-app/immich 31318). A WebP failed without a reason, and the app offered a useless retry
(wordpress-mobile/WordPress-Android 13353).
"""

import io

import pytest
from django.utils import timezone
from PIL import Image

from inspections.engines.imaging.quality import PhotoConstraints, check_photo
from inspections.media_types import format_names
from inspections.models import CapturePolicy, MediaAsset
from inspections.modes.corrosion import wording as corrosion_wording
from inspections.modes.osmosis import wording as osmosis_wording
from inspections.retake_reasons import FINAL, OTHER_FORMAT_OR_SIZE, SEND_AGAIN, SHOOT_AGAIN, RetakeReason
from inspections.tasks import check_photo as run_check
from maretech.common.storage import object_store
from testing.phone import jpeg, work
from tests.inspections.engines.picture_files import encoded, heic
from tests.inspections.work.test_photo_check import checked, shown

WORDING = {"corrosion": corrosion_wording, "osmosis": osmosis_wording}
PICTURE = Image.open(io.BytesIO(jpeg(1)))
CONSTRAINTS = PhotoConstraints(
    min_short_side_px=256, max_bytes=15_000_000, content_types=("image/jpeg", "image/png", "image/heic")
)
READ = {"jpeg": jpeg(1), "png": encoded(PICTURE, "PNG"), "heic": heic(PICTURE)}


def boxes(brand: bytes) -> bytes:
    return b"\0\0\0\x18ftyp" + brand + bytes(4) + brand + b"mp41" + bytes(600)


OTHER_FORMATS = {
    "webp": encoded(PICTURE, "WEBP"),
    "gif": encoded(PICTURE, "GIF"),
    "tiff": encoded(PICTURE, "TIFF"),
    "dng": b"II*\0\x08\0\0\0" + bytes(4000),
    "big-endian raw": b"MM\0*\0\0\0\x08" + bytes(4000),
    "bmp": encoded(PICTURE, "BMP"),
    "avif": boxes(b"avif"),
    "heif of another codec": boxes(b"mif1"),
    "cr3": boxes(b"crx "),
    "jpeg 2000": b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(600),
    "jpeg xl": b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(600),
    "mp4": boxes(b"isom"),
    "quicktime": boxes(b"qt  "),
    "quicktime of old": b"\0\0\0\x08wide\0\0\1\0mdat" + bytes(600),
    "avi": b"RIFF\x10\0\0\0AVI LIST" + bytes(600),
    "webm": b"\x1a\x45\xdf\xa3\x01\0\0\0" + bytes(600),
    "pdf": encoded(PICTURE, "PDF"),
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    "svg with a head": b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- drawn -->\n<svg width="9"/>',
}


def reasons_of(content: bytes) -> tuple[str, ...]:
    return check_photo(content, constraints=CONSTRAINTS).retake_reasons


@pytest.mark.parametrize("kind", OTHER_FORMATS)
def test_another_format_is_an_unsupported_format(kind: str):
    assert reasons_of(OTHER_FORMATS[kind]) == ("unsupported_format",)


@pytest.mark.parametrize("kind", READ)
@pytest.mark.parametrize("share", [0.0, 0.02, 0.3, 0.66, 0.9])
def test_a_cut_file_is_incomplete(kind: str, share: float):
    content = READ[kind]
    assert reasons_of(content) == ()
    assert reasons_of(content[: int(len(content) * share)]) == ("incomplete",)


@pytest.mark.parametrize("content", [b"\xff", b"\xff\xd8", b"\xff\xd8\xff", b"\x89PN", b"\x89PNG\r\n\x1a\n"])
def test_a_file_shorter_than_a_signature_is_incomplete(content: bytes):
    assert reasons_of(content) == ("incomplete",)


@pytest.mark.parametrize("content", [b"hello", b"<html><svg></svg></html>", b"PK\3\4" + bytes(600), bytes(5000)])
def test_a_file_of_another_kind_is_not_an_image(content: bytes):
    assert reasons_of(content) == ("not_an_image",)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "incomplete"),
        (jpeg(1)[: len(jpeg(1)) * 2 // 3], "incomplete"),
        (OTHER_FORMATS["webp"], "unsupported_format"),
    ],
    ids=["empty", "cut", "webp"],
)
def test_the_owner_sees_the_reason_on_the_photo(phone, content: bytes, reason: str):
    photo = checked(phone, phone.open()["uploads"][0], content)
    assert (photo["state"], photo["retake_reasons"], photo["view_url"]) == ("rejected", [reason], None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arrived", "reason"),
    [
        (b"", "incomplete"),
        (jpeg(1)[:-1], "incomplete"),
        (jpeg(1)[:-1] + b"!", "checksum_mismatch"),
        (jpeg(2) + bytes(len(jpeg(1))), "checksum_mismatch"),
    ],
    ids=["nothing", "a part", "other bytes", "more"],
)
def test_other_bytes_and_missing_bytes_get_different_reasons(phone, arrived: bytes, reason: str):
    """As on a store that compares neither length nor checksum."""
    slot = phone.open()["uploads"][0]["slot_id"]
    declared = phone.declare(slot, "wide", jpeg(1)).json()
    object_store().write(MediaAsset.objects.get(pk=declared["asset_id"]).uri, arrived, content_type="image/jpeg")
    phone.post(f"/assets/{declared['asset_id']}/uploaded")
    run_check(declared["asset_id"])
    assert shown(phone, declared)["retake_reasons"] == [reason]


@pytest.mark.django_db
@pytest.mark.parametrize("mode", WORDING)
def test_the_report_names_the_allowed_formats(phone, mode: str):
    CapturePolicy.objects.update(content_types=["image/jpeg", "image/png"])
    opened = phone.open(mode)
    for upload, content in zip(opened["uploads"], (READ["heic"], OTHER_FORMATS["webp"], b""), strict=True):
        assert phone.put(upload, content).status_code == 200
    assert phone.post(f"/inspections/{opened['inspection_id']}/complete").status_code == 200
    work(opened["inspection_id"])
    told = dict(MediaAsset.objects.values_list("angle", "retake_reasons"))
    assert told == {"wide": ["unsupported_format"], "mid": ["unsupported_format"], "close": ["incomplete"]}
    explanation = phone.get(f"/inspections/{opened['inspection_id']}/result").json()["explanation"]
    assert "JPEG or PNG" in explanation
    assert "HEIC" not in explanation
    assert WORDING[mode].REASONS["incomplete"] in explanation


@pytest.mark.django_db
@pytest.mark.parametrize("mode", WORDING)
def test_reasons_of_earlier_and_later_releases_can_be_read(phone, mode: str):
    opened = phone.open(mode)
    target = opened["uploads"][0]
    MediaAsset.objects.filter(pk=target["asset_id"]).update(
        state="rejected", uploaded_at=timezone.now(), retake_reasons=["not_an_image", "news"]
    )
    assert shown(phone, target)["retake_reasons"] == ["not_an_image", "news"]
    assert phone.get(f"/assets/{target['asset_id']}").json()["retake_reasons"] == ["not_an_image", "news"]


def test_every_reason_belongs_to_one_kind():
    kinds = (SHOOT_AGAIN, SEND_AGAIN, OTHER_FORMAT_OR_SIZE, FINAL)
    assert sorted(reason for kind in kinds for reason in kind) == sorted(RetakeReason)


@pytest.mark.parametrize("mode", WORDING)
def test_every_reason_has_its_own_words_in_each_mode(mode: str):
    words = WORDING[mode].REASONS
    assert words.keys() == set(RetakeReason)
    assert len(set(words.values())) == len(words)
    assert not set(corrosion_wording.REASONS.values()) & set(osmosis_wording.REASONS.values())
    assert all("{formats}" in words[reason] for reason in (RetakeReason.UNSUPPORTED_FORMAT,))


def test_formats_are_joined_as_a_list():
    assert format_names(["image/jpeg"]) == "JPEG"
    assert format_names(["image/jpeg", "image/heic"]) == "JPEG or HEIC"
    assert format_names(["image/jpeg", "image/png", "image/heic"]) == "JPEG, PNG or HEIC"
