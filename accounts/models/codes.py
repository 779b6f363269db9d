"""Codes that are mailed: they prove an address or reset a password."""

import uuid
from datetime import timedelta
from typing import Final, Self

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.identity.addresses import MAX_LENGTH
from accounts.models.retry import UNTIL_DONE
from accounts.models.users import User
from maretech.common.work.durable import DurableWork

# No code ever has this many tries: the value marks a closed code, whether or not the code was made yet.
CLOSED: Final = 32_767
# Requests for a mail that are older than this are dropped: the person no longer waits for it.
MAX_MAIL_DELAY: Final = timedelta(hours=1)


class PasswordReset(models.Model):
    """One request for a reset code. Only a user's newest request counts; without a user, no account has the address."""

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


class EmailCode(DurableWork):
    """One code that proves an address: the account's own, or the requested one. Only a user's newest code counts.

    A change of address also needs a notice to the old address: `notice_to`, and when it was sent. That notice is the
    durable work; the code is mailed by `accounts.identity.mailed_codes`.
    """

    retry = UNTIL_DONE

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="email_codes")
    email = models.EmailField(max_length=MAX_LENGTH)
    requested_at = models.DateTimeField()
    code_hash = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    notice_to = models.EmailField(max_length=MAX_LENGTH, blank=True)
    due_at = models.DateTimeField(default=timezone.now, db_column="next_try_at")
    noticed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(code_hash="", expires_at__isnull=True, sent_at__isnull=True, used_at__isnull=True)
                | (~Q(code_hash="") & Q(expires_at__isnull=False)),
                name="only_an_email_code_that_was_made_expires_is_sent_or_used",
            ),
            models.CheckConstraint(
                condition=~Q(notice_to="") | Q(noticed_at__isnull=True), name="a_notice_was_sent_to_an_address"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-requested_at"], name="newest_email_code_of_a_user"),
            models.Index(fields=["requested_at"], condition=Q(sent_at__isnull=True), name="email_codes_not_yet_sent"),
            models.Index(
                fields=["due_at"],
                condition=~Q(notice_to="") & Q(noticed_at__isnull=True),
                name="notices_not_yet_sent",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_closed(self) -> bool:
        return self.tries == CLOSED

    @classmethod
    def unfinished(cls) -> QuerySet[Self]:
        """Return the unsent notices, even if the change was made or abandoned since: the notice reports the attempt."""
        recent = cls.objects.filter(requested_at__gt=timezone.now() - MAX_MAIL_DELAY, noticed_at=None)
        return recent.exclude(notice_to="")

    @classmethod
    def awaited(cls) -> QuerySet[Self]:
        return cls.unfinished().filter(user__is_active=True)
