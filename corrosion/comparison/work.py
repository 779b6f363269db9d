"""Life cycle of a comparison row: send, claim, give up, reopen. Messages are hints."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from corrosion.judgement import wording
from corrosion.judgement.verdicts import RULE_VERSION
from corrosion.models import Comparison, SupersededAnswer
from corrosion.vocabulary import ComparisonState, IncomparableReason, SupersedingCause
from notifications.notify import notify
from notifications.vocabulary import KindName

log = structlog.get_logger(__name__)

# The columns of an answer, which a superseded one keeps.
ANSWER: Final = (
    *("rule_version", "model_version", "comparable", "trend", "reasons", "points", "explanation"),
    "computed_at",
)


def claim_to_send(comparison_id: int) -> bool:
    """Claim the right to send the comparison. Returns True to one of several concurrent callers.

    Each owner has at most one message waiting, so that one owner's requests do not delay another's.
    """
    now = timezone.now()
    waiting = _sent_and_untried().filter(before__owner=OuterRef("before__owner"))
    due = Comparison.unfinished().filter(pk=comparison_id, due_at__lte=now)
    until = now + timedelta(seconds=settings.JOB_REENQUEUE_SECONDS)
    return bool(due.exclude(Exists(waiting)).update(due_at=until))


def next_of_its_owner(comparison_id: int) -> int | None:
    """Mark the owner's oldest due comparison as sent and return it; None if none is due or one is already sent."""
    return _claim_oldest(Comparison.objects.filter(pk=comparison_id).values("before__owner"))


def next_of_owner(owner_id: UUID) -> int | None:
    """Mark this owner's oldest due comparison as sent and return it, as `next_of_its_owner` does."""
    return _claim_oldest([owner_id])


def _claim_oldest(owner: Iterable[Any]) -> int | None:
    due = _due().filter(before__owner__in=owner).values_list("pk", flat=True).first()
    return due if due is not None and claim_to_send(due) else None


def comparisons_to_send() -> list[int]:
    """Return the oldest due comparison of each owner, marked as sent; none of an owner who has a message waiting."""
    oldest: dict[UUID, int] = {}
    for pk, owner_id in _due().values_list("pk", "before__owner"):
        oldest.setdefault(owner_id, pk)
    return [pk for pk in oldest.values() if claim_to_send(pk)]


def _due() -> QuerySet[Comparison]:
    return Comparison.due().order_by("requested_at")


def _sent_and_untried() -> QuerySet[Comparison]:
    """Returns comparisons with a message that waits to be read, unless it is lost."""
    return Comparison.awaited().filter(attempts=0, due_at__gt=timezone.now())


def claim(comparison_id: int) -> Comparison | None:
    """Count an attempt and return the pending comparison; None if none is left or another worker claimed it first."""
    # A message is sent before the row is due again: `claim_to_send` defers it, in case that message is lost.
    sent = Comparison.awaited().select_related("before__policy", "after__policy")
    return Comparison.claim(comparison_id, among=sent, give_up=_give_up)


def reopen(comparison: Comparison, *, cause: SupersedingCause) -> bool:
    """Have a finished comparison recomputed with all its attempts. Returns False if it was reopened already."""
    same_answer = Comparison.objects.filter(pk=comparison.pk, computed_at=comparison.computed_at)
    reopened = reopen_finished(same_answer, cause=cause)
    comparison.refresh_from_db()
    return bool(reopened)


@transaction.atomic
def reopen_finished(comparisons: QuerySet[Comparison], *, cause: SupersedingCause) -> list[int]:
    """Reopen those of these that are finished, and keep their answers. Returns the reopened ones.

    The only writer of superseded answers: each is written in the transaction that takes it from its comparison.
    """
    finished = comparisons.filter(state=ComparisonState.DONE).order_by("pk").select_for_update(of=("self",))
    answers = [_superseded(comparison, cause) for comparison in finished]
    _keep(answers)
    reopened = [answer.comparison_id for answer in answers]
    Comparison.objects.filter(pk__in=reopened).update(
        state=ComparisonState.PENDING,
        rule_version=RULE_VERSION,
        model_version="",
        comparable=None,
        trend=None,
        computed_at=None,
        due_at=timezone.now(),
        attempts=0,
        revision=F("revision") + 1,
    )
    return reopened


def _keep(answers: list[SupersededAnswer]) -> None:
    SupersededAnswer.objects.bulk_create(answers)


def restart(comparisons: QuerySet[Comparison]) -> None:
    """Restart those of these that are pending: a running attempt stores no answer."""
    comparisons.filter(state=ComparisonState.PENDING).update(
        due_at=timezone.now(), attempts=0, revision=F("revision") + 1
    )


def _superseded(comparison: Comparison, cause: SupersedingCause) -> SupersededAnswer:
    answer = {name: getattr(comparison, name) for name in ANSWER}
    return SupersededAnswer(comparison=comparison, superseded_at=timezone.now(), cause=cause, **answer)


@transaction.atomic
def _give_up(comparison: Comparison) -> None:
    """End a comparison that has used all attempts. Reads none of its data, because any part of it may be the cause."""
    log.error("comparison given up", comparison=comparison.pk, attempts=comparison.attempts)
    is_ended = comparison.update_unless_changed(
        state=ComparisonState.DONE,
        rule_version=RULE_VERSION,
        model_version="",
        comparable=False,
        trend=None,
        reasons=[IncomparableReason.COULD_NOT_BE_COMPARED],
        points=[],
        explanation=wording.explain_refusal([IncomparableReason.COULD_NOT_BE_COMPARED]),
        computed_at=timezone.now(),
    )
    if is_ended:
        notify(
            kind=KindName.COMPARISON_GIVEN_UP,
            recipient=None,
            event_key=f"{KindName.COMPARISON_GIVEN_UP}:{timezone.now():%Y-%m-%d}",
            data={"comparison_id": comparison.pk},
        )
