"""Retention of appointments: what is not needed any more once they cannot change."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from maretech.common.work.retention import RetentionRule
from surveys.models import AppointmentDispute, CheckIn, RecoveryAttempt


def _old_scans() -> QuerySet[CheckIn]:
    return CheckIn.objects.filter(at__lt=_horizon())


def _old_disputes() -> QuerySet[AppointmentDispute]:
    return AppointmentDispute.objects.filter(resolved_at__lt=_horizon()).exclude(reason="")


def _blank_reasons(rows: QuerySet[AppointmentDispute]) -> None:
    rows.update(reason="")


def _old_explanations() -> QuerySet[RecoveryAttempt]:
    return RecoveryAttempt.objects.filter(dispute__resolved_at__lt=_horizon()).exclude(explanation="")


def _blank_explanations(rows: QuerySet[RecoveryAttempt]) -> None:
    rows.update(explanation="")


def _horizon() -> datetime:
    return timezone.now() - timedelta(days=settings.RETENTION_APPOINTMENT_DAYS)


RULES: Final = (
    RetentionRule("scans of check-ins", _old_scans),
    RetentionRule("reasons of disputes of appointments", _old_disputes, _blank_reasons),
    RetentionRule("explanations of disputes of appointments", _old_explanations, _blank_explanations),
)
