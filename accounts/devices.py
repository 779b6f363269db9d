"""Which phones get a user's pushes."""

import uuid

from django.db import transaction

from accounts.choices import Platform
from accounts.models import Device, User
from maretech.common.errors import NotFound


def register_device(*, user: User, platform: Platform, push_token: str) -> Device:
    """This phone gets the user's pushes, and nobody else's: a phone that changes hands takes no news along."""
    with transaction.atomic():
        Device.objects.filter(push_token=push_token).exclude(user=user).delete()
        device, _ = Device.objects.update_or_create(user=user, push_token=push_token, defaults={"platform": platform})
    return device


def forget_device(*, user: User, device_id: uuid.UUID) -> None:
    """This phone gets no more pushes. Raises `NotFound` for one that is not the user's."""
    deleted, _ = Device.objects.filter(user=user, pk=device_id).delete()
    if not deleted:
        raise NotFound
