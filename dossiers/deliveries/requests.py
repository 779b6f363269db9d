"""Send a final dossier to somebody: what the owner asks for."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.identity.verification import require_verified
from accounts.models import User
from dossiers.errors import TooManyOfOwner
from dossiers.models import Delivery
from dossiers.ownership import lock_shareable
from dossiers.shares.changes import open_share
from dossiers.tasks import send_mail
from dossiers.vocabulary import DeliveryChannel

WINDOW: Final = timedelta(days=1)
TOO_MANY_MAILS: Final = "TOO_MANY_MAILS"
# How long the link of a mail works.
SHARED_DAYS: Final = 30


@transaction.atomic
def send_by_mail(*, owner: User, dossier_id: UUID, to: str) -> Delivery:
    """Have a link to the dossier mailed to this address, in our own words.

    Raises `NotFound`, `NotFinal`, `HandedOver`, `EmailUnverified` or `TooManyOfOwner`.
    """
    dossier = lock_shareable(owner=owner, dossier_id=dossier_id)
    require_verified(owner)
    _refuse_beyond_limit(owner)
    share = open_share(dossier, days=SHARED_DAYS)
    delivery = Delivery.objects.create(dossier=dossier, channel=DeliveryChannel.EMAIL, email=to, share=share)
    send_mail(delivery.pk)
    return delivery


def _refuse_beyond_limit(owner: User) -> None:
    since = timezone.now() - WINDOW
    mails = Delivery.objects.filter(dossier__owner=owner, channel=DeliveryChannel.EMAIL, created_at__gt=since)
    times = list(mails.order_by("created_at").values_list("created_at", flat=True)[: settings.DOSSIER_MAILS_PER_DAY])
    if len(times) >= settings.DOSSIER_MAILS_PER_DAY:
        raise TooManyOfOwner(reason=TOO_MANY_MAILS, retry_after=round((times[0] - since).total_seconds()) + 1)
