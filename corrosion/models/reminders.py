"""Reminders of the next inspection of a vessel."""

import uuid
from datetime import timedelta
from typing import Final, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from maretech.common.work.durable import DurableWork, Retry
from vessels.models import Vessel

MIN_INTERVAL_DAYS: Final = 30
MAX_INTERVAL_DAYS: Final = 730


class Reminder(DurableWork):
    """The interval after which an owner wants to inspect one vessel again.

    The due date follows from the last inspection and is computed whenever it is needed, never stored. `due_at` is only
    a hint: when a worker checks the reminder next. The `sent_` fields name the last due date that was sent, and what it
    followed from.
    """

    # Checking costs a few statements, so it is repeated for ever; one that fails again and again waits longer.
    retry = Retry(first=timedelta(minutes=5), factor=2, longest=timedelta(hours=6))

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    vessel = models.OneToOneField(Vessel, on_delete=models.CASCADE, related_name="reminder")
    # Who set it. It is void once the vessel belongs to somebody else.
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminders")
    interval_days = models.PositiveSmallIntegerField()
    enabled = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)
    armed_at = models.DateTimeField(
        default=timezone.now, help_text="When the owner last changed it. Dates that were over by then are not sent."
    )
    due_at = models.DateTimeField(default=timezone.now, help_text="When a worker checks it next.")
    sent_at = models.DateTimeField(null=True)
    sent_due_on = models.DateField(null=True)
    # Not a reference: the inspection may be deleted, and its deletion must not change what was sent.
    sent_inspection_id = models.UUIDField(null=True)
    sent_interval_days = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(enabled=True), name="reminders_to_check"),
            models.Index("owner", F("created_at").desc(), F("id").desc(), name="reminders_of_an_owner"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(interval_days__gte=MIN_INTERVAL_DAYS, interval_days__lte=MAX_INTERVAL_DAYS),
                name="a_reminder_has_a_usual_interval",
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None, sent_due_on=None, sent_inspection_id=None, sent_interval_days=None)
                | Q(
                    sent_at__isnull=False,
                    sent_due_on__isnull=False,
                    sent_inspection_id__isnull=False,
                    sent_interval_days__isnull=False,
                ),
                name="a_sent_reminder_says_what_for",
            ),
        ]

    def __str__(self) -> str:
        return f"every {self.interval_days} days"

    @classmethod
    def unfinished(cls) -> QuerySet[Self]:
        return cls.objects.filter(enabled=True)

    @classmethod
    def awaited(cls) -> QuerySet[Self]:
        """Return the enabled reminders of those who still have the vessel and the account."""
        return cls.unfinished().filter(vessel__archived_at=None, vessel__owner=F("owner"), owner__is_active=True)
