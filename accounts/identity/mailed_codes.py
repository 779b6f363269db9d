"""Codes by mail: made by the worker, kept only as a keyed hash, mailed once, and good for a few tries.

The tables that hold such codes have the same columns; `rows` says which table is meant.
"""

import secrets
import smtplib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

log = structlog.get_logger(__name__)

Rows = QuerySet[Any, Any]
# A worker that died between making a code and mailing it is given this long before another makes a new one.
MAIL_LEASE: Final = timedelta(seconds=60)
# Nobody waits longer than this for a mail; older requests are forgotten.
PATIENCE: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Mail:
    to: str
    subject: str
    body: str


def hash_code(row: Any, code: str) -> str:
    """Useless without the server's key, although there are only a million codes."""
    return salted_hmac("accounts.reset_codes", f"{row.pk}:{code}", algorithm="sha256").hexdigest()


def owed(rows: Rows) -> Rows:
    """Requests whose mail nobody has sent, or seems to be sending."""
    now = timezone.now()
    abandoned = Q(expires_at__lt=now + lifetime() - MAIL_LEASE)
    return rows.filter(
        Q(code_hash="") | abandoned, sent_at=None, used_at=None, user__is_active=True, requested_at__gt=now - PATIENCE
    )


def pending(rows: Rows) -> list[uuid.UUID]:
    """The requests whose mail is still owed and that no worker is at."""
    return list(owed(rows).order_by("requested_at").values_list("pk", flat=True))


def old(rows: Rows) -> Rows:
    """Requests that can no longer be used."""
    return rows.filter(requested_at__lt=timezone.now() - timedelta(hours=settings.RETENTION_RESET_CODE_HOURS))


def mail_code(rows: Rows, row_id: uuid.UUID, *, compose: Callable[[Any, str], Mail]) -> None:
    """Mail the code of this request unless that was done. Safe to run twice, and after a worker died in it."""
    made = _make_code(rows, row_id)
    if made is None:
        return
    row, code = made
    if not sent(compose(row, code), row_id=row_id):
        return
    now = timezone.now()
    # Another worker may have made a newer code meanwhile: then its mail counts, not this one.
    rows.filter(pk=row.pk, code_hash=row.code_hash, used_at=None).update(sent_at=now, expires_at=now + lifetime())


def sent(mail: Mail, *, row_id: uuid.UUID) -> bool:
    """Whether the mail server has taken it. What it has not, the sweep sends again."""
    try:
        send_mail(mail.subject, mail.body, settings.DEFAULT_FROM_EMAIL, [mail.to])
    except (smtplib.SMTPException, OSError) as exc:
        log.warning("mail not sent, the sweep will retry", id=str(row_id), error=type(exc).__name__)
        return False
    return True


def try_code(row: Any, code: str) -> bool:
    """Count one try at a row that is locked, and use it up if the code is right and still good."""
    if not is_open(row):
        return False
    row.tries += 1
    right = constant_time_compare(row.code_hash, hash_code(row, code))
    row.used_at = timezone.now() if right else None
    row.save(update_fields=["tries", "used_at"])
    return right


def is_open(row: Any) -> bool:
    in_time = row.expires_at is not None and timezone.now() < row.expires_at
    return in_time and row.used_at is None and row.tries < settings.RESET_CODE_TRIES


def lifetime() -> timedelta:
    return timedelta(minutes=settings.RESET_CODE_MINUTES)


def _make_code(rows: Rows, row_id: uuid.UUID) -> tuple[Any, str] | None:
    """Claim the request with a fresh code. The code itself is in no row, no log and no message."""
    code = f"{secrets.randbelow(1_000_000):06d}"
    with transaction.atomic():
        row = owed(rows).select_for_update(of=("self",)).filter(pk=row_id).first()
        if row is None or row.user is None:
            return None
        row.code_hash, row.expires_at = hash_code(row, code), timezone.now() + lifetime()
        row.save(update_fields=["code_hash", "expires_at"])
        return row, code
