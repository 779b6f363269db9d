"""Mails that prove an address: the code to the new address, and the notice to the address that it replaces."""

import uuid

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from accounts.identity import mailed_codes
from accounts.models import CLOSED, EmailCode, User
from accounts.notifications.mail import send_mail
from accounts.notifications.port import Message, MessageKind


def mail_code(*, code_id: uuid.UUID) -> None:
    """Mail the code of this request unless it was mailed. Safe to run twice, and after a worker died in it."""
    mailed_codes.mail_code(_open(), code_id, compose=_compose)


def mail_notice(*, code_id: uuid.UUID) -> None:
    """Notify the old address that the owner asked to replace it."""
    row = EmailCode.claim(code_id)
    if row is None:
        return
    if send_mail(Message(MessageKind.ADDRESS_CHANGE_NOTICE, row.notice_to), row_id=row.pk):
        EmailCode.objects.filter(pk=row.pk).update(noticed_at=timezone.now())


def pending_codes() -> list[uuid.UUID]:
    """Return the codes that are not mailed yet and that no worker has claimed."""
    return mailed_codes.pending(_open())


def pending_notices() -> list[uuid.UUID]:
    """Return the notices that are not mailed yet and that no worker has claimed."""
    return list(EmailCode.due().order_by("requested_at").values_list("pk", flat=True))


def unsent_codes() -> QuerySet[EmailCode, EmailCode]:
    return mailed_codes.unsent(_open())


def old_codes() -> QuerySet[EmailCode, EmailCode]:
    return mailed_codes.expired(EmailCode.objects.all())


def close_codes(*, user: User) -> None:
    """Close every code requested until now, so that none proves an address. The old address still gets its notices."""
    EmailCode.objects.filter(user=user, used_at=None).update(tries=CLOSED)


def _open() -> QuerySet[EmailCode, EmailCode]:
    return EmailCode.objects.exclude(tries=CLOSED)


def _compose(row: EmailCode, code: str) -> Message:
    """Compose the mail. Only its reader learns whether the address has an account."""
    if User.objects.filter(email=row.email).exclude(pk=row.user_id).exists():
        return Message(MessageKind.ADDRESS_TAKEN, row.email)
    context = {"code": code, "minutes": str(settings.RESET_CODE_MINUTES)}
    return Message(MessageKind.EMAIL_CODE, row.email, context)
