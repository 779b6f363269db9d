from billing.models.allowances import Entitlement
from billing.models.catalogue import Product
from billing.models.ledger import LedgerEntry, LedgerTransaction
from billing.models.orders import Order, OrderEvent

__all__ = ["Entitlement", "LedgerEntry", "LedgerTransaction", "Order", "OrderEvent", "Product"]
