"""Sessions, and the devices that get their pushes."""

import uuid
from typing import Final

from django.db import models
from django.db.models import F, Q

from accounts.models.users import User
from accounts.vocabulary import EndReason, Platform

MAX_USER_AGENT: Final = 256


class Session(models.Model):
    """One sign-in on one phone. Its tokens are a function of this row: `accounts.identity.tokens`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    created_at = models.DateTimeField(auto_now_add=True)
    refresh_id = models.UUIDField(default=uuid.uuid4)
    refreshed_at = models.DateTimeField()
    previous_refresh_id = models.UUIDField(null=True)
    used_refresh_id = models.UUIDField(null=True, help_text="The generation whose access token was seen in use.")
    access_issued_at = models.DateTimeField(null=True, help_text="Set if the phone lost the first answer.")
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=32, choices=EndReason.choices(), blank=True)
    user_agent = models.CharField(max_length=MAX_USER_AGENT, blank=True, db_default="", default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end_reason="")
                | (Q(ended_at__isnull=False) & Q(end_reason__in=EndReason.values())),
                name="a_session_has_a_reason_exactly_when_it_ended",
            ),
            models.CheckConstraint(
                condition=Q(previous_refresh_id__isnull=True) | ~Q(previous_refresh_id=F("refresh_id")),
                name="a_refresh_token_is_never_its_own_successor",
            ),
        ]
        indexes = [
            models.Index(fields=["user"], condition=Q(ended_at__isnull=True), name="live_sessions_of_a_user"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Device(models.Model):
    """Where a user's pushes go until the session that registered the device ends."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="devices")
    platform = models.CharField(max_length=16, choices=Platform.choices())
    push_token = models.CharField(max_length=512)
    session = models.ForeignKey(Session, null=True, on_delete=models.CASCADE, related_name="devices")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "push_token"], name="one_device_per_user_and_push_token"),
            models.UniqueConstraint(fields=["push_token"], name="a_push_token_belongs_to_one_account"),
            models.CheckConstraint(
                condition=Q(platform__in=Platform.values()), name="a_device_is_of_a_platform_we_push_to"
            ),
            models.CheckConstraint(condition=~Q(push_token=""), name="a_device_has_a_push_token"),
        ]
        indexes = [models.Index(fields=["push_token"], name="devices_by_push_token")]

    def __str__(self) -> str:
        return f"{self.platform} {self.id}"
