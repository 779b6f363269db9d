"""Send a final dossier to somebody: what the owner asks for. A letter is written first, and paid afterwards."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.identity.verification import require_verified
from accounts.models import User
from dossiers.errors import LetterServiceUnavailable, LetterTooLong, TooManyOfOwner
from dossiers.models import Delivery
from dossiers.ownership import lock_shareable, own_shareable
from dossiers.post.covering_letter import UnknownPages, printed_pages
from dossiers.post.ports import Deliverability, LetterService, PostalAddress, Refused, Unavailable
from dossiers.post.registry import letter_service
from dossiers.shares.changes import open_share
from dossiers.tasks import send_mail
from dossiers.vocabulary import DeliveryChannel
from maretech.common.http.errors import Invalid
from maretech.common.storage import object_store
from maretech.common.storage.base import ObjectMissing

WINDOW: Final = timedelta(days=1)
TOO_MANY_MAILS: Final = "TOO_MANY_MAILS"
TOO_MANY_LETTERS: Final = "TOO_MANY_LETTERS"
# How long a letter waits for its payment.
UNPAID_FOR: Final = timedelta(hours=24)
_MAX_PDF_BYTES: Final = 64 * 1024 * 1024
_NOT_DELIVERABLE: Final = {
    Deliverability.INCOMPLETE: "The post needs more, such as the number of the flat, or this number is wrong.",
    Deliverability.UNDELIVERABLE: "The post does not deliver to this address.",
}
# How long the link of a mail works.
SHARED_DAYS: Final = 30


@transaction.atomic
def send_by_mail(*, owner: User, dossier_id: UUID, to: str) -> Delivery:
    """Have a link to the dossier mailed to this address, in our own words.

    Raises `NotFound`, `NotFinal`, `HandedOver`, `EmailUnverified`, `TooManyOfOwner` or `TooManyShares`.
    """
    dossier = lock_shareable(owner=owner, dossier_id=dossier_id)
    require_verified(owner)
    _refuse_beyond_limit(owner, DeliveryChannel.EMAIL, settings.DOSSIER_MAILS_PER_DAY, reason=TOO_MANY_MAILS)
    share = open_share(dossier, days=SHARED_DAYS)
    delivery = Delivery.objects.create(dossier=dossier, channel=DeliveryChannel.EMAIL, email=to, share=share)
    send_mail(delivery.pk)
    return delivery


def require_letters() -> LetterService:
    """Return the service that posts letters. Raises `Invalid` where there is none."""
    service = letter_service()
    if service is None:
        raise Invalid(channel="Letters are not offered here.")
    return service


def check_letter(*, owner: User, dossier_id: UUID, to: PostalAddress) -> None:
    """Check what would be refused after the payment: country, length and address. Asks the service.

    Call this outside any transaction. Raises `NotFound`, `NotFinal`, `HandedOver`, `EmailUnverified`, `Invalid`,
    `LetterTooLong` or `LetterServiceUnavailable`.
    """
    service = require_letters()
    dossier = own_shareable(owner=owner, dossier_id=dossier_id)
    require_verified(owner)
    if to.country not in settings.LETTER_COUNTRIES:
        raise Invalid(**{"to.country": "Letters do not go to this country."})
    _refuse_beyond_limit(owner, DeliveryChannel.POST, settings.LETTERS_PER_DAY, reason=TOO_MANY_LETTERS)
    try:
        pdf = object_store().read(dossier.pdf_uri, max_bytes=_MAX_PDF_BYTES)
        is_too_long = printed_pages(pdf) > service.most_pages(to.country)
        found = service.check(to)
    except Refused:
        raise Invalid(to=_NOT_DELIVERABLE[Deliverability.UNDELIVERABLE]) from None
    except (Unavailable, UnknownPages, ObjectMissing):
        raise LetterServiceUnavailable(retry_after=60) from None
    if is_too_long:
        raise LetterTooLong
    if found is not Deliverability.DELIVERABLE:
        raise Invalid(**{"to.lines": _NOT_DELIVERABLE[found]})


@transaction.atomic
def send_by_post(*, owner: User, dossier_id: UUID, to: PostalAddress) -> Delivery:
    """Write a letter with the dossier to this address. It is posted once it is paid, within 24 hours.

    Raises as `check_letter`, which the caller has called before, and `TooManyOfOwner`.
    """
    require_letters()
    dossier = lock_shareable(owner=owner, dossier_id=dossier_id)
    require_verified(owner)
    _refuse_beyond_limit(owner, DeliveryChannel.POST, settings.LETTERS_PER_DAY, reason=TOO_MANY_LETTERS)
    return Delivery.objects.create(
        dossier=dossier,
        channel=DeliveryChannel.POST,
        address=to.as_row(),
        due_at=timezone.now() + UNPAID_FOR,
    )


def _refuse_beyond_limit(owner: User, channel: DeliveryChannel, limit: int, *, reason: str) -> None:
    since = timezone.now() - WINDOW
    sent = Delivery.objects.filter(dossier__owner=owner, channel=channel, created_at__gt=since)
    times = list(sent.order_by("created_at").values_list("created_at", flat=True)[:limit])
    if len(times) >= limit:
        raise TooManyOfOwner(reason=reason, retry_after=round((times[0] - since).total_seconds()) + 1)
