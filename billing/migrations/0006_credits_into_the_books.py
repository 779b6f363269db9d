"""Receipts become orders, credit entries become bookings. The books say the time of this migration."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

CREDIT = "INSPECTION"
# Of a credit entry's kind: what it is booked as, where the credit comes from, where it goes.
MOVED = {
    "grant": ("credit_grant", "credits_issued", "credits_available"),
    "hold": ("credit_hold", "credits_available", "credits_held"),
    "spend": ("credit_spend", "credits_held", "credits_spent"),
    "give_back": ("credit_give_back", "credits_held", "credits_available"),
}
CAUSE = "a receipt from before there were orders"


def convert(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    product = apps.get_model("billing", "Product").objects.filter(code="osmosis_inspection").latest("version")
    for receipt in apps.get_model("billing", "StoreReceipt").objects.order_by("created_at"):
        _order_of(apps, receipt, product)
    for entry in apps.get_model("billing", "CreditEntry").objects.order_by("created_at"):
        kind, out_of, into = MOVED[entry.kind]
        order_id = entry.source if entry.kind == "grant" else None
        source = f"{'order' if order_id else 'inspection'}:{entry.source}"
        _book(apps, kind, source, entry.owner_id, [(out_of, CREDIT, -1), (into, CREDIT, 1)], order_id=order_id)
        if entry.kind == "spend":
            _earn_oldest(apps, entry.owner_id, source)


def _order_of(apps: Apps, receipt: Any, product: Any) -> None:
    orders, price = apps.get_model("billing", "Order").objects, product.price_minor
    orders.create(
        id=receipt.pk,
        owner_id=receipt.owner_id,
        product=product,
        price_minor=price,
        currency=product.currency,
        cancel_within_hours=product.cancel_within_hours,
        provider=receipt.verified_by,
        provider_ref=receipt.transaction_id,
        status="paid",
        paid_at=receipt.created_at,
    )
    orders.filter(pk=receipt.pk).update(created_at=receipt.created_at)
    _happened(apps, receipt.pk, "", "paid", CAUSE)
    money = [("unearned", product.currency, -price), ("cash", product.currency, price)]
    _book(apps, "payment_hold", f"order:{receipt.pk}", receipt.owner_id, money, order_id=receipt.pk)


def _earn_oldest(apps: Apps, owner_id: Any, source: str) -> None:
    waiting = apps.get_model("billing", "Order").objects.filter(owner_id=owner_id, status="paid")
    order = waiting.order_by("paid_at", "id").first()
    if order is None:
        return
    waiting.filter(pk=order.pk).update(status="fulfilled")
    _happened(apps, order.pk, "paid", "fulfilled", source.replace(":", " "))
    money = [("revenue", order.currency, -order.price_minor), ("unearned", order.currency, order.price_minor)]
    _book(apps, "release", f"order:{order.pk}", owner_id, money, order_id=order.pk)


def _book(
    apps: Apps, kind: str, source: str, owner_id: Any, moved: Iterable[tuple[str, str, int]], order_id: Any = None
) -> None:
    transaction_id, entry = uuid4(), apps.get_model("billing", "LedgerEntry")
    for account, unit, amount in moved:
        entry.objects.create(transaction_id=transaction_id, account=account, unit=unit, amount=amount)
    transactions = apps.get_model("billing", "LedgerTransaction").objects
    transactions.create(id=transaction_id, kind=kind, source=source, owner_id=owner_id, order_id=order_id)


def _happened(apps: Apps, order_id: Any, before: str, after: str, cause: str) -> None:
    events = apps.get_model("billing", "OrderEvent").objects
    events.create(order_id=order_id, from_status=before, to_status=after, cause=cause)


class Migration(migrations.Migration):
    dependencies = [("billing", "0005_first_products")]
    operations = [migrations.RunPython(convert, migrations.RunPython.noop)]
