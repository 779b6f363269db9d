"""Worker side of exports: builds one ZIP of an owner's data, served by a link and deleted in time."""

import math
import tempfile
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import IO
from uuid import UUID

import structlog
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Export, User, exports_of
from accounts.privacy.archive import Archive
from accounts.privacy.register import registered
from maretech.common.storage import object_store

README = """What Maretech knows of you, {date}.

account/     who you are to us: address, agreements, phones, sign-ins
payments/    what you bought, and what became of it
vessels/     your boats, as you described them
dossiers/    what you put together for surveyors, in your words, with the PDFs and recordings
Each product has a folder with its inspections and a text that describes them.

The files are JSON; times are UTC. Photos are there twice: as the copies that the app shows, without position, camera or
any other hidden data; and below originals/ exactly as your phone sent them. A phone may have written into those where
they were taken. Think of that before you pass them on.
"""
OMITTED_ORIGINALS = """
{count} of the original photos did not fit into this file, which holds only their copies. Ask support for all of them.
"""

log = structlog.get_logger(__name__)


def build(export_id: UUID, *, on_progress: Callable[[], None] = lambda: None) -> None:
    """Build the ZIP and put it into the object store. Safe to run twice, and to be killed at any line."""
    export = Export.claim(export_id)
    if export is None:
        return
    with tempfile.TemporaryFile() as file:
        write_archive(export.user, file, max_bytes=settings.EXPORT_MAX_BYTES, on_progress=on_progress)
        byte_size = file.tell()
        file.seek(0)
        object_store().write_file(export.key, file, content_type="application/zip")
    now = timezone.now()
    expires_at = now + timedelta(hours=settings.RETENTION_EXPORT_HOURS)
    # Two statements: Postgres does not check a condition on the account again after it has waited for another change.
    is_awaited = Export.awaited().filter(pk=export_id).exists()
    built = Export.unfinished().filter(pk=export_id)
    if not is_awaited or not built.update(built_at=now, byte_size=byte_size, expires_at=expires_at):
        # The account was erased meanwhile, or another attempt built the ZIP and stored the same content under the same
        # key.
        if not Export.objects.filter(pk=export_id, user__is_active=True).exists():
            object_store().delete([export.key])
        return
    log.info("export built", export=str(export.pk), byte_size=byte_size)


def write_archive(
    user: User, file: IO[bytes], *, max_bytes: float = math.inf, on_progress: Callable[[], None] = lambda: None
) -> None:
    """Write all of the user's data as one ZIP, with original photos while it is within `max_bytes`.

    Calls `on_progress` for every photo in it.
    """
    with Archive(file, max_bytes=max_bytes, on_progress=on_progress) as archive:
        for data in registered():
            data.export(user, archive)
        readme = README.format(date=f"{timezone.now():%Y-%m-%d %H:%M} UTC")
        readme += OMITTED_ORIGINALS.format(count=archive.omitted_originals) if archive.omitted_originals else ""
        archive.text("README.txt", readme)


def exports_to_build() -> list[UUID]:
    """Return the open exports that no worker has claimed."""
    return list(Export.due().order_by("requested_at").values_list("pk", flat=True))


def expired_exports() -> QuerySet[Export]:
    return Export.objects.filter(expires_at__lte=timezone.now())


def claimed_export_keys() -> set[str]:
    """Return the keys that rows account for, built or not.

    Call this after listing the store: a row exists before its object, and is deleted after it.
    """
    return {export.key for export in Export.objects.iterator()}


def unexpired_exports() -> QuerySet[Export]:
    """Return the exports that must have a ZIP in the store."""
    return Export.objects.filter(expires_at__gt=timezone.now())


def void_exports(user_id: UUID) -> None:
    """Void the user's exports, because something in them is not theirs any more: the next request builds another.

    Runs in the caller's transaction and leaves the store alone. A worker that is building one finds no row at its end
    and deletes its ZIP; the nightly retention deletes the finished ones.
    """
    own, now = Export.objects.filter(user=user_id), timezone.now()
    own.filter(built_at=None).delete()
    own.filter(expires_at__gt=now).update(expires_at=now)


def is_in_store(export: Export) -> bool:
    """Return whether the store has the ZIP. Lists instead of a HEAD, for which the embedded store would read it all."""
    return export.key in object_store().list(exports_of(export.user_id))


def delete_exports(exports: Iterable[Export]) -> None:
    """Delete the ZIPs from the store first, then the rows that hold their keys."""
    known = list(exports)
    object_store().delete([export.key for export in known])
    Export.objects.filter(pk__in=[export.pk for export in known]).delete()
