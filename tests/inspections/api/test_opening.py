"""Test opening an inspection: who may, how often, with how many points, and when it returns the same one."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from inspections.capture.points import DEFAULT_CONTENT_TYPE
from inspections.media_types import MAX_PIXELS, MAX_PIXELS_BY_TYPE
from inspections.models import CapturePolicy, Inspection
from testing.factories import JobFactory
from tests.concurrency import at_once
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db
PAYWALL = "PAYWALL_UI_035"


def request_opening(phone, mode: str = "corrosion", *, key: str | None = None, **details):
    headers = {"HTTP_IDEMPOTENCY_KEY": key} if key else {}
    return phone.post("/inspections", {"mode": mode, **details}, **headers)


def age(minutes: float) -> None:
    """Make all inspections that old."""
    Inspection.objects.update(created_at=timezone.now() - timedelta(minutes=minutes))


def test_a_new_inspection_has_a_target_for_each_angle_of_each_point_in_capture_order(phone, settings):
    answer = request_opening(phone, points=2, label="spring", vessel_label="Anna")
    opened = answer.json()
    assert answer.status_code == 201
    assert opened.keys() == {"inspection_id", "mode", "status", "upload_urls", "uploads", "expires_at"}
    assert (opened["mode"], opened["status"]) == ("corrosion", "pending")
    where = [(upload["point_index"], upload["angle"]) for upload in opened["uploads"]]
    assert where == [(point, angle) for point in (1, 2) for angle in ("wide", "mid", "close")]
    assert len({upload["slot_id"] for upload in opened["uploads"]}) == 2
    assert len({upload["asset_id"] for upload in opened["uploads"]}) == len(set(opened["upload_urls"])) == 6
    for upload in opened["uploads"]:
        assert (upload["method"], upload["headers"]) == ("PUT", {"Content-Type": DEFAULT_CONTENT_TYPE})
    open_for = Inspection.objects.get().expires_at - Inspection.objects.get().created_at
    assert open_for == timedelta(hours=settings.INSPECTION_OPEN_HOURS)


@pytest.mark.parametrize("mode", ["corrosion", "osmosis"])
def test_a_repeated_opening_in_the_window_returns_the_untouched_one(phone, mode: str):
    phone.subscribe()
    first = phone.open(mode)
    age(9.9)
    again = request_opening(phone, mode)
    assert (again.status_code, again.json()["inspection_id"]) == (200, first["inspection_id"])
    assert again.json()["uploads"][0]["asset_id"] == first["uploads"][0]["asset_id"]


@pytest.mark.parametrize("mode", ["corrosion", "osmosis"])
def test_a_repeated_opening_after_the_window_opens_another(phone, mode: str):
    phone.subscribe()
    first = phone.open(mode)
    age(10.1)
    again = request_opening(phone, mode)
    assert again.status_code == 201
    assert again.json()["inspection_id"] != first["inspection_id"]


def test_a_repeated_opening_does_not_return_one_with_a_photo(phone):
    phone.subscribe()
    first = phone.open()
    phone.shoot(first["uploads"][:1])
    phone.post(f"/assets/{first['uploads'][0]['asset_id']}/uploaded")
    assert request_opening(phone).status_code == 201


def test_a_repeated_opening_does_not_return_one_with_an_unconfirmed_photo(phone):
    """A phone that only follows its links and never confirms: its photos must not be overwritten."""
    phone.subscribe()
    phone.shoot(phone.open()["uploads"][:1])
    assert request_opening(phone).status_code == 201


def test_the_window_is_per_mode_and_per_owner(phone, stranger):
    phone.subscribe()
    first = phone.open("corrosion")["inspection_id"]
    assert phone.open("osmosis")["inspection_id"] != first
    assert type(phone).of(stranger).open("corrosion")["inspection_id"] != first


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("subscribed", [True, False])
def test_eight_parallel_openings_return_one_inspection(phone, subscribed):
    phone.subscribe(active=subscribed)
    answers = at_once(8, lambda: request_opening(phone))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.json()["inspection_id"] for answer in answers}) == Inspection.objects.count() == 1


def test_another_key_opens_another_inspection_within_the_window(phone):
    phone.subscribe()
    first, second = request_opening(phone, key="a"), request_opening(phone, key="b")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["inspection_id"] != second.json()["inspection_id"]


def test_the_same_key_returns_the_same_inspection_and_status(phone):
    phone.subscribe()
    first, again = request_opening(phone, key="a", points=3), request_opening(phone, key="a", points=3)
    assert (again.status_code, again["Idempotent-Replayed"]) == (201, "true")
    assert "Idempotent-Replayed" not in first
    assert again.json()["inspection_id"] == first.json()["inspection_id"]
    assert [upload["asset_id"] for upload in again.json()["uploads"]] == [
        upload["asset_id"] for upload in first.json()["uploads"]
    ]


@pytest.mark.parametrize("key", [None, "another"])
def test_one_unfinished_corrosion_inspection_without_a_subscription(phone, key: str | None):
    first = phone.open()
    phone.shoot(first["uploads"])
    age(60 * 70)
    again = request_opening(phone, key=key)
    assert (again.status_code, again.json()["inspection_id"]) == (200, first["inspection_id"])
    phone.post(f"/inspections/{first['inspection_id']}/submit")
    processing = request_opening(phone, key=f"{key}-later" if key else None)
    assert (processing.status_code, processing.json()["status"]) == (200, "processing")
    assert processing.json()["uploads"] == []


def test_an_overdue_inspection_is_not_returned_before_the_sweep(phone):
    first = phone.open()
    Inspection.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    again = request_opening(phone)
    assert again.status_code == 201
    assert again.json()["inspection_id"] != first["inspection_id"]
    ended = phone.get(f"/inspections/{first['inspection_id']}").json()
    assert (ended["status"], ended["failure_reason"]) == ("failed", "expired")


def test_a_repeated_opening_with_more_points_reserves_them(phone):
    phone.open(points=1)
    again = request_opening(phone, points=3)
    assert (again.status_code, len(again.json()["uploads"])) == (200, 9)


def test_a_sixth_point_needs_a_subscription_and_nothing_is_opened(phone):
    assert refused(request_opening(phone, points=6), 403, "SUBSCRIPTION_REQUIRED")["reason"] == PAYWALL
    assert not Inspection.objects.exists()
    phone.subscribe()
    assert len(request_opening(phone, points=6).json()["uploads"]) == 18


@pytest.mark.parametrize(("mode", "points"), [("corrosion", 11), ("osmosis", 9)])
def test_more_points_than_the_policy_allows_are_refused(phone, mode: str, points: int):
    phone.subscribe()
    phone.buy()
    refused(request_opening(phone, mode, points=points), 409, "POINT_LIMIT_REACHED")
    assert not Inspection.objects.exists()
    assert phone.credits() == (1, 0)
    assert request_opening(phone, mode, points=points - 1).status_code == 201


@pytest.mark.parametrize("points", [0, -1, 51, 1.5, "x", None])
def test_an_invalid_number_of_points_is_a_bad_request(phone, points: object):
    assert set(refused(request_opening(phone, points=points), 400, "VALIDATION_ERROR")["fields"]) == {"points"}


def test_osmosis_without_a_pass_or_credit_is_refused(phone):
    refused(request_opening(phone, "osmosis"), 402, "PAYMENT_REQUIRED")
    assert not Inspection.objects.exists()


def test_osmosis_holds_a_credit(phone):
    phone.buy()
    assert request_opening(phone, "osmosis").status_code == 201
    assert phone.credits() == (0, 1)
    refused(request_opening(phone, "osmosis", key="another"), 402, "PAYMENT_REQUIRED")


def test_the_pass_is_used_before_a_credit(phone):
    phone.buy()
    phone.open("osmosis")
    assert phone.credits() == (1, 0)


def test_a_repeated_opening_in_the_window_holds_no_second_credit(phone):
    phone.buy()
    phone.buy()
    assert [request_opening(phone, "osmosis").status_code for _ in range(2)] == [201, 200]
    assert phone.credits() == (1, 1)


def test_a_mode_is_required_and_must_exist(phone):
    refused(phone.post("/inspections"), 400, "MODE_REQUIRED")
    refused(phone.get("/inspections"), 400, "MODE_REQUIRED")
    for mode in ("rust", "Corrosion", "", None):
        assert set(refused(request_opening(phone, mode), 400, "VALIDATION_ERROR")["fields"]) == {"mode"}


def test_no_call_changes_the_mode(phone):
    opened = phone.open("corrosion")
    path = f"/inspections/{opened['inspection_id']}"
    for change in (phone.client.put, phone.client.patch):
        refused(change(f"/v1{path}", {"mode": "osmosis"}, format="json"), 405, "METHOD_NOT_ALLOWED")
    phone.shoot(opened["uploads"])
    for call in ("slots", "complete", "submit"):
        phone.post(f"{path}/{call}", {"mode": "osmosis", "status": "completed", "points_allowed": 50})
    inspection = Inspection.objects.get()
    assert (inspection.mode, inspection.points_allowed) == ("corrosion", 5)


def test_fields_that_the_owner_cannot_choose_are_ignored(phone):
    chosen = {"id": str(uuid4()), "status": "completed", "access": "subscription", "points_allowed": 50}
    context = {"surface": "wet", "latitude": 54.3, "position": [54.3, 10.1]}
    request_opening(phone, **chosen, owner=str(uuid4()), expires_at="2099-01-01T00:00:00Z", capture_context=context)
    inspection = Inspection.objects.get()
    assert (inspection.status, inspection.access, inspection.points_allowed) == ("pending", "free", 5)
    assert inspection.owner == phone.owner
    assert inspection.expires_at.year < 2099
    assert inspection.capture_context == {"surface": "wet"}


def test_after_the_free_result_a_second_corrosion_inspection_needs_a_subscription(phone):
    first = phone.complete()
    for key in (None, "fresh"):
        assert refused(request_opening(phone, key=key), 403, "SUBSCRIPTION_REQUIRED")["reason"] == PAYWALL
    assert phone.get("/entitlements/corrosion").json()["corrosion_free_used"] is True
    assert phone.get(f"/inspections/{first}/result").status_code == 200
    phone.subscribe()
    assert request_opening(phone).status_code == 201


def test_a_failed_inspection_does_not_use_up_the_free_one(phone):
    JobFactory.create(failed=True, inspection__owner=phone.owner, inspection__access="free")
    assert phone.get("/entitlements/corrosion").json()["corrosion_free_used"] is False
    assert request_opening(phone).status_code == 201


def test_a_result_under_subscription_does_not_use_up_the_free_one(phone):
    phone.subscribe()
    phone.complete()
    phone.subscribe(active=False)
    assert phone.get("/entitlements/corrosion").json()["corrosion_free_used"] is False
    assert request_opening(phone).status_code == 201


def test_an_inspection_keeps_the_policy_it_was_opened_under(phone):
    phone.subscribe()
    old = phone.open()["inspection_id"]
    policy = CapturePolicy.objects.get(mode="corrosion")
    policy.pk, policy.version, policy.free_points, policy.max_points, policy.angles = None, 2, 1, 2, ["wide"]
    policy.save()
    new = request_opening(phone, key="new").json()
    assert [upload["angle"] for upload in new["uploads"]] == ["wide"]
    assert phone.get(f"/inspections/{old}").json()["policy_version"] == 1
    assert phone.get(f"/inspections/{new['inspection_id']}").json()["policy_version"] == 2
    phone.post(f"/inspections/{old}/slots")
    assert len(phone.post(f"/inspections/{old}/slots").json()["required_angles"]) == 3
    shown = phone.get("/capture-policy/corrosion").json()
    assert (shown["version"], shown["free_points"], shown["angles_per_point"]) == (2, 1, 1)


@pytest.mark.parametrize(("mode", "free", "most"), [("corrosion", 5, 10), ("osmosis", 0, 8)])
def test_the_capture_policy_has_exactly_the_fields_of_the_contract(phone, mode: str, free: int, most: int):
    policy = phone.get(f"/capture-policy/{mode}").json()
    assert policy.pop("hints")
    constraints = policy.pop("constraints")
    pixels = {"min_short_side_px", "recommended_long_side_px", "max_pixels", "max_pixels_by_content_type"}
    assert constraints.keys() == {*pixels, "max_bytes", "content_types"}
    assert constraints["recommended_long_side_px"] ** 2 <= constraints["max_pixels"] <= MAX_PIXELS
    assert constraints["max_pixels_by_content_type"] == MAX_PIXELS_BY_TYPE
    assert policy == {
        "mode": mode,
        "version": 1,
        "free_points": free,
        "max_points": most,
        "angles_per_point": 3,
        "angles": ["wide", "mid", "close"],
    }
