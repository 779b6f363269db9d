"""The phones that get a user's pushes."""

import uuid

from django.db import transaction
from django.utils import timezone

from accounts.models import Device, Session, User
from accounts.vocabulary import Platform
from maretech.common.http.errors import NotFound, TokenInvalid


@transaction.atomic
def register_device(*, session: Session, platform: Platform, push_token: str) -> Device:
    """Send this user's pushes to this phone until the session ends, and no other user's.

    A phone that changes owners takes no news along. If several accounts register one token at once, the last one gets
    it. Locks the user, then the session, then the device. Raises `TokenInvalid` for a session that has just ended.
    """
    user = User.objects.select_for_update().get(pk=session.user_id)
    if Session.objects.select_for_update().filter(pk=session.pk, ended_at=None).first() is None:
        raise TokenInvalid
    Device.objects.filter(push_token=push_token).exclude(user=user).delete()
    device = Device(user=user, session=session, platform=platform, push_token=push_token, created_at=timezone.now())
    # One statement, so that the database decides which is last. A known device keeps its id and its time.
    Device.objects.bulk_create(
        [device],
        update_conflicts=True,
        unique_fields=["push_token"],
        update_fields=["user", "session", "platform"],
    )
    return Device.objects.get(push_token=push_token)


def forget_device(*, user: User, device_id: uuid.UUID) -> None:
    """Stop pushes to this phone. Raises `NotFound` for a device that is not the user's."""
    deleted, _ = Device.objects.filter(user=user, pk=device_id).delete()
    if not deleted:
        raise NotFound


def forget_lost_device(device: Device) -> None:
    """Stop pushes to a device whose push service no longer knows it, unless the device has another token meanwhile."""
    Device.objects.filter(pk=device.pk, push_token=device.push_token).delete()
