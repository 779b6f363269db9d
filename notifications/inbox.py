"""The notifications that an owner reads in the app."""

import uuid

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from maretech.common.http.errors import NotFound
from notifications.models import Notification


def notifications_of(user: User) -> QuerySet[Notification]:
    return Notification.objects.filter(recipient=user)


def mark_read(*, user: User, notification_id: uuid.UUID) -> None:
    """Mark the owner's notification as read; the first time stays. Raises `NotFound` for another owner's."""
    own = notifications_of(user).filter(pk=notification_id)
    if not own.filter(read_at=None).update(read_at=timezone.now()) and not own.exists():
        raise NotFound


def mark_all_read(*, user: User) -> None:
    notifications_of(user).filter(read_at=None).update(read_at=timezone.now())
