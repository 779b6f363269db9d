"""The webhook of the letter service. An event is a hint: the letter is read again, so order and repeats do not count.

Only one thing is believed at once: that a letter will not be printed, which the letter itself does not always say.
"""

from collections.abc import Mapping
from typing import Final

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from dossiers.deliveries import letters
from dossiers.models import Delivery
from dossiers.models.deliveries import LETTERS_UNDER_WAY
from dossiers.post.ports import InvalidSignature, LetterEvent, Progress
from dossiers.post.registry import letter_service
from dossiers.tasks import send_letter
from dossiers.vocabulary import DeliveryChannel, DeliveryStatus

log = structlog.get_logger(__name__)

_ACCEPTED: Final = (DeliveryStatus.SUBMITTED, DeliveryStatus.IN_TRANSIT)


def receive(body: bytes, headers: Mapping[str, str]) -> None:
    """Act on an event. One about no letter under way changes nothing.

    Raises `InvalidSignature` for what the service did not send just now, and where letters are off.
    """
    service = letter_service()
    if service is None:
        raise InvalidSignature
    event = service.read_event(body, headers)
    letter = _letter_of(event)
    log.info("letter event", kind=event.kind, letter=event.ref, delivery=str(letter.pk) if letter else None)
    if letter is None:
        return
    if event.progress is Progress.FAILED and letter.status in _ACCEPTED:
        letters.apply(letter, Progress.FAILED)
    else:
        _look_soon(letter)


def _letter_of(event: LetterEvent) -> Delivery | None:
    """Return the letter under way. One with an acceptance that was not noted is found by its metadata."""
    under_way = Delivery.objects.filter(channel=DeliveryChannel.POST, status__in=LETTERS_UNDER_WAY)
    is_it = Q(provider_ref=event.ref) | Q(pk=event.delivery_id, provider_ref="", handed_over_at__isnull=False)
    return under_way.filter(is_it).first()


@transaction.atomic
def _look_soon(letter: Delivery) -> None:
    Delivery.objects.filter(pk=letter.pk, status=letter.status).update(due_at=timezone.now())
    send_letter(letter.pk)
