"""Credits that one owner pays to another: those that no refund can take back in the usual way.

A unit counts as delivered when its credit changes hands: its money is not refunded any more. So a credit that was
received is in no order of its owner, and spending it recognises no revenue again.
"""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import Owner
from billing.entitlements import entitlements
from billing.errors import CreditsMissing
from billing.ledger import inspection_credits
from billing.models import Order
from billing.orders.revenue import earn_delivered, undelivered, untransferable_credits
from billing.orders.transitions import DISPUTED, PAID
from billing.vocabulary import Grant


def transferable_credits(owner: Owner) -> int:
    """Return how many available credits are past their refund window.

    Credits of test purchases and of contested payments are not. Held credits count as those of the oldest orders, as
    when they are spent.
    """
    bought = Order.objects.filter(owner=owner, product__grants=Grant.INSPECTION_CREDIT, is_test=False)
    recent = [order for order in bought.filter(status__in=(PAID, DISPUTED)) if not _is_past_refund(order)]
    bound = untransferable_credits(owner) + sum(map(undelivered, recent))
    return max(0, inspection_credits.balance_of(owner).available - bound)


@transaction.atomic
def pay_credits(*, payer: UUID, payee: UUID, count: int, source: str, cause: str) -> None:
    """Move credits that are past their refund window to another owner. Raises `CreditsMissing`.

    A refund or chargeback that comes nevertheless is the payer's debt.
    """
    entitlements.lock_all(payer, payee)
    if count > transferable_credits(payer):
        raise CreditsMissing
    if inspection_credits.transfer(payer=payer, payee=payee, count=count, source=source):
        earn_delivered(payer, cause=cause, among=_is_past_refund)


@transaction.atomic
def return_credits(*, payer: UUID, payee: UUID, count: int, source: str, cause: str) -> None:
    """Move credits back to the one who had paid them. Those that were used since become a debt."""
    entitlements.lock_all(payer, payee)
    if inspection_credits.transfer(payer=payer, payee=payee, count=count, source=source):
        earn_delivered(payer, cause=cause)


def _is_past_refund(order: Order) -> bool:
    """Return whether the order's money is ours for good, as far as the owner can decide."""
    if order.is_test or order.status != PAID or order.paid_at is None or order.refund_asked_at is not None:
        return False
    return timezone.now() > order.paid_at + timedelta(hours=order.cancel_within_hours)
