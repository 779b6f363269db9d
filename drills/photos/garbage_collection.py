"""Attack the sweep with abandoned uploads, objects without a row and rows without an object.

The sweep must delete or report each of them, and nothing else. Runs on a real object store (SeaweedFS). It sweeps three
times: at once, when everything is young and must stay; then as if 25 hours had passed, while other owners upload and
have photos checked; then once more.

Control: nothing is ever deleted.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import timedelta
from threading import Event
from typing import Final
from unittest.mock import patch
from uuid import uuid4

from django.db import connections
from django.test import override_settings
from django.utils import timezone

from drills.harness.object_store import real_store
from drills.harness.runner import DrillContext, Result, main
from drills.harness.sample_inspections import opened, owner_of, photo
from inspections.capture import submission, uploads
from inspections.models import InferenceJob, Inspection, MediaAsset, MissingObject
from inspections.objects.garbage_collection import SliceReport, collect_garbage
from inspections.vocabulary import AssetState, Mode
from inspections.work.analysis import analyse
from inspections.work.photo_check import check_uploaded_photo
from inspections.work.sweeper import sweep
from maretech.common.storage import object_store

# The store's clock cannot be changed. The drill changes the age limit instead: 24 hours, seen 25 hours later.
A_DAY_LATER: Final = {"ORPHAN_AGE_HOURS": -1}
NEIGHBOURS: Final = 20


def disable_guard() -> AbstractContextManager[object]:
    return patch("inspections.objects.garbage_collection._delete_orphans_of", lambda *_: [])


def drill(context: DrillContext) -> Result:
    count, others = (4, 2) if context.small or context.control else (100, NEIGHBOURS)
    with real_store():
        needed = {key for _ in range(others) for key in _objects_of(_completed())}
        gone = _lose_one_object_of_each([_completed() for _ in range(count)])
        orphans = {*_abandon(count), *_unowned_objects(count)}
        young = _sweep()
        with override_settings(**A_DAY_LATER), ThreadPoolExecutor(1) as pool:
            over = Event()
            busy = pool.submit(_upload_all_the_time, over)
            deleted = {key for _ in range(2) for key in _sweep()}
            over.set()
            in_use = busy.result()
        left = set(object_store().list("inspections/"))
    reported = set(MissingObject.objects.values_list("key", flat=True))
    harmed = (needed | in_use) - left
    figure = (
        f"{len(orphans - left)} of {len(orphans)} orphans gone, {len(young)} gone while young, "
        f"{len(harmed)} objects in use harmed; {len(reported & gone)} of {len(gone)} missing ones reported, "
        f"{len(reported - gone)} false alarms"
    )
    passed = not (orphans & left or young or harmed or reported ^ gone) and orphans <= deleted
    n = f"{count} abandoned uploads, {count} unowned objects, {count} rows without their object"
    return Result(n, figure, f"{len(orphans)} gone, 0, 0; {len(gone)} reported, 0", passed)


def _sweep() -> list[str]:
    """Sweep the whole store, slice by slice, and return what was deleted."""
    deleted: list[str] = []
    swept = SliceReport("", 0, [], [])
    while True:
        swept = collect_garbage(after=swept.after)
        deleted += swept.orphans
        if not swept.after:
            return deleted


def _completed() -> Inspection:
    owner = owner_of(Mode.CORROSION)
    inspection = opened(owner, Mode.CORROSION)
    submission.submit_inspection(owner=owner, inspection_id=inspection.pk, accept_incomplete=True)
    analyse(InferenceJob.objects.get(inspection=inspection).pk, worker="drill", task_id="drill")
    return inspection


def _objects_of(inspection: Inspection) -> Iterator[str]:
    """Return the inspection's objects without the upload, which is not needed once it is frozen."""
    return (key for key in object_store().list(inspection.key_prefix) if "/quarantine/" not in key)


def _lose_one_object_of_each(inspections: list[Inspection]) -> set[str]:
    gone = set()
    for number, inspection in enumerate(inspections):
        objects = sorted(_objects_of(inspection))
        gone.add(objects[number % len(objects)])
    object_store().delete(gone)
    return gone


def _abandon(count: int) -> Iterator[str]:
    """Upload photos, check every other one, and let their inspections expire; yield the keys."""
    for number in range(count):
        owner = owner_of(Mode.CORROSION)
        inspection = opened(owner, Mode.CORROSION)
        if number % 2:
            _check_first_photo(inspection)
        Inspection.objects.filter(pk=inspection.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
        yield from object_store().list(inspection.key_prefix)
    sweep()


def _check_first_photo(inspection: Inspection) -> MediaAsset:
    asset = MediaAsset.objects.filter(slot__inspection=inspection).first()
    assert asset is not None
    uploads.confirm_upload(owner=inspection.owner, asset_id=asset.pk)
    check_uploaded_photo(asset.pk)
    return asset


def _unowned_objects(count: int) -> Iterator[str]:
    """Store objects of a deleted inspection, of one without a row for them, and of none; yield the keys."""
    known = _completed()
    prefixes = (f"inspections/{uuid4()}/", known.key_prefix, f"inspections/{uuid4()}/")
    for number in range(count):
        key = f"{prefixes[number % 3]}{('quarantine', 'evidence', 'view')[number % 3]}/{uuid4()}"
        object_store().write(key, b"unowned", content_type="image/jpeg")
        yield key


def _upload_all_the_time(over: Event) -> set[str]:
    """Upload as several owners while the sweep runs; return the objects that their rows claim."""
    try:
        inspections = [opened(owner_of(Mode.CORROSION), Mode.CORROSION) for _ in range(3)]
        number = 0
        while not over.is_set() or number < len(inspections):
            inspection = inspections[number % len(inspections)]
            asset = MediaAsset.objects.filter(slot__inspection=inspection).first()
            assert asset is not None
            object_store().write(asset.uri, photo(number), content_type="image/jpeg")
            _check_first_photo(inspection)
            number += 1
        rows = MediaAsset.objects.filter(slot__inspection__in=inspections, state=AssetState.READY)
        return {key for row in rows for key in (row.uri, row.view_uri)}
    finally:
        connections.close_all()


if __name__ == "__main__":
    main(drill, disable_guard, served=False)
