"""Refunds that we owe, asked for at the provider until they end.

The provider is called outside any transaction. A refund carries the id of its request, so that a crash or a time-out
after the provider has made it does not make another: the provider's list is read first.
"""

from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from billing import orders
from billing.errors import CheckoutUnavailable
from billing.models import Order, RefundRequest
from billing.notices import tell_staff_of_failed_refund
from billing.provider_registry import can, hosted_checkout
from billing.providers.base import ProviderRefused, ProviderUnavailable
from billing.providers.capabilities import Can
from billing.sync import hosted_orders
from billing.vocabulary import OrderStatus, RefundRequestState

log = structlog.get_logger(__name__)


def due_refunds() -> QuerySet[RefundRequest]:
    return RefundRequest.due().order_by("due_at")


def carry_out(request_id: UUID) -> None:
    """Make one attempt at a refund. The next one comes later and later, at most a day: a bank may take weeks.

    An outage does not count. A refusal is shown to staff. Idempotent. A request ends when its money has gone back, in
    this way or in another.
    """
    request = RefundRequest.claim(request_id)
    if request is None:
        return
    order = Order.objects.select_related("product").get(pk=request.order_id)
    if not can(order.provider, Can.HOST_CHECKOUT):
        _post_here(request)
        return
    try:
        _ask(order, request)
    except (ProviderUnavailable, CheckoutUnavailable) as error:
        log.warning("refund not asked for", order=str(order.pk), error=str(error))
        request.postpone()
    except ProviderRefused as error:
        orders.note_refusal(request_id, error=str(error))
        tell_staff_of_failed_refund(order, source=f"request:{request_id}")


def _ask(order: Order, request: RefundRequest) -> None:
    """Read what the provider has, and ask for what is missing. No bank refunds a payment that it disputes."""
    provider = hosted_checkout(order.provider)
    hosted_orders.find_payment(order)
    found = provider.payment(order.payment_ref)
    hosted_orders.record_payment(order, found)
    request.refresh_from_db()
    order.refresh_from_db()
    is_made = request.state != RefundRequestState.OPEN or str(request.pk) in found.refunds_underway
    if is_made or order.status == OrderStatus.DISPUTED:
        return
    amount = min(request.amount_minor, orders.refundable(order))
    if amount < 1:
        orders.drop_refund_request(request.pk)
        return
    # A refusal sticks to its key: another day and another amount have another one.
    key = f"request:{request.pk}:{amount}:{timezone.now():%Y-%m-%d}"
    provider.refund(order.payment_ref, amount_minor=amount, key=key, request_id=str(request.pk))
    hosted_orders.record_payment(order, provider.payment(order.payment_ref))


@transaction.atomic
def _post_here(request: RefundRequest) -> None:
    """Post the refund of a payment at a provider that holds no money."""
    order = orders.locked(request.order_id)
    amount = min(request.amount_minor, orders.refundable(order))
    if amount < 1:
        orders.drop_refund_request(request.pk)
        return
    ref = f"request:{request.pk}"
    orders.refund(order.pk, amount_minor=amount, refund_ref=ref, cause=request.cause)
    orders.note_refund_made(str(request.pk), refund_ref=ref)
