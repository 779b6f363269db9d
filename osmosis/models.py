"""Lift-outs as rows: one per vessel, planned or past."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Final, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from maretech.common.work.durable import DurableWork, Retry
from vessels.models import Vessel

FIRST_LIFT_OUT: Final = datetime(1900, 1, 1, tzinfo=UTC)


class LiftOut(DurableWork):
    """When a vessel leaves or left the water, as its owner typed it. A newer one replaces it.

    One that was planned asks for a notification: `due_at` is when it is sent, and `notified_for` its time once that
    was notified.
    """

    # The notification is of use for three hours.
    retry = Retry(first=timedelta(minutes=1), factor=2, longest=timedelta(minutes=15))

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    vessel = models.OneToOneField(Vessel, on_delete=models.CASCADE, related_name="lift_out")
    # Who noted it. It is void once the vessel belongs to somebody else.
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="lift_outs")
    lifted_out_at = models.DateTimeField()
    noted_at = models.DateTimeField(default=timezone.now, help_text="When the owner last changed it.")
    awaits_notice = models.BooleanField(default=False)
    due_at = models.DateTimeField(default=timezone.now, help_text="When its notification is due, if it awaits one.")
    notified_for = models.DateTimeField(null=True, help_text="The last time of a lift-out that was notified.")

    class Meta:
        ordering = ["-noted_at"]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(awaits_notice=True), name="lift_outs_to_notify"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(lifted_out_at__gte=FIRST_LIFT_OUT), name="a_lift_out_is_of_our_time"),
            models.CheckConstraint(
                condition=Q(awaits_notice=False) | Q(notified_for=None) | ~Q(notified_for=F("lifted_out_at")),
                name="a_notified_lift_out_awaits_no_notice",
            ),
        ]

    def __str__(self) -> str:
        return f"lift-out on {self.lifted_out_at:%Y-%m-%d}"

    @classmethod
    def unfinished(cls) -> QuerySet[Self]:
        return cls.objects.filter(awaits_notice=True)

    @classmethod
    def awaited(cls) -> QuerySet[Self]:
        """Return the lift-outs to notify of those who still have the vessel and the account."""
        return cls.unfinished().filter(vessel__archived_at=None, vessel__owner=F("owner"), owner__is_active=True)
