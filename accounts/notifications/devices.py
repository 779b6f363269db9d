"""Which phones get a user's pushes."""

import uuid

from django.db import transaction
from django.utils import timezone

from accounts.models import Device, Session, User
from accounts.vocabulary import Platform
from maretech.common.http.errors import NotFound, TokenInvalid


@transaction.atomic
def register_device(*, session: Session, platform: Platform, push_token: str) -> Device:
    """This phone gets the user's pushes until the session ends, and nobody else's: a phone that changes hands takes no
    news along. Of any number of accounts that register a token at once, the last one has it.

    The order of the locks: the user, the session, the device. Raises `TokenInvalid` for a session that has just ended.
    """
    user = User.objects.select_for_update().get(pk=session.user_id)
    if Session.objects.select_for_update().filter(pk=session.pk, ended_at=None).first() is None:
        raise TokenInvalid
    Device.objects.filter(push_token=push_token).exclude(user=user).delete()
    device = Device(user=user, session=session, platform=platform, push_token=push_token, created_at=timezone.now())
    # One statement, so that the database says who is last; a device that was known keeps its id and its time.
    Device.objects.bulk_create(
        [device],
        update_conflicts=True,
        unique_fields=["push_token"],
        update_fields=["user", "session", "platform"],
    )
    return Device.objects.get(push_token=push_token)


def forget_device(*, user: User, device_id: uuid.UUID) -> None:
    """This phone gets no more pushes. Raises `NotFound` for one that is not the user's."""
    deleted, _ = Device.objects.filter(user=user, pk=device_id).delete()
    if not deleted:
        raise NotFound
