"""Comparisons as rows: requested once, computed once by a worker, read many times."""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from corrosion.vocabulary import ComparisonState, Trend
from inspections.models import Inspection
from maretech.common.work.durable import DurableWork, Retry


class Comparison(DurableWork):
    """The change from one inspection to another. The row is the truth, a message to the worker only a hint.

    `before` and `after` are in the requested order. `points` carry object keys, never links, and measured changes,
    which only staff see. `in_timeline` marks the pairs that a timeline shows; they are judged again after a change of
    model without a request.
    """

    # A photo that kills workers uses up all attempts; an outage counts as none.
    retry = Retry(first=timedelta(seconds=settings.JOB_LEASE_SECONDS), factor=2, max_attempts=5)

    before = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="comparisons_from")
    after = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="comparisons_to")
    state = models.CharField(max_length=8, choices=ComparisonState.choices(), default=ComparisonState.PENDING)
    rule_version = models.CharField(max_length=32)
    model_version = models.CharField(
        max_length=120,
        blank=True,
        help_text="The model that judged both sides; empty if no pixels were read.",
    )
    comparable = models.BooleanField(null=True)
    trend = models.CharField(max_length=16, choices=[(trend, trend) for trend in Trend.values()], null=True)
    reasons = models.JSONField(default=list)
    points = models.JSONField(default=list)
    explanation = models.TextField(blank=True)
    requested_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(
        default=timezone.now, db_column="send_at", help_text="When the next message to a worker is due."
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    computed_at = models.DateTimeField(null=True)
    in_timeline = models.BooleanField(default=False, db_default=False)
    # Counts reopenings: an attempt that began before the last one must not store its answer, whatever its number.
    revision = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        ordering = ["-requested_at"]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="pending"), name="comparisons_to_send"),
            models.Index(
                fields=["model_version"], condition=Q(state="done", in_timeline=True), name="timelines_by_model"
            ),
            models.Index(
                fields=["rule_version"], condition=Q(state="done", in_timeline=True), name="timelines_by_rule"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["before", "after"], name="one_comparison_per_ordered_pair"),
            models.CheckConstraint(condition=~Q(before=F("after")), name="an_inspection_is_not_compared_with_itself"),
            models.CheckConstraint(
                condition=Q(state="pending", comparable__isnull=True, trend__isnull=True, computed_at__isnull=True)
                | Q(state="done", comparable__isnull=False, computed_at__isnull=False),
                name="a_comparison_is_done_when_computed",
            ),
            models.CheckConstraint(
                # NULL in a CHECK passes, so every nullable column is tested explicitly.
                condition=Q(trend__isnull=True) & (Q(comparable__isnull=True) | Q(comparable=False))
                | Q(trend__isnull=False, trend__in=Trend.values(), comparable__isnull=False, comparable=True),
                name="exactly_the_comparable_have_a_trend",
            ),
            models.CheckConstraint(condition=~Q(rule_version=""), name="a_comparison_names_its_rule"),
        ]

    def __str__(self) -> str:
        return f"{self.before_id} → {self.after_id}"

    @classmethod
    def unfinished(cls) -> QuerySet[Self]:
        return cls.objects.filter(state=ComparisonState.PENDING)

    @classmethod
    def awaited(cls) -> QuerySet[Self]:
        """Return the pending comparisons that their owner can still see."""
        return cls.unfinished().filter(before__deleted_at=None, after__deleted_at=None).order_by()

    def update_unless_changed(self, **values: object) -> bool:
        """Update the row unless it was finished, claimed or reopened since it was read. Returns whether it was."""
        current = self.unfinished().filter(pk=self.pk, attempts=self.attempts, revision=self.revision)
        return bool(current.update(**values))
