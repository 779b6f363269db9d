"""The payee's share of an order: what is left of the money that we keep, after our fee.

The share follows the money. Every change of a delivered order posts the difference between the share that is due now
and the share that was posted. What was paid out already becomes a debt of the payee, which later payouts settle.

The entries belong to the payee: the owner who paid does not see them.
"""

from typing import Final
from uuid import UUID

from django.conf import settings

from billing.errors import PayeeNotPayable
from billing.ledger import journal
from billing.ledger.journal import Transfer
from billing.models import LedgerTransaction, Order, Payee, PayeeShare
from billing.orders.transitions import source_of
from billing.payees import schedule
from billing.vocabulary import Account, EntryKind

_WHOLE: Final = 10_000


def begin_share(order: Order, payee_id: UUID) -> None:
    """Share a delivered order with its payee. Idempotent. Runs under the order's lock.

    Raises `PayeeNotPayable` if the payee is paid in another currency or through another provider.
    """
    payee = Payee.objects.select_for_update().get(pk=payee_id)
    if payee.currency != order.currency:
        raise PayeeNotPayable(f"the order is in {order.currency}, the payee is paid in {payee.currency}")
    if payee.provider != order.provider:
        raise PayeeNotPayable(f"{order.provider} was paid, the payee has an account at {payee.provider}")
    defaults = {"payee": payee, "fee_basis_points": settings.SERVICE_FEE_BASIS_POINTS}
    PayeeShare.objects.get_or_create(order=order, defaults=defaults)
    settle_share(order)


def settle_share(order: Order) -> None:
    """Post the change of the payee's share since it was posted last, and plan its payout.

    Does nothing for an order without a payee. Runs under the order's lock.
    """
    share = PayeeShare.objects.filter(order=order).select_related("payee").first()
    if share is None:
        return
    Payee.objects.select_for_update().get(pk=share.payee_id)
    change = due(share, order) - posted(order)
    if change:
        _post(share, order, change)
    schedule.plan(share, owed_minor=owed(order), is_raised=change > 0)


def due(share: PayeeShare, order: Order) -> int:
    """Returns the payee's part of the money that we keep."""
    kept = kept_money(order)
    return kept - kept * share.fee_basis_points // _WHOLE


def kept_money(order: Order) -> int:
    """Returns the price less what was refunded and what a bank has kept, at least zero.

    Money that a bank has withdrawn counts as kept until the bank decides.
    """
    refunded = journal.posted_amount(EntryKind.REFUND, EntryKind.REFUND_REVERSAL, order=order, account=Account.CASH)
    lost = journal.posted_amount(EntryKind.LOSS_BOOKING, order=order, account=Account.DISPUTE_RECEIVABLE)
    return max(0, order.price_minor + refunded + lost)


def posted(order: Order) -> int:
    """Returns the payee's share that the ledger has posted."""
    accounts = (Account.PAYEES_OWED, Account.PAYEES_DEBT)
    return -sum(journal.posted_amount(EntryKind.PAYEE_SHARE, order=order, account=account) for account in accounts)


def owed(order: Order) -> int:
    """Returns what the payee has not been paid of its share of the order."""
    return -journal.posted_amount(*EntryKind, order=order, account=Account.PAYEES_OWED)


def _post(share: PayeeShare, order: Order, change: int) -> None:
    """Post the change: a smaller share takes what is owed first; the rest was paid out, and becomes a debt."""
    if change > 0:
        transfers = [Transfer(change, order.currency, Account.PAYEES_OWED, Account.REVENUE)]
    else:
        unpaid = min(-change, owed(order))
        parts = [(unpaid, Account.PAYEES_OWED), (-change - unpaid, Account.PAYEES_DEBT)]
        transfers = [Transfer(part, order.currency, Account.REVENUE, into) for part, into in parts if part]
    number = LedgerTransaction.objects.filter(order=order, kind=EntryKind.PAYEE_SHARE).count() + 1
    source = f"{source_of(order)}/share:{number}"
    journal.post(EntryKind.PAYEE_SHARE, source=source, owner=share.payee.user_id, order=order, transfers=transfers)
