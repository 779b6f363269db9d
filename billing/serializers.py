"""Bodies in and out of billing."""

from typing import Any

from rest_framework import serializers

from billing.choices import Plan, Store


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


class OsmosisMockRequestSerializer(serializers.Serializer[Any]):
    paid = StrictBooleanField()


class SubscriptionStatusSerializer(serializers.Serializer[Any]):
    active = serializers.BooleanField()
    plan = serializers.ChoiceField(choices=Plan.choices, allow_null=True)
    current_period_end = serializers.DateTimeField(allow_null=True)


class ReceiptRequestSerializer(serializers.Serializer[Any]):
    provider = serializers.ChoiceField(choices=Store.choices)
    receipt = serializers.CharField(max_length=20_000)


class ReceiptStatusSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=["valid", "invalid"])
