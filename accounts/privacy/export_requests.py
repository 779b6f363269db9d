"""Requests for a copy of one's own data."""

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Export, User
from accounts.privacy.export import is_in_store
from accounts.tasks import build_export
from maretech.common.work.queue import enqueue_on_commit

log = structlog.get_logger(__name__)


def current_export(*, user: User) -> Export:
    """Return the export that can be downloaded or is being built; create and queue one if there is none.

    Parallel calls all get the same export.
    """
    newest = Export.objects.filter(user=user).order_by("-requested_at").first()
    if newest is not None and _is_usable(newest):
        return newest
    try:
        with transaction.atomic():
            export = Export.objects.create(user=user)
            enqueue_on_commit(build_export, str(export.pk), queue="privacy", expires_seconds=60)
    except IntegrityError:  # a parallel call was first
        return Export.objects.filter(user=user).latest("requested_at")
    return export


def _is_usable(export: Export) -> bool:
    """Return whether the export is being built or has its ZIP. One without its ZIP, as after a restore, is dropped."""
    if export.expires_at is None:
        return True
    if export.expires_at <= timezone.now():
        return False
    if not is_in_store(export):
        log.error("object missing", key=export.key)
        export.delete()
        return False
    return True
