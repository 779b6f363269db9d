"""Orders of services: the payment is offered to the app that delivers, and the delivery earns it."""

from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from billing.models import Order, RefundRequest
from billing.orders.refund_requests import request_refund, unrequested
from billing.orders.shares import begin_share, kept_money
from billing.orders.transitions import (
    DISPUTED,
    FULFILLED,
    LOST,
    PAID,
    locked,
    move,
    recognise_revenue,
    source_of,
)
from billing.services.hooks import hooks_of
from billing.vocabulary import Grant

_TOO_LATE: Final = "paid too late"


def offer_payment(order: Order) -> None:
    """Offer a payment to the app that delivers the service. If it is too late, the money goes back.

    Without an app here the order waits for `answer_payment`. Runs under the order's lock.
    """
    hooks = hooks_of(order.product.code)
    if hooks is None:
        return
    if hooks.paid(order.pk):
        order.accepted_at = timezone.now()
        order.save(update_fields=["accepted_at", "updated_at"])
    else:
        request_refund(order.pk, cause=_TOO_LATE)


def unanswered_payments() -> QuerySet[Order]:
    """Returns the paid services that no app was asked about: a release that knew no services took the payment."""
    refunding = RefundRequest.objects.filter(order=OuterRef("pk"))
    paid = Order.objects.filter(status=PAID, product__grants=Grant.SERVICE, accepted_at=None)
    return paid.exclude(Exists(refunding)).order_by("paid_at")


@transaction.atomic
def answer_payment(order_id: UUID) -> None:
    """Offer a payment that was not offered yet."""
    order = locked(order_id)
    if unanswered_payments().filter(pk=order_id).exists():
        offer_payment(order)


@transaction.atomic
def deliver_service(order_id: UUID, *, cause: str, payee_id: UUID | None = None) -> bool:
    """Recognise the revenue of a delivered service, and share it with its payee. Idempotent.

    A contested order is delivered too: the bank decides about its money. Returns False if no money of the order is
    ours, or if all of it is about to be refunded.

    Raises `ValueError` for an order of something else, `PayeeNotPayable`.
    """
    order = locked(order_id)
    if order.product.grants != Grant.SERVICE:
        raise ValueError(f"order {order_id} is no service")
    if not order.delivered and not _may_be_delivered(order):
        return False
    if not order.delivered:
        order.delivered = order.quantity
        order.save(update_fields=["delivered", "updated_at"])
        if order.status == PAID:
            move(order, FULFILLED, cause=cause)
        recognise_revenue(order, source=source_of(order))
    if payee_id is not None:
        begin_share(order, payee_id)
    return True


def _may_be_delivered(order: Order) -> bool:
    if order.status == LOST:
        return kept_money(order) > 0
    return order.status in (PAID, DISPUTED) and unrequested(order) > 0
