"""Mails that prove an address: the code to the new address, and the notice to the address that it replaces."""

import uuid
from typing import Final

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from accounts.identity import mailed_codes
from accounts.identity.mailed_codes import Mail
from accounts.models import CLOSED, EmailCode, User

SUBJECT: Final = "Your Maretech code"
BODY: Final = """Your code to confirm this e-mail address is {code}

It works once, for {minutes} minutes. If you have no Maretech account, ignore this mail: somebody typed your address.
"""
TAKEN_SUBJECT: Final = "Your Maretech account"
TAKEN_BODY: Final = """Somebody asked to use this e-mail address for another Maretech account.

It has an account already, so nothing was changed. If it was you, sign in to that account, or reset its password.
"""
NOTICE_SUBJECT: Final = "Your Maretech account is to get another e-mail address"
NOTICE_BODY: Final = """Somebody who knows your password asked to move your Maretech account to another e-mail address.

If it was you, there is nothing to do here: enter the code that was sent to the new address.
If it was not you, choose a new password now. That ends every session and stops the change.
"""


def mail_code(*, code_id: uuid.UUID) -> None:
    """Mail the code of this request unless it was mailed. Safe to run twice, and after a worker died in it."""
    mailed_codes.mail_code(_open(), code_id, compose=_compose)


def mail_notice(*, code_id: uuid.UUID) -> None:
    """Notify the old address that the owner asked to replace it."""
    row = EmailCode.claim(code_id)
    if row is None:
        return
    if mailed_codes.deliver(Mail(row.notice_to, NOTICE_SUBJECT, NOTICE_BODY), row_id=row.pk):
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


def _compose(row: EmailCode, code: str) -> Mail:
    """Compose the mail. Only its reader learns whether the address has an account."""
    if User.objects.filter(email=row.email).exclude(pk=row.user_id).exists():
        return Mail(row.email, TAKEN_SUBJECT, TAKEN_BODY)
    return Mail(row.email, SUBJECT, BODY.format(code=code, minutes=settings.RESET_CODE_MINUTES))
