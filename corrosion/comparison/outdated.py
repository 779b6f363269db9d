"""Answers of timelines that another model or rule gave: reopened little by little, fairly between owners."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from corrosion.comparison import work
from corrosion.comparison.answers import current_model_version
from corrosion.judgement.verdicts import RULE_VERSION
from corrosion.models import Comparison
from corrosion.vocabulary import ComparisonState, SupersedingCause
from inspections.models import InferenceJob
from inspections.vocabulary import JobState

# The oldest answers that one round considers.
_CONSIDERED: Final = 1000


def reopen_outdated() -> list[int]:
    """Reopen the oldest outdated answers of timelines, at most one for each owner. Returns them.

    At most `COMPARISONS_RECOMPUTED_AT_ONCE` comparisons wait at a time, and none is reopened while an analysis waits
    longer than its message: owners who wait for a result come first.
    """
    free = settings.COMPARISONS_RECOMPUTED_AT_ONCE - Comparison.awaited().count()
    if free <= 0 or _have_analyses_to_wait():
        return []
    model_version = current_model_version()
    reopened: list[int] = []
    for cause, outdated in (
        (SupersedingCause.RULE, _answers().filter(_differs("rule_version", RULE_VERSION))),
        (SupersedingCause.MODEL, _answers().filter(_differs("model_version", model_version))),
    ):
        chosen = _oldest_of_each_owner(outdated)[: free - len(reopened)]
        reopened += work.reopen_finished(Comparison.objects.filter(pk__in=chosen), cause=cause)
    return reopened


def is_outdated(answer: Comparison) -> bool:
    """Return whether another rule or model gave the answer. An answer without pixels names no model."""
    return answer.rule_version != RULE_VERSION or answer.model_version not in ("", current_model_version())


def _answers() -> QuerySet[Comparison]:
    visible = Comparison.objects.filter(before__deleted_at=None, after__deleted_at=None)
    return visible.filter(state=ComparisonState.DONE, in_timeline=True)


def _differs(column: str, current: str) -> Q:
    """Return the condition that the version is another one, as ranges of an index: there are seldom any.

    An answer without pixels names no model.
    """
    return Q(**{f"{column}__gt": "", f"{column}__lt": current}) | Q(**{f"{column}__gt": current})


def _oldest_of_each_owner(outdated: QuerySet[Comparison]) -> list[int]:
    """Return the oldest answer of each owner without a waiting comparison, the oldest first."""
    waiting = Comparison.awaited().filter(before__owner=OuterRef("before__owner"))
    rows = outdated.exclude(Exists(waiting)).order_by("computed_at").values_list("before__owner", "pk")
    oldest: dict[UUID, int] = {}
    for owner_id, pk in rows[:_CONSIDERED]:
        oldest.setdefault(owner_id, pk)
    return list(oldest.values())


def _have_analyses_to_wait() -> bool:
    horizon = timezone.now() - timedelta(seconds=settings.JOB_REENQUEUE_SECONDS)
    return InferenceJob.objects.filter(state=JobState.QUEUED, queued_at__lt=horizon).exists()
