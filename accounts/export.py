"""Asking for what is known of oneself, to take along."""

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.exporting import lies_in_store
from accounts.models import Export, User
from accounts.tasks import build_export
from maretech.common.queue import enqueue_on_commit

log = structlog.get_logger(__name__)


def current_export(*, user: User) -> Export:
    """The one that can be fetched or is being built; a new one, queued, where there is none.

    Of parallel calls each gets the same.
    """
    newest = _newest_of(user)
    if newest is not None and (newest.expires_at is None or newest.expires_at > timezone.now()):
        return newest
    try:
        with transaction.atomic():
            asked = Export.objects.create(user=user)
            enqueue_on_commit(build_export, str(asked.pk), queue="privacy", expires_seconds=60)
    except IntegrityError:  # somebody was quicker
        return Export.objects.filter(user=user).latest("requested_at")
    return asked


def _newest_of(user: User) -> Export | None:
    """A row whose ZIP is gone, as after a restore, would lead to nothing: it goes, and another one is built."""
    newest = Export.objects.filter(user=user).order_by("-requested_at").first()
    if newest is None or newest.built_at is None or lies_in_store(newest):
        return newest
    log.error("object missing", key=newest.key)
    newest.delete()
    return None
