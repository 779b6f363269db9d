"""Provider fees, and conversions into the currency of the provider's balance."""

from uuid import UUID

from django.db import transaction

from billing.ledger import journal
from billing.ledger.journal import Transfer
from billing.models import Order
from billing.orders.transitions import locked, source_of
from billing.providers.base import Settled
from billing.vocabulary import Account, EntryKind


@transaction.atomic
def post_fee(order_id: UUID, *, amount_minor: int, currency: str = "", what: str = "") -> None:
    """Post the new part of the fee that the provider has kept of a payment so far, in any currency.

    `what` names a fee charged in addition to the payment's own. A negative amount was returned.
    """
    order = locked(order_id)
    total = Transfer(amount_minor, currency or order.currency, Account.CASH, Account.FEES)
    source = f"{source_of(order)}/{what}" if what else source_of(order)
    journal.post_rest(EntryKind.PROVIDER_FEE, source=source, owner=order.owner_id, order=order, total=total)


@transaction.atomic
def convert(order_id: UUID, line: Settled) -> None:
    """Post the conversion of a balance line into the currency that the provider holds. Once per line.

    Amounts of two currencies are never added: the exchange account balances each side in its own currency.
    """
    order = locked(order_id)
    sides = [
        Transfer(line.paid_minor, order.currency, Account.CASH, Account.EXCHANGE),
        Transfer(line.amount_minor, line.currency, Account.EXCHANGE, Account.CASH),
    ]
    transfers = [side for side in sides if side.amount]
    source = conversion_source(order, line.ref)
    if transfers:
        journal.post(EntryKind.CONVERSION, source=source, owner=order.owner_id, order=order, transfers=transfers)


def conversion_source(order: Order, line_ref: str) -> str:
    """Returns the ledger source of a line of the provider's balance."""
    return f"{source_of(order)}/settled:{line_ref}"
