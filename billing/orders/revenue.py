"""Revenue recognition: delivery earns the money."""

from collections.abc import Callable
from uuid import UUID

from django.db import transaction

from accounts.models import Owner
from billing.entitlements import entitlements
from billing.ledger import inspection_credits
from billing.models import Order
from billing.orders.transitions import DISPUTED, FULFILLED, PAID, locked, move, recognise_revenue, source_of, unearned
from billing.vocabulary import Grant


@transaction.atomic
def spend_credit(*, owner: Owner, inspection_id: UUID) -> bool:
    """Spend the held credit for a delivered result and recognise revenue on the oldest undelivered paid order.

    Returns False without a held credit.
    """
    entitlements.lock(owner)
    if not inspection_credits.spend(owner=owner, inspection_id=inspection_id):
        return False
    earn_delivered(owner, cause=f"inspection {inspection_id}")
    return True


def earn_delivered(owner: Owner, *, cause: str, among: Callable[[Order], bool] = lambda _: True) -> None:
    """Recognise revenue for used credits.

    Undelivered units and credits are equal in number, so each missing credit delivers one unit of the oldest order.
    That applies when a credit is spent, and when money arrives or comes back for units used meanwhile. Credits that
    came from another owner are in no order of this one and count as used first. `among` restricts the orders.

    Runs in the caller's transaction, under the owner's lock.
    """
    waiting = Order.objects.filter(owner=owner, product__grants=Grant.INSPECTION_CREDIT, refund_asked_at=None)
    oldest_first = waiting.filter(status__in=(PAID, DISPUTED)).order_by("paid_at", "id")
    owed = [(order, undelivered(order)) for order in oldest_first]
    balance = inspection_credits.balance_of(owner)
    used = sum(left for _, left in owed) - max(0, balance.available + balance.held)
    for order, left in owed:
        count = min(left, max(0, used)) if among(order) else 0
        used -= count
        is_delivered_since_a_part_went_back = order.status == PAID and not left and order.delivered
        if count or is_delivered_since_a_part_went_back:
            _deliver(locked(order.pk), count, left=left, cause=cause)


def undelivered(order: Order) -> int:
    """Returns how many unused units of the order the owner has.

    A disputed order counts only while it has unearned money.
    """
    if order.status == PAID or (order.status == DISPUTED and unearned(order) > 0):
        return max(0, inspection_credits.out_of(order) - order.delivered)
    return 0


def untransferable_credits(owner: Owner) -> int:
    """Returns the number of credits from test purchases. They can be used, but not for anything else."""
    bought = Order.objects.filter(owner=owner, is_test=True, product__grants=Grant.INSPECTION_CREDIT)
    return sum(undelivered(order) for order in bought.filter(status=PAID))


@transaction.atomic
def end_period(order_id: UUID) -> bool:
    """Recognise the revenue of a subscription period that is over.

    Returns False if that already happened, or if the money is no longer ours.
    """
    order = locked(order_id)
    if order.status != PAID or order.refund_asked_at is not None:
        return False
    _fulfil(order, cause="the period is over")
    return True


def _deliver(order: Order, count: int, *, left: int, cause: str) -> None:
    """Deliver `count` units. A disputed order stays disputed; it is fulfilled if the bank decides for us."""
    order.delivered = min(order.quantity, order.delivered + count)
    order.save(update_fields=["delivered", "updated_at"])
    if count < left:
        recognise_revenue(order, source=f"{source_of(order)}/delivered:{order.delivered}", part=count, of=left)
    elif order.status == DISPUTED:
        recognise_revenue(order, source=source_of(order))
    else:
        _fulfil(order, cause=cause)


def _fulfil(order: Order, *, cause: str) -> None:
    move(order, FULFILLED, cause=cause)
    recognise_revenue(order, source=source_of(order))
