"""Results: what an engine found, and what another engine would have found."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from inspections.models.inspections import Inspection
from inspections.modes.constraints import result_token_constraints
from inspections.vocabulary import (
    ConfidenceLevel,
    Mode,
    SignalDetected,
)


class Findings(models.Model):
    """An engine's findings on an inspection: the block of its one mode, and data for staff."""

    mode = models.CharField(max_length=16, choices=Mode.choices())
    signal_detected = models.CharField(max_length=16, choices=SignalDetected.choices())
    confidence_level = models.CharField(max_length=8, choices=ConfidenceLevel.choices())
    guidance = models.JSONField()
    worst_band = models.CharField(max_length=16)
    explanation = models.TextField()
    disclaimer = models.TextField()
    coverage = models.JSONField()
    corrosion = models.JSONField(null=True)
    osmosis = models.JSONField(null=True)
    signals = models.JSONField(default=list, help_text="For staff: raw signals and measurements per point.")
    model_version = models.CharField(max_length=120)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.mode}: {self.signal_detected} ({self.confidence_level})"


def _findings_constraints(prefix: str = "") -> list[models.BaseConstraint]:
    """A constraint's name is unique in the database, so a second table prefixes it."""
    return [
        models.CheckConstraint(
            condition=Q(mode="corrosion", corrosion__points__isnull=False, osmosis__isnull=True)
            | Q(mode="osmosis", osmosis__areas__isnull=False, corrosion__isnull=True),
            name=f"{prefix}a_result_carries_its_own_mode_only",
        ),
        models.CheckConstraint(
            condition=Q(signal_detected__in=SignalDetected.values()), name=f"{prefix}signal_is_known"
        ),
        models.CheckConstraint(
            condition=Q(confidence_level__in=ConfidenceLevel.values()), name=f"{prefix}level_is_known"
        ),
        models.CheckConstraint(condition=~Q(model_version=""), name=f"{prefix}a_result_names_its_model"),
        *result_token_constraints(prefix),
    ]


class Result(Findings):
    """The result. Written once, with one mode's block; a trigger refuses every update."""

    inspection = models.OneToOneField(Inspection, on_delete=models.CASCADE, related_name="result", primary_key=True)

    class Meta:
        constraints = _findings_constraints()


class ShadowResult(Findings):
    """Another model's answer, beside the result and never in its place. Hidden from owners, never updated.

    One per inspection and model version.
    """

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="shadow_results")

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "model_version"], name="one_shadow_per_inspection_and_model"),
            *_findings_constraints("shadow_"),
        ]
