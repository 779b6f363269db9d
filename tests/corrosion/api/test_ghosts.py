"""Test the earlier photos that a new one is lined up with: from which visits they come, and who may see them."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from inspections.lifecycle import failures
from inspections.models import CaptureSlot, Inspection, MediaAsset
from maretech.common.storage import object_store
from maretech.common.storage.local import LINK_PATH, Link
from testing.factories import InspectionFactory
from testing.phone import Phone, caller
from testing.statements import statements
from tests.contract.refusals import refused
from tests.corrosion.rows import point, subscribe, visit

pytestmark = pytest.mark.django_db
PHOTO = b"evidence"


def ghosts(phone, inspection) -> list[dict]:
    answer = phone.get(f"/corrosion/ghosts?for={inspection.pk}")
    assert answer.status_code == 200, answer.content
    assert answer.json().keys() == {"ghosts"}
    return answer.json()["ghosts"]


def places(phone, inspection) -> list[tuple[int, str]]:
    return [(ghost["point_index"], ghost["angle"]) for ghost in ghosts(phone, inspection)]


def asset_of(inspection, index: int, angle: str) -> MediaAsset:
    return MediaAsset.objects.get(slot__inspection=inspection, slot__point_index=index, angle=angle)


def days_ago(days: int):
    return timezone.now() - timedelta(days=days)


@pytest.fixture
def earlier(owner):
    return visit(owner, point(mid=PHOTO, close=PHOTO), point(wide=PHOTO), created_at=days_ago(400))


@pytest.fixture
def opened(owner, earlier):
    """The inspection at the hull, of the same vessel."""
    return InspectionFactory.create(owner=owner, vessel_label="tern")


def test_a_ghost_has_the_fields_of_the_contract(subscriber, earlier, opened):
    capture = {"device_model": "Pixel 9", "os": "Android 16", "captured_at": "2025-10-26T09:00:00+01:00"}
    MediaAsset.objects.filter(slot__inspection=earlier).update(capture=capture | {"position": "never shown"})
    CaptureSlot.objects.filter(inspection=earlier, point_index=1).update(label="bow")
    first = ghosts(subscriber, opened)[0]
    assert first | {"photo_url": ""} == {
        "point_index": 1,
        "label": "bow",
        "angle": "mid",
        "photo_url": "",
        "taken_at": "2025-10-26T08:00:00Z",
        "capture": capture,
    }


def test_the_photo_is_the_viewing_copy_behind_a_signed_link(subscriber, earlier, opened):
    key = asset_of(earlier, 1, "mid").view_uri
    object_store().write(key, b"\xff\xd8\xffcopy", content_type="image/jpeg")
    url = ghosts(subscriber, opened)[0]["photo_url"]
    assert caller().get(url).content == b"\xff\xd8\xffcopy"


def test_a_photo_without_a_time_of_its_phone_has_that_of_its_upload(subscriber, earlier, opened):
    uploaded_at = timezone.now() - timedelta(days=399)
    MediaAsset.objects.filter(slot__inspection=earlier).update(uploaded_at=uploaded_at)
    ghost = ghosts(subscriber, opened)[0]
    assert (ghost["taken_at"][:19], ghost["capture"]) == (uploaded_at.isoformat()[:19], {})


def test_ghosts_come_in_the_order_of_points_and_angles(subscriber, opened):
    assert places(subscriber, opened) == [(1, "mid"), (1, "close"), (2, "wide")]


def test_a_first_visit_has_none(subscriber, owner):
    assert ghosts(subscriber, InspectionFactory.create(owner=owner, vessel_label="Plover")) == []


def test_of_several_visits_the_newest_that_has_the_angle_counts(subscriber, owner, earlier, opened):
    newer = visit(owner, point(mid=PHOTO), created_at=days_ago(30))
    shown = {(one["point_index"], one["angle"]): one["photo_url"] for one in ghosts(subscriber, opened)}
    assert set(shown) == {(1, "mid"), (1, "close"), (2, "wide")}
    keys = {key: signed_key(url) for key, url in shown.items()}
    assert keys[1, "mid"] == asset_of(newer, 1, "mid").view_uri
    assert keys[1, "close"] == asset_of(earlier, 1, "close").view_uri


def signed_key(url: str) -> str:
    return Link.opened(url.partition(LINK_PATH)[2], method="GET").key


def test_a_completed_inspection_has_those_from_before_it(subscriber, owner, earlier):
    later = visit(owner, point(mid=PHOTO, wide=PHOTO))
    assert places(subscriber, later) == [(1, "mid"), (1, "close"), (2, "wide")]
    assert places(subscriber, earlier) == []


@pytest.mark.parametrize(
    "changes",
    [{"state": "rejected"}, {"view_uri": ""}, {"superseded_at": datetime(2026, 5, 1, tzinfo=UTC)}],
    ids=["rejected", "no copy", "replaced"],
)
def test_a_photo_that_was_not_accepted_is_no_ghost(subscriber, earlier, opened, changes):
    MediaAsset.objects.filter(slot__inspection=earlier, angle="mid").update(**changes)
    assert places(subscriber, opened) == [(1, "close"), (2, "wide")]


def test_unfinished_visits_have_no_ghosts(subscriber, owner, earlier, opened):
    for status in ("processing", "pending", "failed"):
        times = {"pending": {"submitted_at": None, "finished_at": None}, "processing": {"finished_at": None}}
        failed = {"failure_reason": "technical_failure"} if status == "failed" else {}
        Inspection.objects.filter(pk=earlier.pk).update(status=status, **times.get(status, {}), **failed)
        assert ghosts(subscriber, opened) == []
        Inspection.objects.filter(pk=earlier.pk).update(
            status="completed", submitted_at=timezone.now(), finished_at=timezone.now(), failure_reason=""
        )
    assert places(subscriber, opened)


def test_a_deleted_visit_takes_its_ghosts_along(subscriber, earlier, opened):
    failures.delete(earlier)
    assert ghosts(subscriber, opened) == []


def test_another_vessel_has_other_ghosts(subscriber, owner, earlier, stranger):
    visit(stranger, point(mid=PHOTO), created_at=days_ago(10))
    other = InspectionFactory.create(owner=owner, vessel_label="Plover")
    visit(owner, point(wide=PHOTO), vessel_label="Plover", created_at=days_ago(10))
    assert places(subscriber, other) == [(1, "wide")]


def test_an_inspection_of_the_release_before_gets_its_vessel_at_once(subscriber, owner, earlier, opened):
    Inspection.objects.filter(pk=opened.pk).update(vessel=None)
    assert places(subscriber, opened) == [(1, "mid"), (1, "close"), (2, "wide")]


@pytest.mark.parametrize("visits", [1, 5])
def test_the_statements_do_not_grow_with_the_visits(subscriber, owner, opened, visits):
    for days in range(2, visits + 1):
        visit(owner, *[point(wide=PHOTO, mid=PHOTO, close=PHOTO)] * 2, created_at=days_ago(days))
    assert len(statements(subscriber, f"/corrosion/ghosts?for={opened.pk}")) == 5


@pytest.mark.parametrize("query", ["", "?for=", "?for=7", "?for=null", "?for=%00", "?inspection_id={id}"])
def test_a_missing_or_malformed_inspection_is_400(subscriber, opened, query):
    body = refused(subscriber.get("/corrosion/ghosts" + query.format(id=opened.pk)), 400, "VALIDATION_ERROR")
    assert set(body["fields"]) == {"for"}


def test_an_unknown_deleted_or_foreign_inspection_is_not_found(subscriber, opened, stranger):
    foreign = visit(stranger, point(mid=PHOTO))
    Inspection.objects.filter(pk=opened.pk).update(deleted_at=timezone.now())
    for pk in (uuid4(), foreign.pk, opened.pk, InspectionFactory.create(owner=stranger, mode="osmosis").pk):
        refused(subscriber.get(f"/corrosion/ghosts?for={pk}"), 404, "NOT_FOUND")


def test_an_inspection_of_the_other_mode_is_a_mode_mismatch(subscriber, owner):
    other = InspectionFactory.create(owner=owner, mode="osmosis")
    refused(subscriber.get(f"/corrosion/ghosts?for={other.pk}"), 400, "MODE_MISMATCH")


def test_a_stranger_and_an_anonymous_caller_see_none(subscriber, opened, stranger):
    theirs = Phone.of(stranger)
    subscribe(theirs)
    refused(theirs.get(f"/corrosion/ghosts?for={opened.pk}"), 404, "NOT_FOUND")
    refused(caller().get(f"/v1/corrosion/ghosts?for={opened.pk}"), 401, "AUTHENTICATION_REQUIRED")


def test_a_lapsed_subscription_closes_ghosts(subscriber, opened):
    assert ghosts(subscriber, opened)
    subscribe(subscriber, active=False)
    body = refused(subscriber.get(f"/corrosion/ghosts?for={opened.pk}"), 403, "SUBSCRIPTION_REQUIRED")
    assert body["reason"] == "PAYWALL_UI_035"
