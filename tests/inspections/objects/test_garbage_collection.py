"""Test the comparison of objects and rows: orphaned objects are deleted, missing objects are reported."""

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Export
from accounts.privacy.export import build
from inspections.models import Inspection, MediaAsset, MissingObject
from inspections.objects import garbage_collection
from inspections.tasks import check_photo, sweep_objects
from inspections.work.sweeper import sweep
from maretech.common.storage import object_store
from testing.factories import InspectionFactory, UserFactory
from testing.phone import Phone, jpeg

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_day_later(settings) -> None:
    """Make every object older than the sweep's age limit."""
    settings.ORPHAN_AGE_HOURS = -1


def stored() -> set[str]:
    return set(object_store().list("inspections/"))


def folders(inspection_id: str) -> set[str]:
    return {key.split("/")[2] for key in stored() if inspection_id in key}


def overdue() -> None:
    Inspection.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    sweep()


def report(phone: Phone, target: dict, seed: int) -> None:
    phone.put(target, jpeg(seed))
    phone.post(f"/assets/{target['asset_id']}/uploaded")
    check_photo(target["asset_id"])


def test_an_unsubmitted_upload_is_deleted_after_its_inspection_expires(phone):
    opened = phone.open()
    report(phone, opened["uploads"][0], 1)
    sweep_objects()
    assert folders(opened["inspection_id"]) == {"quarantine", "view"}
    overdue()
    sweep_objects()
    assert stored() == set()
    slots = phone.get(f"/inspections/{opened['inspection_id']}").json()["slots"]
    assert [photo["view_url"] for photo in slots[0]["assets"]] == [None, None, None]


def test_a_replaced_photo_is_deleted_and_its_successor_kept(phone):
    opened = phone.open()
    target = opened["uploads"][0]
    report(phone, target, 1)
    replaced = stored()
    retake = phone.declare(target["slot_id"], target["angle"], jpeg(2)).json()
    report(phone, retake | retake["upload"], 2)
    sweep_objects()
    assert len(stored()) == 2
    assert not stored() & replaced
    assert MediaAsset.objects.get(pk=target["asset_id"]).view_uri == ""


def test_a_result_keeps_its_objects_except_writable_ones(phone):
    inspection_id = phone.complete()
    sweep_objects()
    assert folders(inspection_id) == {"evidence", "view", "overlay"}
    shown = phone.get(f"/inspections/{inspection_id}").json()["slots"][0]["assets"]
    assert [phone.client.get(photo["view_url"]).status_code for photo in shown] == [200] * 3
    assert not MissingObject.objects.exists()


def test_photos_under_check_or_analysis_are_kept(phone):
    opened = phone.open()
    phone.put(opened["uploads"][0], jpeg(1))
    phone.post(f"/assets/{opened['uploads'][0]['asset_id']}/uploaded")
    early = f"inspections/{opened['inspection_id']}/view/of-a-check-that-is-about-to-note-it.jpg"
    object_store().write(early, jpeg(1), content_type="image/jpeg")
    phone.shoot(opened["uploads"][1:])
    sweep_objects()
    assert len(stored()) == 4
    phone.post(f"/inspections/{opened['inspection_id']}/submit")
    sweep_objects()
    assert len(stored()) == 4


def test_an_object_without_an_inspection_is_deleted_under_its_prefix_only(phone):
    for key in ("inspections/00000000-0000-4000-8000-000000000000/quarantine/x", "inspections/x/y", "others/x"):
        object_store().write(key, b"x", content_type="image/jpeg")
    sweep_objects()
    assert list(object_store().list("")) == ["others/x"]


def test_a_young_object_is_kept(phone, settings):
    settings.ORPHAN_AGE_HOURS = 24
    object_store().write("inspections/x/y", b"x", content_type="image/jpeg")
    sweep_objects()
    assert stored() == {"inspections/x/y"}


def test_the_store_of_another_database_is_not_touched(phone):
    for number in range(garbage_collection.MAX_UNKNOWN + 1):
        object_store().write(f"inspections/{number}/x", b"x", content_type="image/jpeg")
    sweep_objects()
    assert len(stored()) == garbage_collection.MAX_UNKNOWN + 1


def test_an_export_without_a_row_is_deleted_and_live_ones_are_kept(phone, owner, settings):
    lost = f"exports/{owner.pk}/00000000-0000-4000-8000-000000000000.zip"
    built, begun = (Export.objects.create(user=user) for user in (owner, UserFactory.create()))
    build(built.pk)
    for key in (lost, begun.key):  # its worker was killed before it could record that it is built
        object_store().write(key, b"PK\x03\x04", content_type="application/zip")
    settings.ORPHAN_AGE_HOURS = 24
    sweep_objects()
    assert object_store().head(lost)
    settings.ORPHAN_AGE_HOURS = -1
    assert output_of("--dry-run") == f"orphan {lost}\n3 object(s), 1 orphan(s) to delete, 0 missing\n"
    assert object_store().head(lost)
    sweep_objects()
    assert set(object_store().list("")) == {built.key, begun.key}


def test_the_exports_of_another_database_are_not_touched(phone, owner):
    for number in range(garbage_collection.MAX_UNKNOWN + 1):
        object_store().write(f"inspections/{number}/x", b"x", content_type="image/jpeg")
    object_store().write(f"exports/{owner.pk}/x.zip", b"PK\x03\x04", content_type="application/zip")
    sweep_objects()
    assert len(list(object_store().list(""))) == garbage_collection.MAX_UNKNOWN + 2


@pytest.mark.parametrize("folder", ["evidence", "view", "overlay"])
def test_a_missing_object_is_reported_until_it_is_back(phone, folder):
    inspection_id = phone.complete()
    key = next(key for key in stored() if f"/{folder}/" in key)
    content = object_store().read(key, max_bytes=10**7)
    object_store().delete([key])
    for _ in range(2):
        sweep_objects()
    assert [(str(row.inspection_id), row.key) for row in MissingObject.objects.all()] == [(inspection_id, key)]
    object_store().write(key, content, content_type="image/jpeg")
    sweep_objects()
    assert not MissingObject.objects.exists()


def test_a_reported_upload_that_is_gone_is_missing(phone):
    opened = phone.open()
    report(phone, opened["uploads"][0], 1)
    uri = MediaAsset.objects.get(pk=opened["uploads"][0]["asset_id"]).uri
    object_store().delete([uri])
    sweep_objects()
    assert [row.key for row in MissingObject.objects.all()] == [uri]


def test_slices_cover_every_object_once_in_order(monkeypatch, broker, django_capture_on_commit_callbacks):
    monkeypatch.setattr(garbage_collection, "SLICE_OBJECTS", 2)
    owner = UserFactory.create()
    ids = sorted(str(InspectionFactory.create(owner=owner).pk) for _ in range(5))
    for inspection_id in ids:
        object_store().write(f"inspections/{inspection_id}/view/x.jpg", b"x", content_type="image/jpeg")
    after, orphaned, sizes = "", [], []
    while True:
        swept = garbage_collection.collect_garbage(after=after, dry_run=True)
        orphaned += swept.orphans
        sizes.append(swept.object_count)
        after = swept.after
        if not after:
            break
    assert orphaned == [f"inspections/{inspection_id}/view/x.jpg" for inspection_id in ids]
    assert sizes == [2, 2, 1]
    with django_capture_on_commit_callbacks(execute=True):
        sweep_objects()
    assert broker == [("inspections.tasks.sweep_objects", (f"inspections/{ids[1]}0",))]


def test_the_command_has_a_dry_run_and_deletes_without_it(phone):
    object_store().write("inspections/x/y", b"x", content_type="image/jpeg")
    assert output_of("--dry-run") == "orphan inspections/x/y\n1 object(s), 1 orphan(s) to delete, 0 missing\n"
    assert output_of() == "orphan inspections/x/y\n1 object(s), 1 orphan(s) deleted, 0 missing\n"
    assert output_of() == "0 object(s), 0 orphan(s) deleted, 0 missing\n"


def output_of(*arguments: str) -> str:
    out = io.StringIO()
    call_command("sweep_objects", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.services
def test_the_sweep_works_on_a_real_store(s3, owner):
    inspection = InspectionFactory.create(owner=owner)
    for name in ("1", "2", "3"):
        s3.write(f"{inspection.key_prefix}view/{name}.jpg", b"x", content_type="image/jpeg")
    assert [entry.key[-5:] for entry in s3.entries("inspections/", after=f"{inspection.key_prefix}view/1.jpg")] == [
        "2.jpg",
        "3.jpg",
    ]
    assert len(garbage_collection.collect_garbage().orphans) == 3
    assert list(s3.list("inspections/")) == []
