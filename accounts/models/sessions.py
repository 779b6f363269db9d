"""Sessions, and the devices that get their pushes."""

import uuid
from typing import Final

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from accounts.models.users import User
from accounts.vocabulary import EndReason, Platform

MAX_USER_AGENT: Final = 256
_ENDPOINT_LENGTH: Final = 2048
# In base64url without padding.
_POINT_LENGTH: Final = 87
_AUTH_LENGTH: Final = 22


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
    """Where a user's pushes go until the session that registered the device ends.

    A phone has a push token. A browser has a subscription: an address at its push service, and the keys to encrypt for
    it. Token and address are secrets: with them, anybody can send.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="devices")
    platform = models.CharField(max_length=16, choices=Platform.choices())
    push_token = models.CharField(max_length=512, null=True)
    endpoint = models.CharField(max_length=_ENDPOINT_LENGTH, null=True)
    p256dh = models.CharField(max_length=_POINT_LENGTH, null=True)
    auth = models.CharField(max_length=_AUTH_LENGTH, null=True)
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
            models.UniqueConstraint(fields=["endpoint"], name="a_subscription_belongs_to_one_account"),
            models.CheckConstraint(condition=~Q(endpoint=""), name="a_subscription_has_an_endpoint"),
            models.CheckConstraint(
                condition=Q(platform="web", push_token__isnull=True, endpoint__isnull=False)
                & Q(p256dh__isnull=False, auth__isnull=False)
                | Q(platform__in=[value for value, _ in Platform.phones()], push_token__isnull=False)
                & Q(endpoint__isnull=True, p256dh__isnull=True, auth__isnull=True),
                name="a_device_has_a_push_token_or_a_subscription",
            ),
            models.CheckConstraint(
                condition=Q(p256dh__isnull=True, auth__isnull=True)
                | Q(Exact(Length("p256dh"), _POINT_LENGTH), Exact(Length("auth"), _AUTH_LENGTH)),
                name="a_subscription_has_both_keys_in_full",
            ),
        ]
        indexes = [models.Index(fields=["push_token"], name="devices_by_push_token")]

    def __str__(self) -> str:
        return f"{self.platform} {self.id}"

    @property
    def push_target(self) -> dict[str, str]:
        """Where a push service finds the device: `{"token"}`, or `{"endpoint", "p256dh", "auth"}`."""
        if self.push_token is not None:
            return {"token": self.push_token}
        return {"endpoint": self.endpoint or "", "p256dh": self.p256dh or "", "auth": self.auth or ""}
