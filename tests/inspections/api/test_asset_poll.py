"""Test the poll of one photo: the outcome of its check, without the whole inspection."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.identity.sessions import start_session
from inspections.models import MediaAsset
from inspections.tasks import check_photo
from testing.phone import Phone, caller, jpeg, work
from tests.contract.refusals import refused
from tests.inspections.api.test_statements import statements, with_points
from tests.inspections.pictures import dark

pytestmark = pytest.mark.django_db
BODY = {"asset_id", "slot_id", "point_index", "angle", "state", "warnings", "retake_reasons", "view_url", "framing"}


@pytest.fixture
def target(phone) -> dict:
    return phone.open(points=2)["uploads"][4]


def address(target: dict) -> str:
    return f"/assets/{target['asset_id']}"


def confirm(phone: Phone, target: dict, content: bytes):
    assert phone.put(target, content).status_code == 200
    return phone.post(f"{address(target)}/uploaded")


def judge(phone: Phone, target: dict, content: bytes) -> None:
    assert confirm(phone, target, content).status_code == 202
    check_photo(target["asset_id"])


def test_a_confirmed_photo_returns_its_poll_address_and_retry_after(phone, target):
    answer = confirm(phone, target, jpeg(1))
    assert answer["Location"] == f"http://testserver/v1{address(target)}"
    assert int(answer["Retry-After"]) >= 1
    followed = phone.client.get(answer["Location"])
    assert (followed.status_code, followed.json()["state"]) == (200, "uploaded")
    assert int(followed["Retry-After"]) >= 1


def test_retry_after_is_sent_only_during_the_check(phone, target):
    created = phone.get(address(target))
    assert (created.json()["state"], "Retry-After" in created) == ("created", False)
    judge(phone, target, jpeg(1))
    ready = phone.get(address(target))
    assert (ready.json()["state"], "Retry-After" in ready) == ("ready", False)


def test_the_poll_agrees_with_the_inspection(phone, target):
    judge(phone, target, dark())
    body = phone.get(address(target)).json()
    assert body.keys() == BODY
    where = ("asset_id", "slot_id", "point_index", "angle")
    assert [body[name] for name in where] == [target[name] for name in where]
    inspection = MediaAsset.objects.get(pk=target["asset_id"]).slot.inspection_id
    slot = phone.get(f"/inspections/{inspection}").json()["slots"][1]
    (photo,) = [one for one in slot["assets"] if one["asset_id"] == target["asset_id"]]
    said = ("angle", "state", "warnings", "retake_reasons")
    assert [body[name] for name in said] == [photo[name] for name in said]
    assert body["state"] == "rejected"
    assert caller().get(body["view_url"]).status_code == 200
    assert body["framing"] is None


def test_the_poll_returns_the_framing_with_an_etag_of_its_own(phone, target):
    judge(phone, target, jpeg(1))
    before = phone.get(address(target))
    framing = {"shift_x": 0.12, "shift_y": -0.03, "scale": 1.1, "rotation_deg": 2.5}
    MediaAsset.objects.filter(pk=target["asset_id"]).update(framing=framing)
    after = phone.get(address(target), HTTP_IF_NONE_MATCH=before["ETag"])
    assert (before.json()["framing"], after.json()["framing"]) == (None, framing)


def test_a_photo_of_a_mode_without_comparisons_has_no_framing(phone):
    target = phone.open("osmosis")["uploads"][0]
    assert phone.get(address(target)).json().keys() == BODY - {"framing"}


@pytest.mark.parametrize("offered", ["{0}", "W/{0}", '"other", {0}', '"x" , W/{0}', "*"])
def test_an_unchanged_photo_is_304(phone, target, offered: str):
    for state in ("created", "uploaded", "ready"):
        if state == "uploaded":
            confirm(phone, target, jpeg(1))
        if state == "ready":
            check_photo(target["asset_id"])
        first = phone.get(address(target))
        assert first.json()["state"] == state
        again = phone.get(address(target), HTTP_IF_NONE_MATCH=offered.format(first["ETag"]))
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
        assert again.get("Retry-After") == first.get("Retry-After")
        assert again["Cache-Control"] == "private, no-cache"


def test_every_change_has_its_own_etag(phone, target):
    tags = [phone.get(address(target))["ETag"]]
    for content in (dark(), jpeg(1), jpeg(2)):
        confirm(phone, target, content)
        tags.append(phone.get(address(target))["ETag"])
        check_photo(target["asset_id"])
        tags.append(phone.get(address(target))["ETag"])
    # Before the check, no photo of the three has a verdict yet.
    assert len(set(tags)) == len(tags) - 2


def test_a_new_link_keeps_the_etag_until_the_last_one_expires(phone, target, settings):
    judge(phone, target, jpeg(1))
    start = timezone.now().replace(minute=0, second=0, microsecond=0)
    with time_machine.travel(start, tick=False) as clock:
        mine = Phone.of(phone.owner)
        first = mine.get(address(target))
        clock.shift(timedelta(seconds=settings.VIEW_LINK_SECONDS / 2 - 1))
        same = mine.get(address(target))
        assert same["ETag"] == first["ETag"]
        assert same.json()["view_url"] != first.json()["view_url"]
        clock.shift(timedelta(seconds=settings.VIEW_LINK_SECONDS / 2))
        fresh = mine.get(address(target), HTTP_IF_NONE_MATCH=first["ETag"])
        assert fresh.status_code == 200
        assert caller().get(first.json()["view_url"]).status_code == 200  # still good when its successor arrives


def test_a_photo_without_a_copy_keeps_its_etag(phone, target, settings):
    tag = phone.get(address(target))["ETag"]
    with time_machine.travel(timezone.now() + timedelta(seconds=3 * settings.VIEW_LINK_SECONDS)):
        assert Phone.of(phone.owner).get(address(target))["ETag"] == tag


def test_strangers_and_anonymous_callers_learn_nothing(phone, target, stranger):
    tag = phone.get(address(target))["ETag"]
    refused(Phone.of(stranger).get(address(target), HTTP_IF_NONE_MATCH=tag), 404, "NOT_FOUND")
    refused(caller().get(f"/v1{address(target)}", HTTP_IF_NONE_MATCH=tag), 401, "AUTHENTICATION_REQUIRED")
    refused(phone.get("/assets/00000000-0000-0000-0000-000000000000"), 404, "NOT_FOUND")


def test_an_ended_session_is_401_and_not_404(phone, target):
    session = start_session(user=phone.owner)
    other = Phone.of(phone.owner)
    phone.owner.sessions.exclude(pk=session.pk).update(ended_at=timezone.now(), end_reason="logged_out")
    refused(other.get(address(target)), 401, "TOKEN_INVALID")
    refused(other.get("/assets/00000000-0000-0000-0000-000000000000"), 401, "TOKEN_INVALID")


def test_a_replaced_or_deleted_photo_is_gone(phone, target):
    inspection = MediaAsset.objects.get(pk=target["asset_id"]).slot.inspection_id
    newer = phone.declare(target["slot_id"], target["angle"], jpeg(1)).json()
    refused(phone.get(address(target)), 404, "NOT_FOUND")
    assert phone.get(address(newer)).status_code == 200
    phone.delete(f"/inspections/{inspection}")
    refused(phone.get(address(newer)), 404, "NOT_FOUND")


def test_a_photo_of_a_delivered_inspection_can_be_polled(phone):
    opened = phone.open()
    phone.shoot(opened["uploads"])
    phone.post(f"/inspections/{opened['inspection_id']}/submit")
    work(opened["inspection_id"])
    answer = phone.get(address(opened["uploads"][0]))
    assert (answer.json()["state"], "Retry-After" in answer) == ("ready", False)


def test_the_route_has_the_limit_of_polls(phone, target, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"poll": "1/min"}
    assert phone.get(address(target)).status_code == 200
    refused(phone.get(address(target)), 429, "RATE_LIMITED")


@pytest.mark.parametrize("points", [1, 10])
def test_the_poll_takes_one_statement(phone, owner, points: int):
    inspection = with_points(owner, points)
    asset = MediaAsset.objects.filter(slot__inspection=inspection).first()
    (sql,) = statements(phone, f"/assets/{asset.pk}")
    assert sql.startswith("SELECT")
