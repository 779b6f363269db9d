"""Retention rules of the rows that accounts need only for a while."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.contrib.sessions.models import Session as StaffSession
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.identity.email_codes import old_codes
from accounts.identity.reset_codes import old_resets
from accounts.identity.step_up_codes import old_step_ups
from accounts.models import Session, StaffInvitation, StepUpFlag
from accounts.privacy.erasure import erase_again, recently_erased
from accounts.privacy.export import delete_exports, expired_exports
from maretech.common.work.retention import RetentionRule


def _dead_sessions() -> QuerySet[Session]:
    """Return the sessions that ended long ago, or with a last token that expired that long ago without a refresh."""
    horizon = _ago(days=settings.RETENTION_SESSION_DAYS)
    unused = horizon - timedelta(days=settings.REFRESH_TOKEN_DAYS)
    return Session.objects.filter(Q(ended_at__lt=horizon) | Q(refreshed_at__lt=unused))


def _dead_staff_sessions() -> QuerySet[StaffSession]:
    return StaffSession.objects.filter(expire_date__lt=timezone.now())


def _old_invitations() -> QuerySet[StaffInvitation]:
    """Return the old invitations. Their results stay in the staff actions."""
    return StaffInvitation.objects.filter(expires_at__lt=timezone.now())


def _lifted_flags() -> QuerySet[StepUpFlag]:
    """Return the flags that were lifted long ago. Why stays in the staff actions."""
    return StepUpFlag.objects.filter(lifted_at__lt=_ago(days=settings.RETENTION_SESSION_DAYS))


def _ago(*, days: int) -> datetime:
    return timezone.now() - timedelta(days=days)


RULES: Final = (
    RetentionRule("expired exports", expired_exports, delete_exports),
    RetentionRule("reset codes", old_resets),
    RetentionRule("codes that prove an address", old_codes),
    RetentionRule("codes of step-ups", old_step_ups),
    RetentionRule("lifted step-up flags", _lifted_flags),
    RetentionRule("links of staff", _old_invitations),
    RetentionRule("ended sessions", _dead_sessions),
    RetentionRule("staff sessions", _dead_staff_sessions),
    RetentionRule("erasures to look over", recently_erased, erase_again),
)
