"""Flags with which staff ask for step-ups of an account. A flag holds until staff lift it."""

from django.db import transaction
from django.utils import timezone

from accounts.identity.step_up import is_flagged
from accounts.models import StepUpFlag, User
from accounts.staff.audit import record_staff_action


class FlagRefused(Exception):
    """The account cannot be flagged now, or has no flag to lift. The text says why."""


@transaction.atomic
def flag_account(*, user: User, staff: User, reason: str) -> StepUpFlag:
    """Flag the account and record who did it and why. Raises `FlagRefused` and `ReasonRequired`."""
    if (refusal := flag_refusal(_locked(user))) is not None:
        raise FlagRefused(refusal)
    action = record_staff_action(staff=staff, action="flag_for_step_up", subject=user, reason=reason)
    return StepUpFlag.objects.create(user=user, action=action, set_at=action.at)


@transaction.atomic
def lift_flag(*, user: User, staff: User, reason: str) -> None:
    """Lift the flag and record who did it and why. Raises `FlagRefused` and `ReasonRequired`."""
    if (refusal := lift_refusal(_locked(user))) is not None:
        raise FlagRefused(refusal)
    record_staff_action(staff=staff, action="lift_step_up_flag", subject=user, reason=reason)
    StepUpFlag.objects.filter(user=user, lifted_at=None).update(lifted_at=timezone.now())


def flag_refusal(user: User) -> str | None:
    """Return why the account cannot be flagged; None if it can."""
    if user.erased_at is not None:
        return "This account is erased."
    return "This account is flagged already." if is_flagged(user) else None


def lift_refusal(user: User) -> str | None:
    """Return why there is no flag to lift; None if there is one."""
    return None if is_flagged(user) else "This account is not flagged."


def _locked(user: User) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)
