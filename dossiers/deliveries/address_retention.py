"""The addresses of letters without a report of their arrival. Those of ended letters are deleted at the end."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from dossiers.deliveries.endings import earn
from dossiers.models import Delivery
from dossiers.vocabulary import DeliveryChannel, DeliveryStatus
from maretech.common.work.retention import RetentionRule


def _old() -> QuerySet[Delivery]:
    horizon = timezone.now() - timedelta(days=settings.RETENTION_LETTER_DAYS)
    letters = Delivery.objects.filter(channel=DeliveryChannel.POST, address__isnull=False)
    return letters.filter(status__in=[DeliveryStatus.SUBMITTED, DeliveryStatus.IN_TRANSIT], submitted_at__lt=horizon)


def _forget(letters: QuerySet[Delivery]) -> None:
    """Delete the addresses. A letter that failed would have been reported long ago: its money is earned."""
    for letter in letters:
        earn(letter)
    letters.update(address=None)


RULES: Final = (RetentionRule("addresses of letters", _old, _forget),)
