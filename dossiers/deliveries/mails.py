"""Worker side of mails: hand each over at most once, and record what became of it.

Whether a mail was accepted is not always known: a worker may be killed, or a connection end, between the hand-over and
the answer. Such a mail is not sent again; its delivery fails, and the owner can send another one.
"""

from uuid import UUID

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone

from dossiers.deliveries import transitions
from dossiers.models import Delivery, Share
from dossiers.shares.links import share_url
from dossiers.vocabulary import DeliveryFailure
from maretech.common.work.queue import RESENT_AT_ONCE
from notifications.channels.ports import OutcomeUnknown, Refused, Unreachable
from notifications.mails.outside_mails import OutsideMail, send_outside_mail
from notifications.vocabulary import OutsideMailKind

log = structlog.get_logger(__name__)


def send(delivery_id: UUID) -> None:
    """Make one attempt, if the mail is due. Safe to run twice, and to be killed at any line."""
    delivery = Delivery.claim(delivery_id, among=Delivery.due_mails(), give_up=_give_up)
    if delivery is None:
        return
    if delivery.handed_over_at is not None:
        transitions.fail(delivery, DeliveryFailure.OUTCOME_UNKNOWN)
    elif not Share.objects.open().filter(delivery=delivery).exists():
        transitions.fail(delivery, DeliveryFailure.DOSSIER_REVOKED)
    elif delivery.update_unless_changed(handed_over_at=timezone.now()):
        _hand_over(delivery)


def due_mails() -> list[UUID]:
    """Return the due mails that no worker has claimed, the oldest first."""
    return list(Delivery.due_mails().order_by("due_at").values_list("pk", flat=True)[:RESENT_AT_ONCE])


def _hand_over(delivery: Delivery) -> None:
    try:
        send_outside_mail(_mail(delivery))
    except Unreachable as exc:
        log.warning("dossier mail not accepted", delivery=str(delivery.pk), error=str(exc))
        if delivery.retry.is_used_up(delivery.attempts):
            transitions.fail(delivery, DeliveryFailure.NOT_ACCEPTED, error=str(exc))
        else:
            delivery.update_unless_changed(handed_over_at=None, last_error=str(exc)[:200])
    except Refused as exc:
        transitions.fail(delivery, DeliveryFailure.REFUSED, error=str(exc))
    except OutcomeUnknown as exc:
        transitions.fail(delivery, DeliveryFailure.OUTCOME_UNKNOWN, error=str(exc))
    except SoftTimeLimitExceeded:
        transitions.fail(delivery, DeliveryFailure.OUTCOME_UNKNOWN, error="out of time")
        raise
    else:
        transitions.submit(delivery)


def _mail(delivery: Delivery) -> OutsideMail:
    """Return the mail: a link, and no word that the owner wrote."""
    assert delivery.share is not None
    return OutsideMail(
        id=delivery.pk,
        kind=OutsideMailKind.DOSSIER_SHARED,
        to=delivery.email,
        locale=delivery.dossier.language,
        context={"link": share_url(delivery.share), "expires_on": f"{delivery.share.expires_at:%Y-%m-%d}"},
    )


def _give_up(delivery: Delivery) -> None:
    unknown = delivery.handed_over_at is not None
    transitions.fail(delivery, DeliveryFailure.OUTCOME_UNKNOWN if unknown else DeliveryFailure.NOT_ACCEPTED)
