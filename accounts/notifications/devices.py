"""The phones and browsers that get a user's pushes."""

import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import Device, Session, User
from accounts.vocabulary import Platform
from maretech.common.http.errors import NotFound, TokenInvalid


@dataclass(frozen=True, slots=True)
class WebSubscription:
    """A browser's subscription. Keys are base64url without padding."""

    endpoint: str
    p256dh: str
    auth: str


@transaction.atomic
def register_device(*, session: Session, platform: Platform, push_token: str) -> Device:
    """Send this user's pushes to this phone until the session ends, and no other user's.

    A phone that changes owners takes no news along. If several accounts register one token at once, the last one gets
    it. Locks the user, then the session, then the device. Raises `TokenInvalid` for a session that has just ended.
    """
    return _store(Device(platform=platform, push_token=push_token), session=session, key="push_token")


@transaction.atomic
def register_subscription(*, session: Session, subscription: WebSubscription) -> Device:
    """Send this user's pushes to this browser until the session ends, and no other user's.

    The rules for a push token hold for the endpoint. Registering a known endpoint replaces its keys.
    """
    device = Device(
        platform=Platform.WEB,
        endpoint=subscription.endpoint,
        p256dh=subscription.p256dh,
        auth=subscription.auth,
    )
    return _store(device, session=session, key="endpoint")


def _store(device: Device, *, session: Session, key: str) -> Device:
    user = User.objects.select_for_update().get(pk=session.user_id)
    if Session.objects.select_for_update().filter(pk=session.pk, ended_at=None).first() is None:
        raise TokenInvalid
    same = Device.objects.filter(**{key: getattr(device, key)})
    same.exclude(user=user).delete()
    device.user, device.session, device.created_at = user, session, timezone.now()
    # One statement, so that the database decides which is last. A known device keeps its id and its time.
    Device.objects.bulk_create(
        [device],
        update_conflicts=True,
        unique_fields=[key],
        update_fields=["user", "session", "platform", "p256dh", "auth"],
    )
    return same.get()


def forget_device(*, user: User, device_id: uuid.UUID) -> None:
    """Stop pushes to this phone or browser. Raises `NotFound` for a device that is not the user's."""
    deleted, _ = Device.objects.filter(user=user, pk=device_id).delete()
    if not deleted:
        raise NotFound


def forget_browsers() -> int:
    """Stop pushes to every browser. Returns how many there were."""
    deleted, _ = Device.objects.filter(platform=Platform.WEB).delete()
    return deleted


def forget_lost_device(device: Device) -> None:
    """Stop pushes to a device that its push service no longer knows, unless it has another token or keys meanwhile."""
    reached_by = {name: getattr(device, name) for name in ("push_token", "endpoint", "p256dh", "auth")}
    Device.objects.filter(pk=device.pk, **reached_by).delete()
