"""Test the export: requested, built by the worker, fetched by a link, and only the owner's data."""

import io
import json
import sys
import zipfile
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.utils import timezone
from PIL import Image

from accounts.models import Export
from accounts.privacy.export import build, exports_to_build
from accounts.tasks import build_export, resume_privacy_work
from maretech.common.storage import object_store
from maretech.common.work import retention
from testing.phone import Phone, caller
from tests.accounts.privacy.full_account import (
    BROWSER,
    CAMERA,
    LABEL,
    PUSH_TOKEN,
    REGION,
    VESSEL,
    erase,
    inspect,
    located,
    stored,
    use_every_feature,
)
from tests.contract.test_mode_isolation import says

pytestmark = pytest.mark.django_db
PATH = "/auth/me/export"


def exported(phone: Phone) -> zipfile.ZipFile:
    """Request it, play the worker, request it again, and follow the link."""
    response = phone.get(PATH)
    assert response.status_code == 202, response.content
    build(UUID(response.json()["export_id"]))
    ready = phone.get(PATH)
    assert ready.status_code == 200, ready.content
    answer = caller().get(ready.json()["url"])
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    assert len(answer.content) == ready.json()["byte_size"]
    return zipfile.ZipFile(io.BytesIO(answer.content))


def fetched(phone: Phone) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(caller().get(phone.get(PATH).json()["url"]).content))


def json_in(archive: zipfile.ZipFile, path: str):
    return json.loads(archive.read(path))


def test_the_first_call_enqueues_the_export_with_retry_after(phone, broker, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answers = [phone.get(PATH) for _ in range(3)]
    assert [(answer.status_code, answer["Retry-After"]) for answer in answers] == [(202, "5")] * 3
    export = Export.objects.get()
    assert answers[0].json() == answers[2].json() == {"export_id": str(export.pk), "status": "pending"}
    assert broker == [("accounts.tasks.build_export", (str(export.pk),))]


def test_an_export_holds_all_data_of_the_owner(phone, owner):
    use_every_feature(phone)
    archive = exported(phone)
    account = json_in(archive, "account/account.json")
    assert (account["email"], account["phones"][0]["push_token"]) == (owner.email, PUSH_TOKEN)
    assert account["phones"][1]["subscription"] == BROWSER.subscription
    assert account["agreements"][0]["document"] == "disclaimer"
    assert [(row["channel"], row["used_at"]) for row in account["step_ups"]] == [("mail", None)]
    assert [set(row) for row in account["step_up_flags"]] == [{"set_at", "lifted_at"}]  # the reason is of staff
    assert len(json_in(archive, "payments/orders.json")) == 1
    corrosion, osmosis = (json_in(archive, f"{mode}/inspections.json") for mode in ("corrosion", "osmosis"))
    assert [len(corrosion), len(osmosis)] == [3, 1]
    assert {row["vessel_label"] for row in (*corrosion, *osmosis[:1])} >= {VESSEL}
    assert corrosion[0]["label"] == LABEL
    assert corrosion[0]["capture_context"] == {"region_text": REGION}
    assert osmosis[0]["result"]["osmosis"]["areas"]
    assert len(json_in(archive, "corrosion/comparisons.json")) == 1
    assert [row["lifted_out_at"] for row in json_in(archive, "osmosis/lift_outs.json")] == ["2026-05-01T07:00:00Z"]
    assert [row["interval_days"] for row in json_in(archive, "corrosion/reminders.json")] == [365]
    [earlier] = json_in(archive, "corrosion/earlier-comparisons.json")
    assert (earlier["cause"], earlier["explanation"] != "") == ("staff", True)
    [painted] = json_in(archive, "corrosion/maintenance.json")
    assert (painted["kind"], painted["performed_on"], painted["note"]) == ("painted", "2020-05-01", f"at {REGION}")
    named = [
        photo["file"] for row in corrosion for point in row["points"] for photo in point["photos"] if photo["file"]
    ]
    assert len(named) == 6
    assert set(named) <= set(archive.namelist())


def test_an_export_holds_the_entitlements(phone):
    use_every_feature(phone)
    entitlement = json_in(exported(phone), "payments/entitlement.json")
    assert {name: entitlement[name] for name in ("credits", "credits_held", "subscribed", "plan")} == {
        "credits": 1,
        "credits_held": 0,
        "subscribed": True,
        "plan": "monthly",
    }
    assert entitlement["free_inspection_used"] is False


def test_an_export_holds_the_original_photos_byte_for_byte(phone):
    inspect(phone, "corrosion", seed=20)
    archive = exported(phone)
    [inspection] = json_in(archive, "corrosion/inspections.json")
    photos = inspection["points"][0]["photos"]
    assert [archive.read(photo["original"]) for photo in photos] == [located(20), located(21), located(22)]
    assert all(photo["original"].startswith(f"corrosion/{inspection['inspection_id']}/originals/") for photo in photos)


def test_an_export_holds_photos_that_await_submission(phone):
    target = phone.open()["uploads"][0]
    phone.put(target, located(1))
    phone.post(f"/assets/{target['asset_id']}/uploaded")
    archive = exported(phone)
    [photo, *others] = json_in(archive, "corrosion/inspections.json")[0]["points"][0]["photos"]
    assert archive.read(photo["original"]) == located(1)
    assert [other["original"] for other in others] == [None, None]


def test_an_export_stops_adding_originals_at_its_size_limit(phone, owner, settings):
    inspect(phone, "corrosion")
    settings.EXPORT_MAX_BYTES = len(located(0)) + len(located(1)) + 20_000
    archive = exported(phone)
    photos = json_in(archive, "corrosion/inspections.json")[0]["points"][0]["photos"]
    assert all(photo["file"] for photo in photos)
    left = [photo for photo in photos if photo["original"] is None]
    assert 1 <= len(left) < 3
    assert f"{len(left)} of the original photos did not fit" in archive.read("README.txt").decode()


def test_only_original_photos_hold_a_position(phone):
    use_every_feature(phone)
    archive = exported(phone)
    photos = [name for name in archive.namelist() if name.endswith(".jpg") and "/originals/" not in name]
    assert len(photos) == 9
    for name in photos:
        assert not Image.open(io.BytesIO(archive.read(name))).getexif()
        assert CAMERA.encode() not in archive.read(name)


def test_a_large_export_writes_the_heartbeat_of_its_queue(phone, monkeypatch):
    use_every_feature(phone)
    export, beats = phone.get(PATH).json(), []
    monkeypatch.setattr("maretech.common.observability.heartbeat.beat", beats.append)
    build_export(export["export_id"])
    assert beats == ["privacy"] * len([name for name in fetched(phone).namelist() if name.endswith((".jpg", ".png"))])


def test_an_export_separates_the_modes_and_their_words(phone):
    use_every_feature(phone)
    archive = exported(phone)
    for mode, other in (("corrosion", "osmosis"), ("osmosis", "corrosion")):
        texts = [name for name in archive.namelist() if name.startswith(f"{mode}/") and name[-4:] in ("json", ".txt")]
        assert len(texts) > 1
        for name in texts:
            assert not says(other, archive.read(name).decode()), name


def test_an_export_does_not_name_an_unused_mode(phone):
    inspect(phone, "corrosion")
    archive = exported(phone)
    assert not [name for name in archive.namelist() if "osmosis" in name]
    assert not says("osmosis", archive.read("README.txt").decode())


def test_an_export_holds_no_data_of_staff_or_other_owners(phone, owner, stranger):
    inspect(Phone.of(stranger), "corrosion", seed=70)
    use_every_feature(phone)
    owner.staff_actions.create(action="x", subject_type="accounts.user", subject_id=str(owner.pk), reason="staff only")
    archive = exported(phone)
    everything = b"".join(archive.read(name) for name in archive.namelist())
    for secret in (b"staff only", b"signals", b"evidence/", b"quarantine/", b"provider_ref", stranger.email.encode()):
        assert secret not in everything
    assert len(json_in(archive, "corrosion/inspections.json")) == 3


def test_an_export_leaves_out_deleted_inspections(phone):
    gone = inspect(phone, "corrosion")
    phone.delete(f"/inspections/{gone}")
    assert "corrosion/inspections.json" not in exported(phone).namelist()


def test_a_stranger_cannot_fetch_an_export_without_its_link(phone, stranger):
    exported(phone)
    assert Phone.of(stranger).get(PATH).status_code == 202
    assert Export.objects.count() == 2


def test_the_link_expires(phone, settings):
    response = phone.get(PATH)
    build(UUID(response.json()["export_id"]))
    url = phone.get(PATH).json()["url"]
    with time_machine.travel(timezone.now() + timedelta(seconds=settings.VIEW_LINK_SECONDS + 1)):
        assert caller().get(url).status_code == 403


def test_an_export_is_built_again_only_after_it_is_outdated(phone, owner):
    exported(phone)
    first = Export.objects.get()
    assert phone.get(PATH).json()["export_id"] == str(first.pk)
    with time_machine.travel(first.expires_at + timedelta(seconds=1)):
        assert Phone.of(owner).get(PATH).status_code == 202
    assert Export.objects.count() == 2


def test_an_export_with_a_missing_object_is_built_again(phone, broker, django_capture_on_commit_callbacks):
    exported(phone)
    lost = Export.objects.get()
    object_store().delete([lost.key])
    with django_capture_on_commit_callbacks(execute=True):
        assert phone.get(PATH).status_code == 202
    another = Export.objects.get()
    assert another.pk != lost.pk
    assert broker[-1] == ("accounts.tasks.build_export", (str(another.pk),))
    assert "README.txt" in exported(phone).namelist()


def test_an_expired_export_is_deleted_with_its_object(phone):
    exported(phone)
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        retention.apply_retention()
    assert stored() == []
    assert not Export.objects.exists()


def test_the_next_try_builds_an_export_killed_during_its_build(phone, monkeypatch):
    phone.get(PATH)
    export = Export.objects.get()
    with monkeypatch.context() as patched:
        patched.setattr("accounts.privacy.export.write_archive", lambda *_, **__: sys.exit())
        with pytest.raises(SystemExit):
            build(export.pk)
    assert exports_to_build() == []
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        resume_privacy_work()
    export.refresh_from_db()
    assert export.built_at is not None


def test_an_export_built_during_an_erasure_is_deleted(phone, monkeypatch):
    phone.get(PATH)
    export = Export.objects.get()
    monkeypatch.setattr("accounts.privacy.export.write_archive", lambda *_, **__: erase(phone))
    build(export.pk)
    assert stored() == []
    assert not Export.objects.exists()
