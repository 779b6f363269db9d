"""Retries of rows that ask the worker for something: which worker claims a row, and when it is retried."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db.models import F, QuerySet
from django.utils import timezone

_LONGEST: Final = timedelta(hours=1)


def claim_attempt(open_ones: QuerySet[Any], row_id: UUID) -> bool:
    """Claim the row for one try. Returns True to exactly one of several workers.

    Counts the try before it begins. The next try is due after a job's lease; the wait doubles with each try, to an hour
    at most.
    """
    now = timezone.now()
    attempts = open_ones.filter(pk=row_id, next_try_at__lte=now).values_list("attempts", flat=True).first()
    if attempts is None:
        return False
    wait = min(_LONGEST, timedelta(seconds=settings.JOB_LEASE_SECONDS * 2 ** min(attempts, 10)))
    untaken = open_ones.filter(pk=row_id, next_try_at__lte=now, attempts=attempts)
    return bool(untaken.update(attempts=F("attempts") + 1, next_try_at=now + wait))
