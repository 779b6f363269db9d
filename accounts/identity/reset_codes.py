"""The mail with the code of a password reset."""

import uuid

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.identity import mailed_codes
from accounts.identity.mailed_codes import MAIL_LEASE
from accounts.models import PasswordReset
from accounts.notifications.port import Message, MessageKind


def mail_code(*, reset_id: uuid.UUID) -> None:
    """Mail the code of this request unless it was mailed. Safe to run twice, and after a worker died in it."""
    mailed_codes.mail_code(PasswordReset.objects.all(), reset_id, compose=_compose)


def pending_resets() -> list[uuid.UUID]:
    """Return the requests that are not mailed yet and that no worker has claimed."""
    return mailed_codes.pending(PasswordReset.objects.all())


def unsent_resets() -> QuerySet[PasswordReset, PasswordReset]:
    """Return the requests that are not mailed and that no worker seems to be mailing."""
    return mailed_codes.unsent(PasswordReset.objects.all())


def old_resets() -> QuerySet[PasswordReset, PasswordReset]:
    """Return the requests that can no longer be used, and those for addresses without an account."""
    resets = PasswordReset.objects.all()
    return mailed_codes.expired(resets) | resets.filter(Q(user=None, requested_at__lt=timezone.now() - MAIL_LEASE))


def delete_old_resets() -> None:
    old_resets().delete()


def _compose(reset: PasswordReset, code: str) -> Message:
    assert reset.user is not None  # otherwise no mail is due
    context = {"code": code, "minutes": str(settings.RESET_CODE_MINUTES)}
    return Message(MessageKind.RESET_CODE, reset.user.email, context)
