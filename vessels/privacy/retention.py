"""Retention of handovers: what is not needed any more once they cannot change."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from maretech.common.work.retention import RetentionRule
from vessels.models import UNDER_WAY, Handover, HandoverCode

_BLANK: Final = Q(to_email="", moved={}, former_details={}, dispute_reason="")


def _spent_codes() -> QuerySet[HandoverCode]:
    """Return the codes of handovers that are over. Whether a party consented is in the events."""
    return HandoverCode.objects.filter(handover__in=_over_since(_ago(hours=settings.RETENTION_RESET_CODE_HOURS)))


def _old_handovers() -> QuerySet[Handover]:
    """Return the handovers that cannot change any more and still hold an address or what a reversal would need."""
    return _over_since(_ago(days=settings.RETENTION_HANDOVER_DAYS)).exclude(_BLANK)


def _blank(rows: QuerySet[Handover]) -> None:
    rows.update(to_email="", moved={}, former_details={}, dispute_reason="")


def _over_since(horizon: datetime) -> QuerySet[Handover]:
    over = Q(ended_at__lt=horizon) | Q(completed_at__lt=horizon)
    recently_decided = Q(decided_at__gte=horizon)
    return Handover.objects.filter(over).exclude(status__in=UNDER_WAY).exclude(recently_decided)


def _ago(**period: int) -> datetime:
    return timezone.now() - timedelta(**period)


RULES: Final = (
    RetentionRule("codes of handovers", _spent_codes),
    RetentionRule("addresses of handovers", _old_handovers, _blank),
)
