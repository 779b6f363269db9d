"""Refunds that we owe: written with their cause first, then asked for at the provider until they end.

Only this module writes them; `services.refunds` asks the provider. A request never returns more than it names, and the
requests of an order never more than is left.
"""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from billing.models import Order, RefundRequest
from billing.models.orders import REPEATED, REPEATED_CAUSE_LENGTH
from billing.orders.money import refundable
from billing.orders.transitions import locked
from billing.vocabulary import RefundRequestState

OPEN, DONE, DROPPED, FAILED = RefundRequestState
_ERROR_LENGTH: Final = 300


@transaction.atomic
def request_refund(order_id: UUID, *, cause: str, amount_minor: int | None = None) -> RefundRequest | None:
    """Request a refund of this amount, or of all that is left. Idempotent: once per order and cause.

    Returns None if nothing is left that was not requested. Raises `ValueError` for an amount below one.
    """
    if amount_minor is not None and amount_minor < 1:
        raise ValueError(f"a refund of {amount_minor}")
    order = locked(order_id)
    known = order.refund_requests.filter(cause=cause).first()
    left = unrequested(order)
    if known is not None or left < 1:
        return known
    amount = left if amount_minor is None else min(amount_minor, left)
    return RefundRequest.objects.create(order=order, amount_minor=amount, cause=cause)


def unrequested(order: Order) -> int:
    """Returns the money of the order that is not refunded, and that no open request and no failed one names.

    Only staff request again what failed.
    """
    return _left(order, RefundRequest.owed().filter(order=order))


def _left(order: Order, owed: QuerySet[RefundRequest]) -> int:
    return refundable(order) - int(owed.aggregate(total=Sum("amount_minor"))["total"] or 0)


def open_requests(order: Order) -> QuerySet[RefundRequest]:
    return order.refund_requests.filter(state=OPEN)


def note_refund_made(request_id: str, *, refund_ref: str) -> None:
    """Note that the provider has made the refund. Runs in the transaction that posts it, under the order's lock."""
    _end(request_id, DONE, among=(OPEN,), refund_ref=refund_ref)


def note_refund_failed(request_id: str, *, refund_ref: str) -> None:
    """Note that the money of a refund came back: staff must find another way."""
    _end(request_id, FAILED, among=(OPEN, DONE), refund_ref=refund_ref)


def drop_refund_request(request_id: UUID) -> None:
    """End a request for money that is no longer left, because it went back in another way."""
    _end(str(request_id), DROPPED, among=(OPEN,))


def note_refusal(request_id: UUID, *, error: str) -> None:
    """Store why the provider refuses. The request stays open: the reason may pass."""
    RefundRequest.objects.filter(pk=request_id, state=OPEN).update(error=error[:_ERROR_LENGTH])


@transaction.atomic
def request_again(request_id: UUID) -> bool:
    """Request a refund again after its money came back, up to what is left. Idempotent: once per failed request.

    Returns False if it did not fail, or if nothing is left that was not requested.
    """
    order_id = RefundRequest.objects.values_list("order_id", flat=True).get(pk=request_id)
    order = locked(order_id)
    request = RefundRequest.objects.get(pk=request_id)
    if request.state != FAILED:
        return False
    cause = f"{request.cause[:REPEATED_CAUSE_LENGTH]}{REPEATED}"
    if order.refund_requests.filter(cause=cause).exists():
        return True
    amount = min(request.amount_minor, _left(order, RefundRequest.owed().filter(order=order).exclude(pk=request.pk)))
    if amount < 1:
        return False
    RefundRequest.objects.create(order=order, amount_minor=amount, cause=cause)
    return True


@transaction.atomic
def close_failed(request_id: UUID) -> bool:
    """End a failed request for good: the owner has the money in another way.

    Returns False if it did not fail, or if it is requested again.
    """
    locked(RefundRequest.objects.values_list("order_id", flat=True).get(pk=request_id))
    is_undecided = RefundRequest.owed().filter(pk=request_id, state=FAILED).exists()
    if is_undecided:
        _end(str(request_id), DROPPED, among=(FAILED,))
    return is_undecided


def _end(request_id: str, to: RefundRequestState, *, among: tuple[RefundRequestState, ...], **values: Any) -> None:
    """End the request if it is one of ours: the provider's text may name anything."""
    ended_at: datetime = timezone.now()
    try:
        found = RefundRequest.objects.filter(pk=request_id, state__in=among)
    except (ValidationError, ValueError):
        return
    found.update(state=to, ended_at=ended_at, **values)
