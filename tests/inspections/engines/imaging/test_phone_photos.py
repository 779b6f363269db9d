"""Test photos of real phones: what the owner sees at the hull, and what the analysis makes of them.

Each case failed in another program; the tests draw the pictures and reproduce their quirks:
- Galaxy panoramas without an end marker (libjpeg-turbo/libjpeg-turbo 163);
- HEIC motion photos with a video behind the picture (joemck/ExtractMotionPhotos 4,
  chlete/samsung-motion-photo-splitter 3);
- an orientation stored as text (arsenetar/dupeguru PR 698) or in a malformed segment (python-pillow/Pillow 7456);
- photos of 64 to 200 megapixels (signalapp/Signal-Android 14812, odoo/odoo PR 103603);
- Display P3 shown pale (photoprism/photoprism 1798, nextcloud/server 22951);
- HDR pictures shown dark or black (darktable-org/darktable 18197, Expensify/App 101348, woelper/oculante 710);
- small objects lost when a large picture is scaled down (PetervanLunteren/AddaxAI 83, pjreddie/darknet 1535).
"""

import struct
from functools import cache

import cv2
import numpy as np
import pytest
from PIL import Image

from inspections.engines.imaging import heic as reader
from inspections.engines.imaging.quality import PhotoCheck, PhotoConstraints, check_photo
from inspections.models import MediaAsset
from inspections.tasks import check_photo as check_uploaded
from rendering.plate import render_hull_plate
from rendering.samples import jpeg
from testing.phone import Phone
from tests.corrosion.rows import body_of, point, subscribe, visit
from tests.inspections.engines.imaging.colour_spaces import profile, stored
from tests.inspections.engines.picture_files import encoded, heic
from tests.inspections.engines.registered_engines import SEEING, engine, point_of

AS_IN_THE_POLICY = PhotoConstraints(
    min_short_side_px=480, max_bytes=25_000_000, content_types=("image/jpeg", "image/png", "image/heic")
)
FILM = b"\0\0\0\x18ftypmp42" + np.random.default_rng(5).bytes(5000)
SAMSUNG = b"\0\0\x30\x0aMotionPhoto_Data" + FILM + b"SEFH\x6a\0\0\0" + bytes(24) + b"\x18\0\0\0SEFT"


@cache
def rusty() -> np.ndarray:
    return render_hull_plate(seed=11, angle="mid", rust=0.1, size=(1200, 900))


@cache
def clean() -> np.ndarray:
    return render_hull_plate(seed=11, angle="mid", rust=0, size=(1200, 900))


@cache
def rusty_jpeg() -> bytes:
    return encoded(Image.fromarray(rusty()), "JPEG", quality=85)


@cache
def rusty_heic() -> bytes:
    return heic(Image.fromarray(rusty()))


def check(content: bytes) -> PhotoCheck:
    return check_photo(content, constraints=AS_IN_THE_POLICY)


def examined(content: bytes):
    return engine("corrosion", "trained").examine(point_of(content), context={"hull_material": "steel"})


# --- libjpeg-turbo 163, ExtractMotionPhotos 4: panoramas without an end, films behind the picture ---------------------


@pytest.mark.parametrize("behind", [b"", SAMSUNG], ids=["nothing", "a trailer"])
def test_a_jpeg_without_an_end_marker_is_accepted(behind):
    assert check(rusty_jpeg()[:-2] + behind).usable


def test_a_heic_with_a_video_behind_it_is_accepted():
    assert check(rusty_heic() + SAMSUNG).usable


def test_a_cut_picture_with_a_trailer_is_refused():
    for content in (rusty_jpeg(), rusty_heic()):
        for behind in (b"", SAMSUNG):
            assert not check(content[: len(content) * 6 // 10] + behind).usable


# --- dupeguru 698, Pillow 7456: an orientation of an odd type ---------------------------------------------------------


@pytest.mark.parametrize(("kind", "value"), [(1, b"\6"), (7, b"\6"), (2, b"6\0")], ids=["byte", "undefined", "text"])
def test_an_orientation_of_another_type_does_not_reject_the_photo(kind, value):
    entry = struct.pack(">HHI", 0x0112, kind, len(value)) + value.ljust(4, b"\0")
    exif = b"Exif\0\0MM\0*" + struct.pack(">IH", 8, 1) + entry + bytes(4)
    content = rusty_jpeg()[:2] + struct.pack(">BBH", 0xFF, 0xE1, len(exif) + 2) + exif + rusty_jpeg()[2:]
    checked = check(content)
    assert checked.usable
    assert (checked.quality_meta["width"], checked.quality_meta["height"]) == (1200, 900)


# --- Signal 14812, odoo 103603: 64, 108 and 200 megapixels ------------------------------------------------------------


@pytest.mark.parametrize("size", [(9248, 6936), (12_000, 9000), (16_320, 12_240)], ids=["64", "108", "200"])
def test_the_default_photo_of_a_large_sensor_is_accepted(size):
    width, height = size
    large = cv2.resize(rusty(), size, interpolation=cv2.INTER_NEAREST)
    checked = check(jpeg(large))
    assert checked.usable
    assert (checked.quality_meta["width"], checked.quality_meta["height"]) == (width, height)


# --- photoprism 1798, nextcloud 22951: Display P3, as every iPhone writes ---------------------------------------------


@pytest.mark.django_db
def test_another_phone_does_not_change_the_trend(phone, owner, settings):
    settings.ENGINE = "trained"
    subscribe(phone)
    views = [render_hull_plate(seed=11, angle="mid", rust=0.1, size=(1200, 900), visit=number) for number in range(2)]
    earlier = stored(views[0], space="sRGB", container="JPEG")
    for space in ("Display P3", "Adobe RGB"):
        later = stored(views[1], space=space, container="JPEG")
        body = body_of(phone, visit(owner, point(5, mid=earlier)), visit(owner, point(5, mid=later)))
        assert (body["comparable"], body["trend"]) == (True, "stable")


def test_the_viewing_copy_of_display_p3_keeps_its_colours():
    plain, tagged = (check(stored(rusty(), space=space, container="JPEG")) for space in ("sRGB", "Display P3"))
    assert np.abs(plain.pixels.astype(int) - tagged.pixels).mean() < 4


# --- darktable 18197, Expensify 101348: HDR ---------------------------------------------------------------------------


@pytest.mark.parametrize("space", ["PQ", "HLG"])
def test_rust_in_an_hdr_photo_is_never_a_confident_no(space):
    content = stored(rusty(), space=space, container="HEIC")
    assert check(content).usable
    assert examined(content).signal_detected == "yes"


# --- AddaxAI 83, darknet 1535: details lost by shrinking --------------------------------------------------------------


def panorama(patch: np.ndarray) -> np.ndarray:
    """Draw six plates side by side, and one patch of 420 × 420 pixels in the fourth of them."""
    side = np.concatenate([clean(), clean()[:, ::-1]] * 3, axis=1)[:, :6000]
    side[240:660, 3000:3420] = patch
    return side


@pytest.mark.parametrize("turned", [False, True], ids=["along the side", "up the side"])
def test_a_panorama_gets_a_warning_and_no_confident_no(turned):
    side = panorama(clean()[240:660, 300:720])
    content = jpeg(np.ascontiguousarray(np.rot90(side)) if turned else side)
    checked = check(content)
    assert checked.usable
    assert "too_far" in checked.warnings
    found = examined(content)
    assert (found.signal_detected, found.confidence, found.reasons) == ("inconclusive", "low", ("too_far",))


def test_the_same_plate_from_nearby_gets_a_no():
    content = jpeg(clean())
    assert "too_far" not in check(content).warnings
    assert examined(content).signal_detected == "no"


def test_a_signal_in_a_panorama_is_reported():
    side = cv2.resize(rusty(), (3000, 900), interpolation=cv2.INTER_AREA)
    assert "too_far" in check(jpeg(side)).warnings
    assert examined(jpeg(side)).signal_detected == "yes"


@pytest.mark.parametrize(("mode", "name"), SEEING)
def test_no_engine_says_no_for_a_panorama(mode, name):
    found = engine(mode, name).examine(point_of(jpeg(np.full((600, 3000, 3), 150, np.uint8))), context={})
    assert found.signal_detected != "no"


@pytest.mark.parametrize("size", [(4000, 3000), (4000, 2250), (3000, 3000), (2400, 1080), (3840, 1644)])
def test_common_photo_shapes_get_no_distance_warning(size):
    width, height = size
    assert "too_far" not in check(jpeg(np.full((height, width, 3), 150, np.uint8))).warnings


@pytest.mark.parametrize("height", [2400, 2450, 2540])
def test_a_panorama_of_any_height_gets_no_confident_no(height):
    content = jpeg(cv2.resize(clean(), (6000, height)))
    assert "too_far" in check(content).warnings
    assert examined(content).reasons == ("too_far",)


@pytest.mark.django_db
def test_two_panoramas_are_not_stable(phone, owner, settings):
    settings.ENGINE = "trained"
    subscribe(phone)
    earlier, later = (jpeg(panorama(patch)) for patch in (clean()[240:660, 300:720], rusty()[240:660, 300:720]))
    body = body_of(phone, visit(owner, point(0, mid=earlier)), visit(owner, point(0, mid=later)))
    assert (body["comparable"], body["trend"]) == (False, None)


@pytest.mark.django_db
def test_the_photo_check_warns_about_a_photo_from_too_far(phone):
    assert sent(phone, jpeg(panorama(clean()[240:660, 300:720])))["warnings"] == ["too_far"]


@pytest.mark.django_db
def test_a_heic_is_decoded_once_for_check_fingerprint_and_copy(phone, monkeypatch):
    decoded = []
    decode = reader._decode
    monkeypatch.setattr(reader, "_decode", lambda *given: decoded.append(1) or decode(*given))
    photo = sent(phone, stored(rusty(), space="Display P3", container="HEIC"), content_type="image/heic")
    assert (photo["state"], len(decoded)) == ("ready", 1)
    assert photo["view_url"]


def sent(phone: Phone, content: bytes, content_type: str = "image/jpeg") -> dict:
    """Return the photo as its owner sees it after the check."""
    opened = phone.open()
    target = phone.declare(opened["uploads"][0]["slot_id"], "wide", content, content_type=content_type).json()
    assert phone.put(target["upload"], content).status_code == 200
    phone.post(f"/assets/{target['asset_id']}/uploaded")
    check_uploaded(target["asset_id"])
    inspection_id = MediaAsset.objects.get(pk=target["asset_id"]).slot.inspection_id
    slots = phone.get(f"/inspections/{inspection_id}").json()["slots"]
    return next(one for slot in slots for one in slot["assets"] if one["asset_id"] == target["asset_id"])


def test_a_profile_of_noise_does_not_reject_the_photo():
    content = encoded(Image.fromarray(rusty()), "JPEG", quality=85, icc_profile=profile("Display P3")[:300])
    assert check(content).usable
