"""Serializers of the bodies that billing takes and answers."""

from functools import cache
from typing import Any, Final

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from billing import orders
from billing.catalogue.products import SOLD_DIRECTLY
from billing.ledger import inspection_credits
from billing.provider_registry import providers_that
from billing.providers.capabilities import Can
from billing.vocabulary import OrderStatus, Plan, ProductCode, Provider
from maretech.common.http.fields import OpaqueField, StrictBooleanField
from maretech.common.http.output_fields import EmptyAsNullChoiceField

OPEN: Final = "open"
CHECKOUT_STATUSES: Final = (OPEN, "paid", "failed", "expired", "cancelled", "refunded", "disputed", "lost")
DIRECT_PRODUCTS: Final = [(code.value, code.label) for code in SOLD_DIRECTLY]
_SHOWN_AS: Final = {"created": OPEN, "pending": OPEN, "fulfilled": "paid"}


# Of a product or an order.
class PriceSerializer(serializers.Serializer[Any]):
    amount_minor = serializers.IntegerField(source="price_minor")
    currency = serializers.CharField()


class OsmosisEntitlementSerializer(serializers.Serializer[Any]):
    paid = serializers.BooleanField(source="entitlement.paid")
    credits = serializers.IntegerField(source="entitlement.credits")
    credits_held = serializers.IntegerField(source="entitlement.credits_held")
    price = PriceSerializer(source="product")


@extend_schema_serializer(component_name="OsmosisMock")
class OsmosisMockRequestSerializer(serializers.Serializer[Any]):
    paid = StrictBooleanField()


class SubscriptionStatusSerializer(serializers.Serializer[Any]):
    active = serializers.BooleanField(source="subscribed")
    plan = serializers.ChoiceField(choices=Plan.choices(), allow_null=True)
    current_period_end = serializers.DateTimeField(source="ends_at", allow_null=True)


def stores() -> list[tuple[str, str]]:
    """Return the app stores of the registry, for the `choices` of a field."""
    return [(store.value, store.label) for store in providers_that(Can.SELL_IN_APP)]


class StoreField(serializers.ChoiceField):
    """Takes an app store of the registry."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=stores(), **kwargs)


@extend_schema_serializer(component_name="Receipt")
class ReceiptRequestSerializer(serializers.Serializer[Any]):
    provider = StoreField()
    receipt = OpaqueField(max_length=20_000)


class ReceiptStatusSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=["valid", "invalid"])


@extend_schema_serializer(component_name="Checkout")
class CheckoutRequestSerializer(serializers.Serializer[Any]):
    product = serializers.ChoiceField(choices=DIRECT_PRODUCTS)


class CheckoutStatusField(serializers.ChoiceField):
    """Shows the status of an order as the status of its checkout."""

    def to_representation(self, value: Any) -> str:
        return _SHOWN_AS.get(value) or str(value)


class CheckoutSerializer(serializers.Serializer[Any]):
    session_id = serializers.UUIDField(source="order.pk")
    url = serializers.URLField(allow_null=True)
    status = CheckoutStatusField(source="order.status", choices=CHECKOUT_STATUSES)


class WhileUnusedField(serializers.BooleanField):
    """Shows true: the policy of every order ends with its use."""

    def get_attribute(self, instance: Any) -> bool:
        return True


class CancellationPolicySerializer(serializers.Serializer[Any]):
    cancel_within_hours = serializers.IntegerField()
    while_unused = WhileUnusedField()


class ProductKindField(serializers.ChoiceField):
    """Shows a product with a plan as a subscription, and any other as one-time."""

    def to_representation(self, value: Any) -> str:
        return "subscription" if value else "one_time"


class ProductSerializer(serializers.Serializer[Any]):
    code = serializers.ChoiceField(choices=ProductCode.choices())
    kind = ProductKindField(source="plan", choices=["one_time", "subscription"])
    price = PriceSerializer(source="*")
    period = EmptyAsNullChoiceField(source="plan", choices=Plan.choices(), allow_null=True)
    policy = CancellationPolicySerializer(source="*", help_text="Of an order of it: an order keeps it.")


@extend_schema_serializer(many=False)
class ProductsSerializer(serializers.Serializer[Any]):
    products = ProductSerializer(many=True)


# Times stay unformatted: the export writes orders too, and its encoder formats times in another way than the answers.
class OrderEventSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(source="to_status", choices=OrderStatus.choices())
    at = serializers.DateTimeField(format=None)


class CancellableField(serializers.BooleanField):
    """Shows whether cancelling an order would have an effect now. All orders of an answer share one balance."""

    def to_representation(self, value: Any) -> bool:
        context: Any = self.context  # its types call it read-only
        balance_of = context.setdefault("balance_of", cache(inspection_credits.balance_of))
        return orders.may_be_cancelled(value, balance_of=balance_of)


class OrderSerializer(serializers.Serializer[Any]):
    order_id = serializers.UUIDField(source="pk")
    product = serializers.ChoiceField(source="product.code", choices=ProductCode.choices())
    product_version = serializers.IntegerField(source="product.version")
    quantity = serializers.IntegerField()
    price = PriceSerializer(source="*", help_text="Total of all units.")
    is_test = serializers.BooleanField(help_text="A test purchase in a store: nothing was paid.")
    policy = CancellationPolicySerializer(source="*")
    provider = serializers.ChoiceField(choices=Provider.choices())
    status = serializers.ChoiceField(choices=OrderStatus.choices())
    cancellable = CancellableField(source="*")
    created_at = serializers.DateTimeField(format=None)
    paid_at = serializers.DateTimeField(format=None, allow_null=True)
    history = OrderEventSerializer(source="events", many=True)


@extend_schema_serializer(many=False)
class OrderPageSerializer(serializers.Serializer[Any]):
    results = OrderSerializer(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
