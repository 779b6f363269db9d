"""Refunds of orders and their reversals."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from billing.catalogue.currencies import money
from billing.errors import BadTransition, RefundTooHigh
from billing.ledger import inspection_credits, journal
from billing.ledger.journal import Transfer
from billing.models import Order
from billing.notices import notify_of_refund, tell_staff_of_failed_refund
from billing.orders.money import WITH_MONEY, credits_due, refundable
from billing.orders.reinstatement import reinstate
from billing.orders.revenue import earn_delivered
from billing.orders.shares import settle_share
from billing.orders.transitions import (
    FULFILLED,
    LOST,
    PAID,
    REFUNDED,
    locked,
    move,
    recognise_revenue,
    source_of,
    unearned,
)
from billing.provider_registry import can
from billing.providers.base import Refunded
from billing.providers.capabilities import Can
from billing.services.hooks import tell_restored
from billing.vocabulary import Account, EntryKind


@transaction.atomic
def refund(order_id: UUID, *, amount_minor: int | None, refund_ref: str, cause: str) -> bool:
    """Post a refund of the rest (None) or of a part. Returns False if this refund was already posted.

    The refund of a credit's price revokes the credit, and the refund of the rest revokes all: a used credit becomes a
    debt.

    Raises `RefundTooHigh` above the refundable amount, `BadTransition` for an order that was never paid.
    """
    order = locked(order_id)
    source = _refund_of(order, refund_ref)
    if journal.is_posted(EntryKind.REFUND, source=source):
        return False
    if order.status not in WITH_MONEY:
        raise BadTransition(f"{order.status} → {REFUNDED}")
    left = refundable(order)
    amount = left if amount_minor is None else amount_minor
    if not 0 < amount <= left:
        raise RefundTooHigh(f"{money(amount, order.currency)} of {money(left, order.currency)}")
    owed = min(amount, unearned(order))
    parts = [(owed, Account.DEFERRED_REVENUE), (amount - owed, Account.REFUNDS)]
    transfers = [Transfer(part, order.currency, Account.CASH, into) for part, into in parts if part]
    journal.post(EntryKind.REFUND, source=source, owner=order.owner_id, order=order, transfers=transfers)
    if amount == left:
        order.look_at = None
        move(order, REFUNDED, cause=cause)
        inspection_credits.revoke(order=order, source=source)
    elif inspection_credits.revoke(order=order, source=source, down_to=credits_due(order)):
        earn_delivered(order.owner_id, cause=cause)
    settle_share(order)
    notify_of_refund(order, source=source)
    return True


@transaction.atomic
def reverse_refund(order_id: UUID, *, refund_ref: str, cause: str) -> bool:
    """Reverse a refund that failed or was undone: the money and the purchase are restored. Idempotent.

    Returns False if there is no such refund, or if it was already reversed.
    """
    order = locked(order_id)
    source = _refund_of(order, refund_ref)
    if not journal.reverse(EntryKind.REFUND, source=source, as_kind=EntryKind.REFUND_REVERSAL):
        return False
    if order.status == REFUNDED:
        if order.refund_asked_at is not None:  # the owner cancelled the order, and this way of refunding failed
            order.refund_asked_at = None
            order.save(update_fields=["refund_asked_at", "updated_at"])
        reinstate(order, source=f"{source}/reversal", cause=cause)
    elif order.status in (PAID, FULFILLED):  # a part was refunded and has come back
        inspection_credits.restore(order=order, source=f"{source}/reversal", up_to=credits_due(order))
        earn_delivered(order.owner_id, cause=cause)
        tell_restored(order)  # a new refund keeps the payout back
    if order.status in (FULFILLED, LOST):
        recognise_revenue(order, source=f"{source}/reversal")
    settle_share(order)
    if can(order.provider, Can.HOST_CHECKOUT):  # a store takes a refund back because it decided so
        tell_staff_of_failed_refund(order, source=source)
    return True


@transaction.atomic
def settle_refunds(
    order_id: UUID, *, reported: Iterable[Refunded], is_all: bool, asked_at: datetime, cause: str
) -> None:
    """Post the refunds that a store reported. With `is_all`, a refund missing from the report counts as reversed.

    Of two answers the one with the later request time counts, whatever their order of arrival: an older one would undo
    it.
    """
    order = locked(order_id)
    if order.asked_at is not None and asked_at <= order.asked_at:
        return
    order.asked_at = asked_at
    order.save(update_fields=["asked_at", "updated_at"])
    refunded = {each.ref: each for each in reported if not each.is_reversed}
    if not order.price_minor:
        _settle_free(order, refunded.values(), is_all=is_all, cause=cause)
        return
    returned = {each.ref for each in reported if each.is_reversed}
    if is_all:
        returned |= _standing_refunds(order) - set(refunded)
    for ref in sorted(returned):
        reverse_refund(order_id, refund_ref=ref, cause=cause)
    for each in refunded.values():
        _refund_reported(order_id, each, cause=cause)


def _refund_reported(order_id: UUID, reported: Refunded, *, cause: str) -> None:
    """Refund the part that the store reports, or everything if it reports no part."""
    order = Order.objects.get(pk=order_id)
    left, amount = refundable(order), reported.amount_minor or order.price_minor * reported.quantity // order.quantity
    if left:
        part = amount if 0 < amount < left else None
        refund(order_id, amount_minor=part, refund_ref=reported.ref, cause=cause)


def _settle_free(order: Order, gone: Collection[Refunded], *, is_all: bool, cause: str) -> None:
    """Revoke and restore a free purchase without posting money."""
    source = f"{source_of(order)}/free:{order.events.count()}"
    taken = sum(each.quantity or order.quantity for each in gone)
    if taken >= order.quantity and order.status in (PAID, FULFILLED):
        order.look_at = None
        move(order, REFUNDED, cause=cause)
        inspection_credits.revoke(order=order, source=source)
    elif 0 < taken < order.quantity:
        inspection_credits.revoke(order=order, source=f"{source}/{taken}", down_to=order.quantity - taken)
        earn_delivered(order.owner_id, cause=cause)
    elif not taken and is_all and order.status == REFUNDED:
        reinstate(order, source=source, cause=cause)


def _standing_refunds(order: Order) -> set[str]:
    """Returns the provider's references of the posted refunds that were not reversed."""
    posted, reversed_ = (journal.sources(kind, order=order) for kind in (EntryKind.REFUND, EntryKind.REFUND_REVERSAL))
    return {source.removeprefix(_refund_of(order, "")) for source in posted - reversed_}


def _refund_of(order: Order, refund_ref: str) -> str:
    return f"{source_of(order)}/refund:{refund_ref}"
