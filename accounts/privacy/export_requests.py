"""Asking for what is known of oneself, to take along."""

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Export, User
from accounts.privacy.export import lies_in_store
from accounts.tasks import build_export
from maretech.common.work.queue import enqueue_on_commit

log = structlog.get_logger(__name__)


def current_export(*, user: User) -> Export:
    """The one that can be fetched or is being built; a new one, queued, where there is none.

    Of parallel calls each gets the same.
    """
    newest = Export.objects.filter(user=user).order_by("-requested_at").first()
    if newest is not None and _leads_somewhere(newest):
        return newest
    try:
        with transaction.atomic():
            asked = Export.objects.create(user=user)
            enqueue_on_commit(build_export, str(asked.pk), queue="privacy", expires_seconds=60)
    except IntegrityError:  # somebody was quicker
        return Export.objects.filter(user=user).latest("requested_at")
    return asked


def _leads_somewhere(export: Export) -> bool:
    """It is being built, or can be fetched. One whose ZIP is gone, as after a restore, goes too."""
    if export.expires_at is None:
        return True
    if export.expires_at <= timezone.now():
        return False
    if not lies_in_store(export):
        log.error("object missing", key=export.key)
        export.delete()
        return False
    return True
