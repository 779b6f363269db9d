"""How products and orders are shown to owners."""

from typing import Any

from billing import orders
from billing.models import Order, Product
from billing.vocabulary import OrderStatus

OPEN = "open"
CHECKOUT_STATUSES = (OPEN, "paid", "failed", "expired", "cancelled", "refunded", "disputed", "lost")
_SHOWN_AS = {OrderStatus.CREATED: OPEN, OrderStatus.PENDING: OPEN, OrderStatus.FULFILLED: OrderStatus.PAID}


def product(row: Product) -> dict[str, Any]:
    return {
        "code": row.code,
        "kind": "subscription" if row.plan else "one_time",
        "price": price(row),
        "period": row.plan or None,
    }


def order(row: Order) -> dict[str, Any]:
    return {
        "order_id": str(row.pk),
        "product": row.product.code,
        "product_version": row.product.version,
        "quantity": row.quantity,
        "price": price(row),
        "is_test": row.is_test,
        "policy": {"cancel_within_hours": row.cancel_within_hours, "while_unused": True},
        "provider": row.provider,
        "status": row.status,
        "cancellable": orders.may_be_cancelled(row),
        "created_at": row.created_at,
        "paid_at": row.paid_at,
        "history": [{"status": event.to_status, "at": event.at} for event in row.events.all()],
    }


def checkout(row: Order, *, url: str | None) -> dict[str, Any]:
    status = _SHOWN_AS.get(OrderStatus(row.status), row.status)
    return {"session_id": str(row.pk), "url": url if status == OPEN else None, "status": str(status)}


def price(row: Product | Order) -> dict[str, Any]:
    return {"amount_minor": row.price_minor, "currency": row.currency}
