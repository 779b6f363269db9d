"""Codes by mail: the worker makes each code, keeps only a keyed hash, and mails it once. A code allows a few tries.

The tables that hold such codes have the same columns; `rows` selects the table.
"""

import secrets
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import MAX_MAIL_DELAY
from accounts.notifications.mail import send_mail
from accounts.notifications.port import Message

Rows = QuerySet[Any, Any]
# If a worker dies between making a code and mailing it, another worker waits this long before it makes a new one.
MAIL_LEASE: Final = timedelta(seconds=60)


def hash_code(row: Any, code: str) -> str:
    """Return the keyed hash. It is useless without the server's key, although only a million codes exist."""
    return salted_hmac("accounts.reset_codes", f"{row.pk}:{code}", algorithm="sha256").hexdigest()


def unsent(rows: Rows) -> Rows:
    """Return the requests that are not mailed and that no worker seems to be mailing."""
    now = timezone.now()
    abandoned = Q(expires_at__lt=now + lifetime() - MAIL_LEASE)
    return rows.filter(
        Q(code_hash="") | abandoned,
        sent_at=None,
        used_at=None,
        user__is_active=True,
        requested_at__gt=now - MAX_MAIL_DELAY,
    )


def pending(rows: Rows) -> list[uuid.UUID]:
    """Return the requests that are not mailed yet and that no worker has claimed."""
    return list(unsent(rows).order_by("requested_at").values_list("pk", flat=True))


def expired(rows: Rows) -> Rows:
    """Return the requests that can no longer be used."""
    return rows.filter(requested_at__lt=timezone.now() - timedelta(hours=settings.RETENTION_RESET_CODE_HOURS))


def mail_code(rows: Rows, row_id: uuid.UUID, *, compose: Callable[[Any, str], Message]) -> None:
    """Mail the code of this request unless it was mailed. Safe to run twice, and after a worker died in it."""
    made = _make_code(rows, row_id)
    if made is None:
        return
    row, code = made
    if not send_mail(compose(row, code), row_id=row_id):
        return
    now = timezone.now()
    # Another worker may have made a newer code meanwhile. Then that worker's mail counts, not this one.
    rows.filter(pk=row.pk, code_hash=row.code_hash, used_at=None).update(sent_at=now, expires_at=now + lifetime())


def try_code(row: Any, code: str) -> bool:
    """Count one try at a locked row. Returns True, and uses the code up, if it is right and still valid."""
    return count_try(row, lambda: constant_time_compare(row.code_hash, hash_code(row, code)))


def count_try(row: Any, is_right: Callable[[], bool]) -> bool:
    """Count one try at a locked row. Returns what `is_right` returns, without calling it if no try is left."""
    if not is_open(row):
        return False
    row.tries += 1
    right = is_right()
    row.used_at = timezone.now() if right else None
    row.save(update_fields=["tries", "used_at"])
    return right


def is_open(row: Any) -> bool:
    in_time = row.expires_at is not None and timezone.now() < row.expires_at
    return in_time and row.used_at is None and row.tries < settings.RESET_CODE_TRIES


def lifetime() -> timedelta:
    return timedelta(minutes=settings.RESET_CODE_MINUTES)


def _make_code(rows: Rows, row_id: uuid.UUID) -> tuple[Any, str] | None:
    """Claim the request with a fresh code. The code itself is in no row, no log and no queue message."""
    code = f"{secrets.randbelow(1_000_000):06d}"
    with transaction.atomic():
        row = unsent(rows).select_for_update(of=("self",)).filter(pk=row_id).first()
        if row is None or row.user is None:
            return None
        row.code_hash, row.expires_at = hash_code(row, code), timezone.now() + lifetime()
        row.save(update_fields=["code_hash", "expires_at"])
        return row, code
