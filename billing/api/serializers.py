"""Bodies in and out of billing."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from billing.api.presentation import CHECKOUT_STATUSES
from billing.vocabulary import OrderStatus, Plan, ProductCode, Provider, Store
from maretech.common.http.fields import OpaqueField


class StrictBooleanField(serializers.BooleanField):
    """true or false, not "yes" or 1."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class PriceSerializer(serializers.Serializer[Any]):
    amount_minor = serializers.IntegerField()
    currency = serializers.CharField()


class OsmosisEntitlementSerializer(serializers.Serializer[Any]):
    paid = serializers.BooleanField()
    credits = serializers.IntegerField()
    credits_held = serializers.IntegerField()
    price = PriceSerializer()


@extend_schema_serializer(component_name="OsmosisMock")
class OsmosisMockRequestSerializer(serializers.Serializer[Any]):
    paid = StrictBooleanField()


class SubscriptionStatusSerializer(serializers.Serializer[Any]):
    active = serializers.BooleanField()
    plan = serializers.ChoiceField(choices=Plan.choices, allow_null=True)
    current_period_end = serializers.DateTimeField(allow_null=True)


@extend_schema_serializer(component_name="Receipt")
class ReceiptRequestSerializer(serializers.Serializer[Any]):
    provider = serializers.ChoiceField(choices=Store.choices)
    receipt = OpaqueField(max_length=20_000)


class ReceiptStatusSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=["valid", "invalid"])


@extend_schema_serializer(component_name="Checkout")
class CheckoutRequestSerializer(serializers.Serializer[Any]):
    product = serializers.ChoiceField(choices=ProductCode.choices)


class CheckoutSerializer(serializers.Serializer[Any]):
    session_id = serializers.UUIDField()
    url = serializers.URLField(allow_null=True)
    status = serializers.ChoiceField(choices=CHECKOUT_STATUSES)


class EventKeptSerializer(serializers.Serializer[Any]):
    received = serializers.BooleanField()


class ProductSerializer(serializers.Serializer[Any]):
    code = serializers.ChoiceField(choices=ProductCode.choices)
    kind = serializers.ChoiceField(choices=["one_time", "subscription"])
    price = PriceSerializer()
    period = serializers.ChoiceField(choices=Plan.choices, allow_null=True)


class ProductsSerializer(serializers.Serializer[Any]):
    products = ProductSerializer(many=True)


class OrderEventSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=OrderStatus.choices)
    at = serializers.DateTimeField()


class CancellationPolicySerializer(serializers.Serializer[Any]):
    cancel_within_hours = serializers.IntegerField()
    while_unused = serializers.BooleanField()


class OrderSerializer(serializers.Serializer[Any]):
    order_id = serializers.UUIDField()
    product = serializers.ChoiceField(choices=ProductCode.choices)
    product_version = serializers.IntegerField()
    quantity = serializers.IntegerField()
    price = PriceSerializer(help_text="Of all of them together.")
    is_test = serializers.BooleanField(help_text="A test purchase of a store: nothing was paid.")
    policy = CancellationPolicySerializer()
    provider = serializers.ChoiceField(choices=Provider.choices)
    status = serializers.ChoiceField(choices=OrderStatus.choices)
    cancellable = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    paid_at = serializers.DateTimeField(allow_null=True)
    history = OrderEventSerializer(many=True)


class OrderPageSerializer(serializers.Serializer[Any]):
    results = OrderSerializer(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
