"""What to photograph, as data."""

from django.db import models
from django.db.models import F, Q

from inspections.vocabulary import (
    Mode,
)


class CapturePolicy(models.Model):
    """What to photograph, as data. Never edited: a change is a new version; an inspection keeps its version."""

    mode = models.CharField(max_length=16, choices=Mode.choices())
    version = models.PositiveIntegerField()
    free_points = models.PositiveSmallIntegerField()
    max_points = models.PositiveSmallIntegerField()
    angles = models.JSONField()
    min_short_side_px = models.PositiveIntegerField()
    # 16,384 x 12,288: the largest sensor of a phone. The API reports at most the decoder's limit, see `policies`.
    max_pixels = models.PositiveIntegerField(default=201_326_592, db_default=201_326_592)
    recommended_long_side_px = models.PositiveIntegerField(default=4000, db_default=4000)
    max_bytes = models.PositiveIntegerField()
    content_types = models.JSONField()
    hints = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "capture policies"
        ordering = ["mode", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["mode", "version"], name="one_policy_per_mode_and_version"),
            models.CheckConstraint(condition=Q(mode__in=Mode.values()), name="policy_mode_is_known"),
            models.CheckConstraint(
                condition=Q(max_points__gte=1, max_points__lte=50, free_points__lte=F("max_points")),
                name="free_points_are_within_max_points",
            ),
            models.CheckConstraint(
                condition=Q(min_short_side_px__gte=1, max_bytes__gte=1), name="policy_bounds_are_positive"
            ),
            models.CheckConstraint(
                condition=Q(max_pixels__gte=1, recommended_long_side_px__gte=F("min_short_side_px")),
                name="recommended_pixels_are_enough",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mode} v{self.version}"
