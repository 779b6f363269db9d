"""Test the framing of a photo at the hull: measured for subscribers, warned about, never in the way of the check."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import OperationalError
from django.utils import timezone

from corrosion.ghosts import framing_check
from inspections.lifecycle import failures
from inspections.models import MediaAsset
from inspections.tasks import check_photo
from inspections.work import photo_quality
from inspections.work.photo_check import check_uploaded_photo
from maretech.common.storage import object_store
from maretech.common.storage.base import ObjectStoreUnavailable
from maretech.common.storage.local import LocalStore
from testing.phone import Phone, jpeg, work
from tests.corrosion.pictures import plate, png, seen_from
from tests.corrosion.rows import point, subscribe, visit
from tests.inspections.pictures import dark

pytestmark = pytest.mark.django_db
KEYS = {"shift_x", "shift_y", "scale", "rotation_deg"}
SAME = png(seen_from(plate(1), shift=(12, 6), zoom=1.04))
ASIDE = png(seen_from(plate(1), shift=(240, 0)))
ELSEWHERE = png(plate(2, spots=40))


class Killed(BaseException):
    """As by SIGKILL: no handler runs."""


def earlier_visit(owner, *, days_ago: int = 365, plated=None):
    """Create a completed visit with viewing copies in the store."""
    pixels = plate(1) if plated is None else plated
    made = visit(owner, point(mid=png(pixels)), created_at=timezone.now() - timedelta(days=days_ago))
    for asset in MediaAsset.objects.filter(slot__inspection=made):
        object_store().write(asset.view_uri, photo_quality.viewing_copy(pixels), content_type="image/jpeg")
    return made


@pytest.fixture
def earlier(owner):
    return earlier_visit(owner)


@pytest.fixture
def hull(subscriber, earlier):
    """The target of the photo of the same point and angle on a later visit."""
    return mid_of(subscriber.open(vessel_label="Tern"))


def mid_of(opened: dict) -> dict:
    return next(target for target in opened["uploads"] if target["angle"] == "mid")


def upload(phone: Phone, target: dict, content: bytes) -> dict:
    """Announce and upload the photo; return its new target."""
    asset_id = phone.declare_and_upload(target["slot_id"], target["angle"], content)
    return {**target, "asset_id": asset_id}


def polled(phone: Phone, target: dict) -> dict:
    return phone.get(f"/assets/{target['asset_id']}").json()


def checked(phone: Phone, target: dict, content: bytes) -> dict:
    announced = upload(phone, target, content)
    check_uploaded_photo(UUID(announced["asset_id"]))
    return polled(phone, announced)


def is_warned(body: dict) -> bool:
    return "framed_differently" in body["warnings"]


def outcome(body: dict) -> tuple[str, bool, dict | None]:
    return body["state"], is_warned(body), body["framing"]


UNCOMPARED = ("ready", False, None)


def test_a_photo_from_the_same_stance_has_its_framing_and_no_warning(subscriber, hull):
    state, warned, framing = outcome(checked(subscriber, hull, SAME))
    assert (state, warned) == ("ready", False)
    assert framing.keys() == KEYS
    assert (framing["shift_x"], framing["shift_y"]) == pytest.approx((12 / 480, 6 / 360), abs=0.005)
    assert (framing["scale"], framing["rotation_deg"]) == pytest.approx((1.04, 0), abs=0.1)


def test_a_photo_framed_otherwise_is_ready_with_a_warning_and_its_framing(subscriber, hull):
    state, warned, framing = outcome(checked(subscriber, hull, ASIDE))
    assert (state, warned) == ("ready", True)
    assert framing["shift_x"] == pytest.approx(0.5, abs=0.01)


def test_a_photo_that_matches_nothing_is_ready_with_a_warning_and_no_numbers(subscriber, hull):
    assert outcome(checked(subscriber, hull, ELSEWHERE)) == ("ready", True, None)


def test_the_warning_stands_in_the_inspection_too(subscriber, hull):
    checked(subscriber, hull, ELSEWHERE)
    inspection = MediaAsset.objects.get(slot=hull["slot_id"], superseded_at=None, angle="mid").slot.inspection_id
    (slot,) = subscriber.get(f"/inspections/{inspection}").json()["slots"]
    (photo,) = [one for one in slot["assets"] if one["angle"] == "mid"]
    assert is_warned(photo)


def test_a_retake_replaces_warning_and_framing(subscriber, hull):
    assert is_warned(checked(subscriber, hull, ELSEWHERE))
    assert not is_warned(checked(subscriber, hull, SAME))


def test_other_bytes_over_the_same_link_clear_the_framing_until_they_are_checked(subscriber, hull):
    def send(content: bytes) -> None:
        assert subscriber.put(hull, content).status_code == 200
        assert subscriber.post(f"/assets/{hull['asset_id']}/uploaded").status_code == 202

    send(jpeg_of(plate(1)))
    check_photo(hull["asset_id"])
    assert outcome(polled(subscriber, hull))[2] is not None
    send(dark())
    assert outcome(polled(subscriber, hull)) == ("uploaded", False, None)
    check_photo(hull["asset_id"])
    state, _, framing = outcome(polled(subscriber, hull))
    assert (state, framing) == ("rejected", None)


def jpeg_of(pixels) -> bytes:
    return photo_quality.viewing_copy(pixels)


def test_a_rejected_photo_is_not_compared(subscriber, hull, monkeypatch):
    monkeypatch.setattr(framing_check, "ghost_for", pytest.fail)
    assert checked(subscriber, hull, dark())["state"] == "rejected"


def test_a_first_visit_is_not_compared(subscriber):
    target = mid_of(subscriber.open(vessel_label="Plover"))
    assert outcome(checked(subscriber, target, SAME)) == UNCOMPARED


def test_an_angle_without_an_earlier_photo_is_not_compared(subscriber, hull):
    assert outcome(checked(subscriber, {**hull, "angle": "wide"}, ELSEWHERE)) == UNCOMPARED


def test_the_newest_earlier_visit_is_the_ghost(subscriber, owner, hull):
    earlier_visit(owner, days_ago=20, plated=plate(2, spots=40))
    assert not is_warned(checked(subscriber, hull, ELSEWHERE))


@pytest.mark.parametrize("points", [[], [1]], ids=["all points", "this point"])
def test_a_ghost_of_the_surface_before_a_repaint_is_not_compared(subscriber, earlier, hull, points):
    maintain(subscriber, vessel_id=str(earlier.vessel_id), points=points)
    assert outcome(checked(subscriber, hull, ELSEWHERE)) == UNCOMPARED


def test_a_repaint_of_another_point_leaves_the_ghost(subscriber, earlier, hull):
    maintain(subscriber, vessel_id=str(earlier.vessel_id), points=[2])
    assert is_warned(checked(subscriber, hull, ELSEWHERE))


def maintain(phone: Phone, **work: object) -> None:
    performed_on = (timezone.now() - timedelta(days=30)).date().isoformat()
    body = {"kind": "painted", "performed_on": performed_on, **work}
    assert phone.post("/corrosion/maintenance", body).status_code == 201


@pytest.mark.parametrize("was_subscribed", [False, True], ids=["never subscribed", "lapsed"])
def test_without_a_subscription_nothing_is_compared(phone, owner, was_subscribed):
    earlier_visit(owner)
    subscribe(phone)
    target = mid_of(phone.open(vessel_label="Tern"))
    if was_subscribed:
        checked(phone, target, ELSEWHERE)
    subscribe(phone, active=False)
    assert outcome(checked(phone, target, png(plate(3, spots=40)))) == UNCOMPARED


def test_what_was_measured_stays_readable_after_the_subscription(subscriber, hull):
    body = checked(subscriber, hull, ASIDE)
    subscribe(subscriber, active=False)
    assert outcome(subscriber.get(f"/assets/{body['asset_id']}").json()) == outcome(body)


def test_a_deleted_visit_is_not_compared_with(subscriber, earlier, hull):
    failures.delete(earlier)
    assert outcome(checked(subscriber, hull, ELSEWHERE)) == UNCOMPARED


def test_a_visit_deleted_later_takes_no_framing_along(subscriber, earlier, hull):
    body = checked(subscriber, hull, ASIDE)
    failures.delete(earlier)
    assert outcome(subscriber.get(f"/assets/{body['asset_id']}").json()) == outcome(body)


def test_a_ghost_that_is_gone_from_the_store_is_not_compared_with(subscriber, earlier, hull):
    object_store().delete(MediaAsset.objects.filter(slot__inspection=earlier).values_list("view_uri", flat=True))
    assert outcome(checked(subscriber, hull, ELSEWHERE)) == UNCOMPARED


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff", jpeg(1)[:2000]], ids=["empty", "no picture", "cut"])
def test_a_ghost_that_is_no_picture_is_not_compared_with(subscriber, earlier, hull, content):
    for key in MediaAsset.objects.filter(slot__inspection=earlier).values_list("view_uri", flat=True):
        object_store().write(key, content, content_type="image/jpeg")
    assert outcome(checked(subscriber, hull, ELSEWHERE)) == UNCOMPARED


def failing_ghost(monkeypatch, error: BaseException) -> None:
    read = LocalStore.read

    def fail(self, key: str, *, is_optional: bool = False, **options):
        if is_optional:
            raise error
        return read(self, key, **options)

    monkeypatch.setattr(LocalStore, "read", fail)


@pytest.mark.parametrize(
    "error",
    [ObjectStoreUnavailable("down"), OperationalError("gone"), MemoryError(), ValueError("a bug of ours")],
    ids=lambda error: type(error).__name__,
)
def test_a_ghost_that_cannot_be_read_fails_no_check(subscriber, hull, monkeypatch, error):
    failing_ghost(monkeypatch, error)
    assert outcome(checked(subscriber, hull, ELSEWHERE)) == UNCOMPARED
    assert MediaAsset.objects.get(slot=hull["slot_id"], superseded_at=None, angle="mid").check_attempts == 1


def test_a_worker_killed_by_a_ghost_costs_one_try_and_no_verdict(subscriber, hull, monkeypatch):
    announced = upload(subscriber, hull, SAME)
    failing_ghost(monkeypatch, Killed())
    with pytest.raises(Killed):
        check_uploaded_photo(UUID(announced["asset_id"]))
    assert polled(subscriber, announced)["state"] == "uploaded"
    check_uploaded_photo(UUID(announced["asset_id"]))
    assert outcome(polled(subscriber, announced)) == UNCOMPARED


def test_numbers_that_the_database_would_refuse_fail_no_check(subscriber, hull, monkeypatch):
    monkeypatch.setattr(framing_check, "_rounded", lambda _: {name: float("nan") for name in KEYS})
    assert outcome(checked(subscriber, hull, SAME)) == UNCOMPARED


def test_a_photo_checked_after_submission_is_not_compared(subscriber, earlier):
    """Its owner has left the hull: comparing would only delay the result."""
    opened = subscriber.open(vessel_label="Tern")
    subscriber.shoot(opened["uploads"])
    subscriber.send(f"/inspections/{opened['inspection_id']}/submit")
    work(opened["inspection_id"])
    assert outcome(polled(subscriber, mid_of(opened))) == UNCOMPARED
