"""Answers of comparisons that a later answer replaced."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from corrosion.models.comparisons import Comparison
from corrosion.vocabulary import SupersedingCause, Trend


class SupersededAnswer(models.Model):
    """What a comparison answered until it was reopened. Written once; a trigger refuses every update.

    The fields are those of the comparison.
    """

    comparison = models.ForeignKey(Comparison, on_delete=models.CASCADE, related_name="superseded", db_index=False)
    rule_version = models.CharField(max_length=32)
    model_version = models.CharField(max_length=120, blank=True)
    comparable = models.BooleanField()
    trend = models.CharField(max_length=16, choices=[(trend, trend) for trend in Trend.values()], null=True)
    reasons = models.JSONField(default=list)
    points = models.JSONField(default=list)
    explanation = models.TextField(blank=True)
    computed_at = models.DateTimeField()
    superseded_at = models.DateTimeField(default=timezone.now)
    cause = models.CharField(max_length=16, choices=SupersedingCause.choices())

    class Meta:
        ordering = ["-superseded_at", "-id"]
        indexes = [models.Index(fields=["comparison", "-superseded_at"], name="superseded_of_a_comparison")]
        constraints = [
            models.UniqueConstraint(fields=["comparison", "computed_at"], name="an_answer_is_superseded_once"),
            models.CheckConstraint(
                condition=Q(cause__in=SupersedingCause.values()), name="the_cause_of_superseding_is_known"
            ),
            models.CheckConstraint(
                condition=Q(comparable=False, trend__isnull=True)
                | Q(comparable=True, trend__isnull=False, trend__in=Trend.values()),
                name="exactly_the_comparable_had_a_trend",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.comparison_id}: {self.trend or 'not comparable'}"
