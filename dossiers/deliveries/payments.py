"""How the money of a letter moves its delivery: the hooks that billing calls, and the order that is paid.

The hooks run in billing's transaction, which has locked the owner and the order.
"""

from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from billing.services.hooks import ServiceHooks
from billing.services.selling import open_service_order, refund_service
from billing.vocabulary import ProductCode
from dossiers.deliveries import transitions
from dossiers.deliveries.endings import NOT_POSTED
from dossiers.deliveries.requests import require_letters
from dossiers.deliveries.stopping import stop_letter
from dossiers.errors import LetterNotPayable
from dossiers.models import Delivery
from dossiers.ownership import lock_shareable
from dossiers.tasks import send_letter
from dossiers.vocabulary import DeliveryChannel, DeliveryFailure, DeliveryStatus, DossierStatus
from maretech.common.http.errors import NotFound

_TAKEN: Final = (
    DeliveryStatus.PAID,
    DeliveryStatus.SUBMITTED,
    DeliveryStatus.IN_TRANSIT,
    DeliveryStatus.DELIVERED,
    DeliveryStatus.RETURNED,
)


@transaction.atomic
def open_letter_order(*, owner: User, delivery_id: UUID) -> tuple[UUID, bool]:
    """Return the order of a letter that waits for its payment, and whether it is new.

    Raises `NotFound`, `NotFinal`, `HandedOver`, `LetterNotPayable` for one that is paid or over, and `Invalid` where
    letters are not sold.
    """
    letter = Delivery.objects.filter(pk=delivery_id, dossier__owner=owner, channel=DeliveryChannel.POST).first()
    if letter is None:
        raise NotFound
    lock_shareable(owner=owner, dossier_id=letter.dossier_id)
    letter = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery_id)
    is_over = letter.status == DeliveryStatus.CREATED and letter.due_at <= timezone.now()
    if letter.status != DeliveryStatus.CREATED or is_over:
        raise LetterNotPayable(DeliveryStatus.EXPIRED if is_over else letter.status)
    if letter.order_id is not None:
        return letter.order_id, False
    require_letters()
    order = open_service_order(owner=owner, product_code=ProductCode.DOSSIER_BY_POST)
    Delivery.objects.filter(pk=letter.pk).update(order_id=order.pk)
    return order.pk, True


def _paid(order_id: UUID) -> bool:
    """Take the payment if the letter still waits for it and its dossier can be sent."""
    letter = _locked(order_id)
    if letter is None:
        return False
    if letter.status != DeliveryStatus.CREATED:
        return letter.status in _TAKEN
    dossier = letter.dossier
    if dossier.status != DossierStatus.FINAL or dossier.vessel_handed_over_at or not dossier.owner.is_active:
        transitions.expire(letter)
        return False
    transitions.pay(letter)
    send_letter(letter.pk)
    return True


def _closed(order_id: UUID) -> None:
    letter = _locked(order_id)
    if letter is not None and letter.status == DeliveryStatus.CREATED:
        transitions.expire(letter)


def _withdrawn(order_id: UUID) -> None:
    """Stop the letter if its money is contested, refunded or lost before it is printed."""
    letter = _locked(order_id)
    if letter is not None and letter.status in (DeliveryStatus.PAID, DeliveryStatus.SUBMITTED):
        stop_letter(letter.pk, DeliveryFailure.PAYMENT_WITHDRAWN)


def _restored(order_id: UUID) -> None:
    """Go on with a letter that is to be stopped and is not yet; refund one that failed meanwhile."""
    letter = _locked(order_id)
    if letter is None:
        return
    waiting = Delivery.objects.filter(pk=letter.pk, status__in=transitions.STOPPABLE)
    waiting.filter(stop_reason=DeliveryFailure.PAYMENT_WITHDRAWN).update(stop_reason="", due_at=timezone.now())
    if letter.status in (DeliveryStatus.FAILED, DeliveryStatus.EXPIRED):
        refund_service(order_id, cause=NOT_POSTED)


def _locked(order_id: UUID) -> Delivery | None:
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("dossier__owner")
    return rows.filter(order_id=order_id).first()


HOOKS: Final = ServiceHooks(
    name="A dossier by post",
    paid=_paid,
    closed=_closed,
    contested=_withdrawn,
    restored=_restored,
    money_back=_withdrawn,
)
