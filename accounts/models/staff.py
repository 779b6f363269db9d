"""Staff actions, and invitations to become staff."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Length, Trim
from django.db.models.lookups import GreaterThan
from django.utils import timezone

from accounts.models.retry import UNTIL_DONE
from accounts.models.users import User
from maretech.common.work.durable import DurableWork


class StaffAction(models.Model):
    """A staff action: who, on what, and why. `accounts.staff.audit` writes it and makes two changes only.

    The outcome of a request to the outside world is added once. The address of an erased person is removed.
    """

    staff = models.ForeignKey(User, on_delete=models.PROTECT, related_name="staff_actions")
    action = models.CharField(max_length=64)
    subject_type = models.CharField(max_length=64)
    subject_id = models.CharField(max_length=64)
    reason = models.TextField()
    detail = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "staff audit log"
        constraints = [
            models.CheckConstraint(
                condition=GreaterThan(Length(Trim("reason")), 0), name="a_staff_action_has_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="staff_actions_by_subject")]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_type} {self.subject_id}"


class StaffInvitation(DurableWork):
    """An invitation: the account becomes staff once the link mailed to its address comes back."""

    retry = UNTIL_DONE

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="staff_invitations")
    action = models.OneToOneField(StaffAction, on_delete=models.PROTECT, related_name="invitation")
    is_superuser = models.BooleanField(default=False)
    requested_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    due_at = models.DateTimeField(default=timezone.now, db_column="next_try_at")
    sent_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(sent_at__isnull=True), name="staff_links_not_yet_sent"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @classmethod
    def unfinished(cls) -> QuerySet[Self]:
        return cls.objects.filter(sent_at=None, used_at=None, expires_at__gt=timezone.now())

    @classmethod
    def awaited(cls) -> QuerySet[Self]:
        return cls.unfinished().filter(user__is_active=True)
