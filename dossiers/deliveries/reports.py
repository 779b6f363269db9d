"""What becomes known of mails that were sent: their links are opened, or their addresses bounce."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from dossiers.deliveries import transitions
from dossiers.models import Delivery, Share
from dossiers.vocabulary import DeliveryFailure, DeliveryStatus

# A bounce arrives within days; later ones are of other mails.
_BOUNCES_WITHIN: Final = timedelta(days=7)


@transaction.atomic
def note_view(share: Share) -> None:
    """Record that the link of a mail was opened, if the share is of one; later views change nothing."""
    for delivery in Delivery.objects.filter(share=share, status=DeliveryStatus.SUBMITTED):
        transitions.deliver(delivery)


@transaction.atomic
def note_bounce(address: str, reported_at: datetime) -> None:
    """Record that the mails to an address were returned, as its provider reports; one that was opened has arrived."""
    sent = Delivery.objects.filter(email=address, status=DeliveryStatus.SUBMITTED)
    for delivery in sent.filter(submitted_at__lte=reported_at):
        if delivery.submitted_at is not None and reported_at - delivery.submitted_at <= _BOUNCES_WITHIN:
            transitions.return_to_sender(delivery, DeliveryFailure.BOUNCED)
