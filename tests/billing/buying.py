"""Orders bought without a provider."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from accounts.models import User
from billing import orders
from billing.catalogue.products import product_in_force
from billing.entitlements import subscriptions
from billing.models import Order, Subscription
from billing.providers.base import SubscriptionFacts
from billing.vocabulary import ProductCode, Provider, SubscriptionState


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


def reported_subscription(owner: User, *, state: SubscriptionState, days: float, ref: str = "s1") -> Subscription:
    """Record a subscription as a store reports it now; it ends in `days`."""
    now = timezone.now()
    facts = SubscriptionFacts(ref=ref, plan="monthly", state=state, ends_at=now + timedelta(days=days))
    found = subscriptions.record(
        owner_id=owner.pk, provider=Provider.APP_STORE, facts=facts, asked_at=now, cause="test"
    )
    assert found is not None
    return found


def paid_subscription(owner: User, *, state: SubscriptionState, days: float, ref: str = "s1") -> Subscription:
    """Record a subscription with the payment for its period."""
    found = reported_subscription(owner, state=state, days=days, ref=ref)
    purchase = orders.Purchase(
        Provider.APP_STORE,
        f"period of {ref}",
        ProductCode.CORROSION_MONTHLY,
        subscription=found,
        period_ends_at=found.ends_at,
    )
    orders.record_purchase(owner=owner, purchase=purchase, cause="test")
    return found
