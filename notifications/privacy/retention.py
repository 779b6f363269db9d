"""Retention of notifications."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from maretech.common.work.retention import RetentionRule
from notifications.models import Notification


def _old_notifications() -> QuerySet[Notification]:
    """Return the notifications older than the retention time. No event notifies again that late."""
    return Notification.objects.filter(
        created_at__lt=timezone.now() - timedelta(days=settings.RETENTION_NOTIFICATION_DAYS)
    )


RULES: Final = (RetentionRule("notifications", _old_notifications),)
