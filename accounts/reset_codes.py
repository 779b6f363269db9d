"""The code of a password reset: made by the worker, kept only as a keyed hash, mailed once."""

import secrets
import smtplib
import uuid
from datetime import timedelta

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import PasswordReset

log = structlog.get_logger(__name__)

# A worker that died between making a code and mailing it is given this long before another makes a new one.
MAIL_LEASE = timedelta(seconds=60)
# Nobody waits longer than this for a mail; older requests are forgotten.
PATIENCE = timedelta(hours=1)
SUBJECT = "Your Maretech code"
BODY = """Your code to choose a new password is {code}

It works once, for {minutes} minutes. If you did not ask for it, ignore this mail: your password stays as it is.
"""


def hash_code(reset: PasswordReset, code: str) -> str:
    """Useless without the server's key, although there are only a million codes."""
    return salted_hmac("accounts.reset_codes", f"{reset.pk}:{code}", algorithm="sha256").hexdigest()


def mail_code(*, reset_id: uuid.UUID) -> None:
    """Mail the code of this request unless that was done. Safe to run twice, and after a worker died in it."""
    made = _make_code(reset_id)
    if made is None:
        return
    reset, email, code = made
    minutes = settings.RESET_CODE_MINUTES
    try:
        send_mail(SUBJECT, BODY.format(code=code, minutes=minutes), settings.DEFAULT_FROM_EMAIL, [email])
    except (smtplib.SMTPException, OSError) as exc:
        log.warning("reset code not mailed, the sweep will retry", reset_id=str(reset_id), error=type(exc).__name__)
        return
    now = timezone.now()
    # Another worker may have made a newer code meanwhile: then its mail counts, not this one.
    PasswordReset.objects.filter(pk=reset.pk, code_hash=reset.code_hash, used_at=None).update(
        sent_at=now, expires_at=now + _lifetime()
    )


def pending_resets() -> list[uuid.UUID]:
    """The requests whose mail is still owed and that no worker is at."""
    return list(owed().order_by("requested_at").values_list("pk", flat=True))


def old_resets() -> QuerySet[PasswordReset, PasswordReset]:
    """Requests that can no longer be used, and those of addresses nobody has."""
    now = timezone.now()
    kept_for = timedelta(hours=settings.RETENTION_RESET_CODE_HOURS)
    return PasswordReset.objects.filter(
        Q(requested_at__lt=now - kept_for) | Q(user=None, requested_at__lt=now - MAIL_LEASE)
    )


def forget_old_resets() -> None:
    old_resets().delete()


def _make_code(reset_id: uuid.UUID) -> tuple[PasswordReset, str, str] | None:
    """Claim the request with a fresh code. The code itself is in no row, no log and no message."""
    code = f"{secrets.randbelow(1_000_000):06d}"
    with transaction.atomic():
        reset = owed().select_for_update(of=("self",)).filter(pk=reset_id).first()
        if reset is None or reset.user is None:
            return None
        reset.code_hash, reset.expires_at = hash_code(reset, code), timezone.now() + _lifetime()
        reset.save(update_fields=["code_hash", "expires_at"])
        return reset, reset.user.email, code


def owed() -> QuerySet[PasswordReset, PasswordReset]:
    """Requests whose mail nobody has sent, or seems to be sending."""
    now = timezone.now()
    abandoned = Q(expires_at__lt=now + _lifetime() - MAIL_LEASE)
    return PasswordReset.objects.filter(
        Q(code_hash="") | abandoned, sent_at=None, used_at=None, user__is_active=True, requested_at__gt=now - PATIENCE
    )


def _lifetime() -> timedelta:
    return timedelta(minutes=settings.RESET_CODE_MINUTES)
