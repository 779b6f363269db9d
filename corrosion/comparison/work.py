"""The life of a comparison's row: sent, claimed, held, given up, opened again. Messages are hints."""

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from corrosion.judgement import wording
from corrosion.judgement.comparability import COULD_NOT_BE_COMPARED
from corrosion.judgement.verdicts import RULE_VERSION
from corrosion.models import Comparison
from corrosion.vocabulary import ComparisonState

log = structlog.get_logger(__name__)

# Each waits twice as long as the one before. A photo that kills workers is not outlived; an outage counts as none.
MAX_ATTEMPTS = 5


def claim_to_send(comparison_id: int) -> bool:
    """Whether the worker is to be told now; of several callers, one is told yes.

    An owner has one message waiting, so that nobody waits behind all that another one asked for.
    """
    now = timezone.now()
    waiting = _sent_and_untried().filter(before__owner=OuterRef("before__owner"))
    due = Comparison.objects.filter(pk=comparison_id, state=ComparisonState.PENDING, send_at__lte=now)
    until = now + timedelta(seconds=settings.JOB_REENQUEUE_SECONDS)
    return bool(due.exclude(Exists(waiting)).update(send_at=until))


def next_of_its_owner(comparison_id: int) -> int | None:
    """The owner's oldest comparison that is due, noted as sent; None where none is or one is sent already."""
    owner = Comparison.objects.filter(pk=comparison_id).values("before__owner")
    due = _due().filter(before__owner__in=owner).values_list("pk", flat=True).first()
    return due if due is not None and claim_to_send(due) else None


def open_comparisons() -> QuerySet[Comparison]:
    """Pending ones that their owner can still see."""
    return Comparison.objects.filter(
        state=ComparisonState.PENDING, before__deleted_at=None, after__deleted_at=None
    ).order_by()


def comparisons_to_send() -> list[int]:
    """Pending comparisons whose last message must be gone by now; noted as sent again."""
    return [pk for pk in _due().values_list("pk", flat=True) if claim_to_send(pk)]


def _due() -> QuerySet[Comparison]:
    return open_comparisons().filter(send_at__lte=timezone.now()).order_by("requested_at")


def _sent_and_untried() -> QuerySet[Comparison]:
    """Those whose message waits to be read, if it is not lost."""
    return open_comparisons().filter(attempts=0, send_at__gt=timezone.now())


def claim(comparison_id: int) -> Comparison | None:
    """The pending comparison, noted as tried; None if there is none to try, or another worker has just taken it."""
    comparison = (
        Comparison.objects.select_related("before__policy", "after__policy")
        .filter(pk=comparison_id, state=ComparisonState.PENDING, before__deleted_at=None, after__deleted_at=None)
        .first()
    )
    if comparison is None:
        return None
    seen = comparison.attempts
    if seen >= MAX_ATTEMPTS:
        _give_up(comparison)
        return None
    comparison.attempts = seen + 1
    untaken = Comparison.objects.filter(pk=comparison_id, state=ComparisonState.PENDING, attempts=seen)
    taken = untaken.update(attempts=comparison.attempts, send_at=_next_try(comparison))
    return comparison if taken else None


def hold(comparison: Comparison) -> None:
    """Nobody else is told while this attempt gets on with it."""
    Comparison.objects.filter(pk=comparison.pk, state=ComparisonState.PENDING).update(send_at=_next_try(comparison))


def put_off(comparison: Comparison) -> None:
    """Store or database did not answer, which is no fault of the photos: it is tried later, and this did not count."""
    same = Comparison.objects.filter(pk=comparison.pk, state=ComparisonState.PENDING, attempts=comparison.attempts)
    same.update(attempts=comparison.attempts - 1, send_at=_next_try(comparison))


def reopen(comparison: Comparison) -> bool:
    """Have a finished comparison computed anew, with all its attempts; False if somebody already has."""
    finished = Comparison.objects.filter(
        pk=comparison.pk, state=ComparisonState.DONE, computed_at=comparison.computed_at
    )
    reopened = finished.update(
        state=ComparisonState.PENDING,
        rule_version=RULE_VERSION,
        model_version="",
        comparable=None,
        trend=None,
        computed_at=None,
        send_at=timezone.now(),
        attempts=0,
    )
    comparison.refresh_from_db()
    return bool(reopened)


def _give_up(comparison: Comparison) -> None:
    """End what no attempt survived. Nothing of it is looked at again: any part of it may be what fails."""
    log.error("comparison given up", comparison=comparison.pk, attempts=comparison.attempts)
    Comparison.objects.filter(pk=comparison.pk, state=ComparisonState.PENDING, attempts=comparison.attempts).update(
        state=ComparisonState.DONE,
        rule_version=RULE_VERSION,
        model_version="",
        comparable=False,
        trend=None,
        reasons=[COULD_NOT_BE_COMPARED],
        points=[],
        explanation=wording.explain_refusal([COULD_NOT_BE_COMPARED]),
        computed_at=timezone.now(),
    )


def _next_try(comparison: Comparison) -> datetime:
    """When an attempt that went silent is followed by another: ever more rarely, in case it is our own fault."""
    return timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS * 2 ** (comparison.attempts - 1))
