"""Compare the object store with the rows in both directions, one slice of inspections at a time.

Objects without a row are deleted once they are too old for an upload or an analysis to claim; claimed objects missing
from the store are recorded for staff. The first slice covers exports too; a missing export needs no staff, because its
owner's next request builds another.
"""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

import structlog
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import EXPORTS
from accounts.privacy import export
from inspections.lifecycle.notices import tell_staff_of_foreign_store
from inspections.models import Inspection, MediaAsset, MissingObject
from inspections.objects.claims import Claims, claims_of, rows_with_claims
from maretech.common.storage import object_store
from maretech.common.storage.base import StoredObject

log = structlog.get_logger(__name__)

PREFIX = "inspections/"
SLICE_OBJECTS = 2000
# More unknown inspections than this in one slice, and more than half of it: the database does not belong to this store.
MAX_UNKNOWN = 20


@dataclass(frozen=True, slots=True)
class SliceReport:
    """Result of one slice. `after` is the start of the next one, empty at the end of the store."""

    after: str
    object_count: int
    orphans: list[str]
    missing: list[str]


def collect_garbage(*, after: str = "", dry_run: bool = False) -> SliceReport:
    """Process the next inspections in the order of their ids. Safe at any time, even concurrently."""
    groups = _next_groups(after)
    object_count = sum(len(group) for group in groups.values())
    last = max(groups) if object_count >= SLICE_OBJECTS else ""
    claims = {str(row.pk): claims_of(row) for row in rows_with_claims().filter(pk__in=_ids(groups))}
    suspects = {name: group for name, group in groups.items() if _orphans(group, claims.get(name, Claims()))}
    exports = [] if after else list(object_store().entries(EXPORTS))
    stray_exports = _orphans(exports, Claims(awaited=export.claimed_export_keys())) if exports else []
    unknown = [name for name in suspects if name not in claims]
    if len(unknown) > max(MAX_UNKNOWN, len(groups) // 2):
        log.error("most objects are of no inspection in this database: nothing is deleted", unknown=len(unknown))
        suspects, stray_exports = {}, []
        if not dry_run:
            tell_staff_of_foreign_store()
    if dry_run:
        orphans = [key for name, group in suspects.items() for key in _orphans(group, claims.get(name, Claims()))]
    else:
        orphans = [key for name in suspects for key in _delete_orphans_of(name)]
        _delete_exports(stray_exports)
    missing = list(_missing(after, last, {entry.key for group in groups.values() for entry in group}))
    if not dry_run:
        _note_missing(missing, after, last)
    return SliceReport(
        after=f"{PREFIX}{last}0" if last else "",
        object_count=object_count + len(exports),
        orphans=[*stray_exports, *orphans],
        missing=[key for _, key in missing],
    )


def is_foreign_store(unknown: Iterable[str]) -> bool:
    """Returns True if more inspections with objects are unknown to this database than known, and more than a handful.

    `unknown` are the keys without a row.
    """
    known = {str(pk) for pk in Inspection.objects.values_list("pk", flat=True).iterator()}
    unknown_inspections = {_name_of(key) for key in unknown if key.startswith(PREFIX)} - known
    if len(unknown_inspections) <= MAX_UNKNOWN:
        return False
    return len(unknown_inspections) > len({_name_of(key) for key in object_store().list(PREFIX)} & known)


def _next_groups(after: str) -> dict[str, list[StoredObject]]:
    """Yields the objects of whole inspections, up to the size of one slice."""
    groups: dict[str, list[StoredObject]] = {}
    count = 0
    for name, entries in groupby(object_store().entries(PREFIX, after=after), key=_name_in):
        groups[name] = list(entries)
        count += len(groups[name])
        if count >= SLICE_OBJECTS:
            break
    return groups


def _name_in(entry: StoredObject) -> str:
    return _name_of(entry.key)


def _name_of(key: str) -> str:
    return key.removeprefix(PREFIX).split("/", 1)[0]


def _ids(names: dict[str, list[StoredObject]]) -> list[uuid.UUID]:
    return [found for name in names if (found := _as_id(name)) is not None]


def _as_id(name: str) -> uuid.UUID | None:
    try:
        found = uuid.UUID(name)
    except ValueError:
        return None
    return found if str(found) == name else None


def _orphans(entries: list[StoredObject], claims: Claims) -> list[str]:
    old = _old_before()
    unclaimed = (entry for entry in entries if entry.modified_at < old and not claims.is_claimed(entry.key))
    return sorted({entry.key for entry in (*unclaimed, *filter(claims.is_too_large, entries))})


def _old_before() -> datetime:
    return timezone.now() - timedelta(hours=settings.ORPHAN_AGE_HOURS)


def _delete_orphans_of(name: str) -> list[str]:
    """Lists again, then reads the rows; without a lock, because the store may hang.

    Each object is written under a unique name, and its row claims it before it is old. So an old object without a row
    can never be claimed later.
    """
    inspection_id, entries = _as_id(name), list(object_store().entries(f"{PREFIX}{name}/"))
    row = rows_with_claims().filter(pk=inspection_id).first() if inspection_id else None
    orphans = _orphans(entries, claims_of(row) if row is not None else Claims())
    object_store().delete(orphans)
    # Two statements: by a condition on the slot, Postgres would clear a copy that a check writes meanwhile.
    photos = list(MediaAsset.objects.filter(slot__inspection=inspection_id).values_list("pk", flat=True))
    MediaAsset.objects.filter(pk__in=photos, view_uri__in=orphans).update(view_uri="")
    log.info("orphans deleted", inspection=name, count=len(orphans))
    return orphans


def _delete_exports(keys: list[str]) -> None:
    """Without a lock: no row ever claims an unclaimed export later."""
    if keys:
        object_store().delete(keys)
        log.info("orphans deleted", exports=keys, count=len(keys))


def _missing(after: str, last: str, present: set[str]) -> Iterator[tuple[uuid.UUID, str]]:
    """Returns objects that the rows in between claim, that were not listed, and that a direct lookup does not find."""
    for row in _between(rows_with_claims(), after, last).iterator(chunk_size=200):
        for key in sorted(claims_of(row).needed.keys() - present):
            if object_store().head(key) is None and _still_needed(row.pk, key):
                yield row.pk, key


def _still_needed(inspection_id: uuid.UUID, key: str) -> bool:
    row = rows_with_claims().filter(pk=inspection_id).first()
    return row is not None and key in claims_of(row).needed


def _between(found: "QuerySet[Inspection]", after: str, last: str) -> "QuerySet[Inspection]":
    """Returns the inspections of a slice, including those without any object."""
    first_id, last_id = _as_id(after.removeprefix(PREFIX)[:-1]), _as_id(last)
    found = found.order_by("pk")
    if first_id is not None:
        found = found.filter(pk__gt=first_id)
    return found.filter(pk__lte=last_id) if last_id is not None else found


def _note_missing(missing: list[tuple[uuid.UUID, str]], after: str, last: str) -> None:
    slice_ids = _between(Inspection.objects.all(), after, last).values("pk")
    MissingObject.objects.filter(inspection__in=slice_ids).exclude(key__in=[key for _, key in missing]).delete()
    for inspection_id, key in missing:
        log.error("object missing", inspection=str(inspection_id), key=key)
        MissingObject.objects.get_or_create(key=key, defaults={"inspection_id": inspection_id})
