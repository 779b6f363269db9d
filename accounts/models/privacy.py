"""Requests to erase an account or to export its data."""

import uuid
from typing import Final, Self

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models.retry import UNTIL_DONE
from accounts.models.users import User
from accounts.vocabulary import AskedBy
from maretech.common.work.durable import DurableWork


class Erasure(DurableWork):
    """A request to erase an account and the receipt of what was erased. It names no person and is kept for good.

    Only `accounts.privacy.erasure_requests` writes it. The row is the truth; a message to the worker is only a hint.
    """

    retry = UNTIL_DONE

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="erasure")
    asked_by = models.CharField(max_length=8, choices=AskedBy.choices())
    requested_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(default=timezone.now, db_column="next_try_at")
    counts = models.JSONField(null=True, help_text="What each app held when the erasure began.")
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(done_at__isnull=True), name="erasures_to_carry_out"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(asked_by__in=AskedBy.values()), name="somebody_asked_for_an_erasure"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(counts__isnull=False), name="a_receipt_says_what_went"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @classmethod
    def unfinished(cls) -> QuerySet[Self]:
        return cls.objects.filter(done_at=None)


EXPORTS: Final = "exports/"


def exports_of(user_id: object) -> str:
    """Return the prefix of a user's ZIPs in the object store."""
    return f"{EXPORTS}{user_id}/"


class Export(DurableWork):
    """A ZIP of a user's data, built by the worker. It can be downloaded until it expires, and is then deleted."""

    retry = UNTIL_DONE

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="exports")
    requested_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(default=timezone.now, db_column="next_try_at")
    built_at = models.DateTimeField(null=True)
    byte_size = models.PositiveBigIntegerField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "-requested_at"], name="newest_export_of_a_user"),
            models.Index(fields=["due_at"], condition=Q(built_at__isnull=True), name="exports_to_build"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(built_at=None, byte_size=None, expires_at=None)
                | Q(built_at__isnull=False, byte_size__isnull=False, expires_at__isnull=False),
                name="an_export_that_was_built_has_a_size_and_an_end",
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(built_at=None), name="one_export_is_built_at_a_time_for_a_user"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @classmethod
    def unfinished(cls) -> QuerySet[Self]:
        return cls.objects.filter(built_at=None)

    @classmethod
    def awaited(cls) -> QuerySet[Self]:
        return cls.unfinished().filter(user__is_active=True)

    @property
    def key(self) -> str:
        """The ZIP's key in the object store."""
        return f"{exports_of(self.user_id)}{self.id}.zip"
