"""Reconcile the orders of a day with the app stores, one by one, because they give a server no daily balance.

A sale that the store never reported to us is therefore not found here. The store's notifications and its monthly report
show it.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q

from billing import orders
from billing.ledger import inspection_credits
from billing.models import Order
from billing.privacy import pseudonyms
from billing.provider_registry import stores
from billing.providers.base import StorePurchase
from billing.providers.ports import ReceiptStore
from billing.reconciliation.differences import Difference
from billing.reconciliation.totals import Compared, cash_moved, journal_entries_of, summed
from billing.vocabulary import EntryKind, FindingKind, OrderStatus, Provider


def compare(provider: Provider, day: date) -> Compared:
    """Compare one day. Raises `ProviderUnavailable`; `KeyError` for a store that is not configured."""
    store, start = stores()[provider], datetime.combine(day, time.min, UTC)
    # An erased owner's purchases can no longer be queried, and the stores forget tests: excluded on both sides.
    left_out = Q(provider_ref__contains=pseudonyms.MARK) | Q(is_test=True)
    sold = Order.objects.filter(provider=provider, paid_at__gte=start, paid_at__lt=start + timedelta(days=1))
    sold = sold.exclude(left_out)
    pairs = [(order, store.purchase(order.provider_ref)) for order in sold.order_by("paid_at")]
    return Compared(
        differences=[found for order, purchase in pairs for found in _of(store, order, purchase)],
        provider_totals=summed(
            (purchase.currency, purchase.amount_minor)
            for _, purchase in pairs
            if purchase is not None and purchase.amount_minor
        ),
        ledger_totals=cash_moved(journal_entries_of(provider, day, EntryKind.PAYMENT_CAPTURED).filter(order__in=sold)),
    )


def _of(store: ReceiptStore, order: Order, purchase: StorePurchase | None) -> Iterator[Difference]:
    if purchase is not None and purchase.ref != order.provider_ref and purchase.subscription is not None:
        return  # the store reports the newest period only
    if purchase is None or purchase.ref != order.provider_ref:
        yield _differs(FindingKind.NOT_AT_PROVIDER, order, f"{store.name} knows no such purchase.", purchase)
        return
    went_back = any(not each.is_reversed for each in purchase.refunds)
    is_posted = order.status == OrderStatus.REFUNDED or orders.refundable(order) < order.price_minor
    is_posted |= not order.subscription_id and inspection_credits.out_of(order) < order.quantity
    if went_back != is_posted or not (purchase.is_paid or went_back):
        detail = f"The order is {order.status}; the store says otherwise."
        yield _differs(FindingKind.WRONG_STATE, order, detail, purchase)
    if purchase.amount_minor not in (None, order.price_minor):
        yield _differs(FindingKind.WRONG_AMOUNT, order, "Another amount was paid.", purchase)


def _differs(kind: FindingKind, order: Order, detail: str, purchase: StorePurchase | None) -> Difference:
    return Difference(
        kind=kind,
        ref=order.provider_ref[:200],
        detail=detail,
        expected_minor=order.price_minor,
        found_minor=purchase.amount_minor if purchase else None,
        currency=order.currency,
    )
