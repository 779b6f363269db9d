"""Codes that open a session for what an account does only after it has confirmed who is acting, and flags of staff."""

import uuid

from django.db import models
from django.db.models import F, Q

from accounts.models.sessions import Session
from accounts.models.staff import StaffAction
from accounts.models.users import User
from accounts.vocabulary import StepUpChannel


class StepUp(models.Model):
    """One request to confirm who is acting, for one session. Only a session's newest request takes a code.

    By mail, `accounts.identity.mailed_codes` makes and sends the code. An authenticator makes its own: the row counts
    the tries, and holds no code. `used_at` is the time of the right code.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="step_ups")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="step_ups")
    channel = models.CharField(max_length=16, choices=StepUpChannel.choices())
    requested_at = models.DateTimeField()
    code_hash = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "step-up"
        constraints = [
            models.CheckConstraint(
                condition=Q(channel=StepUpChannel.MAIL)
                & (
                    Q(code_hash="", expires_at__isnull=True, sent_at__isnull=True, used_at__isnull=True)
                    | (~Q(code_hash="") & Q(expires_at__isnull=False))
                )
                | Q(channel=StepUpChannel.AUTHENTICATOR, code_hash="", sent_at__isnull=True, expires_at__isnull=False),
                name="only_a_step_up_code_that_was_made_is_sent_or_used",
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(tries__gte=1), name="a_step_up_is_used_by_a_try"
            ),
        ]
        indexes = [
            models.Index(fields=["session", "-requested_at"], name="newest_step_up_of_a_session"),
            models.Index(
                fields=["requested_at"],
                condition=Q(channel=StepUpChannel.MAIL, sent_at__isnull=True),
                name="step_up_codes_not_yet_sent",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class StepUpFlag(models.Model):
    """Staff ask for step-ups of this account, from `set_at` to `lifted_at`. `accounts.staff.step_up_flags` writes it.

    The reasons are in the staff actions.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="step_up_flags")
    action = models.OneToOneField(StaffAction, on_delete=models.PROTECT, related_name="step_up_flag")
    set_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "step-up flag"
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(lifted_at__isnull=True), name="an_account_has_one_step_up_flag"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True) | Q(lifted_at__gte=F("set_at")),
                name="a_step_up_flag_is_lifted_after_it_is_set",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
