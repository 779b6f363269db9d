"""Orders bought without a provider."""

from uuid import uuid4

from accounts.models import User
from billing import orders
from billing.catalogue.products import product_in_force
from billing.models import Order
from billing.vocabulary import ProductCode, Provider


def unpaid_order(owner: User, *, provider: Provider = Provider.STRIPE) -> Order:
    product = product_in_force(ProductCode.OSMOSIS_INSPECTION)
    return orders.open_order(owner=owner, product=product, provider=provider, cause="test")


def paid_order(
    owner: User, *, product: ProductCode = ProductCode.OSMOSIS_INSPECTION, provider: Provider = Provider.MOCK
) -> Order:
    purchase = orders.Purchase(provider, str(uuid4()), product)
    order = orders.record_purchase(owner=owner, purchase=purchase, cause="test")
    assert order is not None
    order.refresh_from_db()
    return order
