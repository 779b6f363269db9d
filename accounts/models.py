"""Shape and constraints. What happens to these rows stands in the modules named after it."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length, Lower, Trim
from django.db.models.lookups import GreaterThan

from accounts.addresses import MAX_LENGTH, normalise_email
from accounts.choices import EndReason, Platform


class UserManager(BaseUserManager["User"]):
    """Finds and creates users whatever the case of the address."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=normalise_email(username or ""))

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=normalise_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A boat owner, or a member of staff. The e-mail address is the login."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(max_length=MAX_LENGTH)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["email"], name="one_user_per_email"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="emails_are_stored_in_lower_case"),
        ]

    def __str__(self) -> str:
        return self.email


class Session(models.Model):
    """One sign-in on one phone. Its tokens are a function of this row: `accounts.tokens`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    created_at = models.DateTimeField(auto_now_add=True)
    refresh_id = models.UUIDField(default=uuid.uuid4)
    refreshed_at = models.DateTimeField()
    previous_refresh_id = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=32, choices=EndReason, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end_reason="")
                | (Q(ended_at__isnull=False) & Q(end_reason__in=EndReason.values)),
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
    """Where pushes of a user go."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="devices")
    platform = models.CharField(max_length=16, choices=Platform)
    push_token = models.CharField(max_length=512)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "push_token"], name="one_device_per_user_and_push_token"),
            models.CheckConstraint(
                condition=Q(platform__in=Platform.values), name="a_device_is_of_a_platform_we_push_to"
            ),
            models.CheckConstraint(condition=~Q(push_token=""), name="a_device_has_a_push_token"),
        ]
        indexes = [models.Index(fields=["push_token"], name="devices_by_push_token")]

    def __str__(self) -> str:
        return f"{self.platform} {self.id}"


class Consent(models.Model):
    """That a user agreed to one version of a document. Rows are added, never changed."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="consents")
    document = models.CharField(max_length=32)
    version = models.CharField(max_length=32)
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "document", "version"], name="one_consent_per_user_document_and_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.version}"


class PasswordReset(models.Model):
    """One request for a reset code. Only the newest of a user counts; without a user nobody has the address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="password_resets")
    requested_at = models.DateTimeField()
    code_hash = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(code_hash="", expires_at__isnull=True, sent_at__isnull=True, used_at__isnull=True)
                | (~Q(code_hash="") & Q(expires_at__isnull=False, user__isnull=False)),
                name="only_a_code_that_was_made_expires_is_sent_or_used",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-requested_at"], name="newest_reset_of_a_user"),
            models.Index(fields=["requested_at"], condition=Q(sent_at__isnull=True), name="resets_not_yet_sent"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class StaffAction(models.Model):
    """What a member of staff did to what, and why. Written by `accounts.audit`, never changed but for the outcome
    of what the outside world was asked for, which is added once."""

    staff = models.ForeignKey(User, on_delete=models.PROTECT, related_name="staff_actions")
    action = models.CharField(max_length=64)
    subject_type = models.CharField(max_length=64)
    subject_id = models.CharField(max_length=64)
    reason = models.TextField()
    detail = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=GreaterThan(Length(Trim("reason")), 0), name="a_staff_action_has_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="staff_actions_by_subject")]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_type} {self.subject_id}"
