"""One effect per `Idempotency-Key`, even if a phone on a bad connection sends it often and in parallel.

The claim is committed before the effect starts, so that a parallel duplicate sees it. The effect and its outcome share
one transaction. The claim of a dead request is taken over. Only lasting successes are stored. The record has a
reference to the resource, never a body: a replay renders the resource again, with fresh links.
"""

import hashlib
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from maretech.common.http.errors import IdempotencyInProgress, IdempotencyKeyReused, Invalid
from maretech.common.models import IdempotencyRecord

HEADER = "Idempotency-Key"
MAX_KEY_LENGTH = 255
REPLAYED = "Idempotent-Replayed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of an effect: the HTTP status and a JSON reference from which the answer can be rendered again.

    An outcome with `is_kept` answers the key from now on. A result that may change later is not kept: a retry runs
    again.
    """

    status: int
    reference: dict[str, Any]
    is_kept: bool = True


class _ClaimLost(Exception):
    """Another request took this claim over; everything that this one did is rolled back."""


def run_idempotent(
    request: Request,
    *,
    effect: Callable[[], Outcome],
    present: Callable[[dict[str, Any]], Any],
    prepare: Callable[[], None] = lambda: None,
) -> Response:
    """Run `effect` in a transaction, once per key. Answers with its reference as rendered by `present`.

    `prepare` runs before, outside any transaction, so it may call the outside world.
    """
    key = request.headers.get(HEADER)
    if key is None:
        prepare()
        with transaction.atomic():
            outcome = effect()
        return Response(present(outcome.reference), status=outcome.status)
    if not (1 <= len(key) <= MAX_KEY_LENGTH and key.isprintable()):
        raise Invalid(idempotency_key="1 to 255 printable characters.")
    record, claimed = _claim(request, key)
    if not claimed:
        return Response(present(record.reference or {}), status=record.status_code, headers={REPLAYED: "true"})
    try:
        prepare()
        outcome = _settle(record, effect)
    except _ClaimLost:
        raise IdempotencyInProgress(retry_after=1) from None
    except BaseException:
        IdempotencyRecord.objects.filter(pk=record.pk, claim=record.claim, status_code=None).delete()
        raise
    return Response(present(outcome.reference), status=outcome.status)


def _settle(record: IdempotencyRecord, effect: Callable[[], Outcome]) -> Outcome:
    with transaction.atomic():
        outcome = effect()
        own = IdempotencyRecord.objects.filter(pk=record.pk, claim=record.claim, status_code=None)
        if outcome.is_kept:
            settled = own.update(status_code=outcome.status, reference=outcome.reference)
        else:
            settled, _ = own.delete()
        if not settled:
            raise _ClaimLost
    return outcome


def _claim(request: Request, key: str) -> tuple[IdempotencyRecord, bool]:
    """Return the record of this key, and whether this request now holds the claim to run its effect."""
    identity = {"user_id": request.user.pk, "path": request.path, "key": key}
    body_sha256 = _fingerprint(request.data)
    now = timezone.now()
    try:
        with transaction.atomic():
            return IdempotencyRecord.objects.create(**identity, body_sha256=body_sha256, claimed_at=now), True
    except IntegrityError:
        record = IdempotencyRecord.objects.filter(**identity).first()
    if record is None:  # refused and deleted at this moment: the next try claims it
        raise IdempotencyInProgress(retry_after=1)
    if record.body_sha256 != body_sha256:
        raise IdempotencyKeyReused
    if record.status_code is not None:
        return record, False
    return _take_over(record), True


def _take_over(record: IdempotencyRecord) -> IdempotencyRecord:
    """Take over the claim of a dead request. Raises `IdempotencyInProgress` while it may still be alive."""
    age = timezone.now() - record.claimed_at
    patience = timedelta(seconds=settings.IDEMPOTENCY_TAKEOVER_SECONDS)
    held, record.claim, record.claimed_at = record.claim, uuid.uuid4(), timezone.now()
    same_claim = IdempotencyRecord.objects.filter(pk=record.pk, claim=held, status_code=None)
    if age < patience or not same_claim.update(claim=record.claim, claimed_at=record.claimed_at):
        raise IdempotencyInProgress(retry_after=max(1, int((patience - age).total_seconds())))
    return record


def _fingerprint(body: Any) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()


def expired() -> QuerySet[IdempotencyRecord]:
    """Return the records past their retention time."""
    horizon = timezone.now() - timedelta(hours=settings.IDEMPOTENCY_KEEP_HOURS)
    return IdempotencyRecord.objects.filter(claimed_at__lt=horizon)
