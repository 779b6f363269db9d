"""Reviews of surveyors, and reports of reviews that should not be shown."""

import uuid
from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from surveys.models.appointments import Appointment
from surveys.models.surveyors import Surveyor
from surveys.vocabulary import ReviewState

MAX_TEXT: Final = 2000
MAX_REASON: Final = 500


class Review(models.Model):
    """An owner's review of a completed appointment. Only `reviews.moderation` writes `state`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    appointment = models.OneToOneField(Appointment, on_delete=models.PROTECT, related_name="review")
    surveyor = models.ForeignKey(Surveyor, on_delete=models.PROTECT, related_name="reviews", db_index=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reviews")
    rating = models.PositiveSmallIntegerField()
    text = models.TextField(blank=True, max_length=MAX_TEXT)
    state = models.CharField(max_length=8, choices=ReviewState.choices(), default=ReviewState.VISIBLE)
    created_at = models.DateTimeField(default=timezone.now)
    hidden_at = models.DateTimeField(null=True, help_text="When it was hidden last.")
    decided_at = models.DateTimeField(null=True, help_text="When staff decided last: only later reports count.")

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index("surveyor", F("created_at").desc(), F("id").desc(), name="reviews_of_a_surveyor"),
            models.Index(fields=["hidden_at"], condition=Q(state="hidden"), name="hidden_reviews"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(rating__gte=1, rating__lte=5), name="a_rating_is_from_one_to_five"),
            models.CheckConstraint(
                condition=Q(state="visible") | Q(state="hidden", hidden_at__isnull=False),
                name="a_hidden_review_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rating} of 5"

    @property
    def awaits_staff(self) -> bool:
        """Whether reports have hidden it and staff have not decided since."""
        is_hidden = self.state == ReviewState.HIDDEN and self.hidden_at is not None
        return is_hidden and (self.decided_at is None or self.decided_at < self.hidden_at)  # type: ignore[operator]


class ReviewReport(models.Model):
    """One person's report of a review, on one day (UTC), with the weight that the person had then."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="reports")
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="review_reports")
    day = models.DateField()
    reason = models.CharField(max_length=MAX_REASON, blank=True, help_text="Empty once erased.")
    weight = models.PositiveSmallIntegerField(help_text="In hundredths.")
    is_rejected = models.BooleanField(default=False, help_text="Staff showed the review again.")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["review", "reporter", "day"], name="one_report_per_reporter_and_day"),
            models.CheckConstraint(condition=Q(weight__lte=100), name="a_report_weighs_at_most_one"),
        ]

    def __str__(self) -> str:
        return f"report of {self.day}"
