"""Serializers of the payouts of a payee."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from billing.vocabulary import PayeePayoutState


class PayoutOutput(serializers.Serializer[Any]):
    payout_id = serializers.UUIDField(source="pk")
    order_id = serializers.UUIDField(source="share.order_id")
    status = serializers.ChoiceField(choices=PayeePayoutState.choices(), source="state")
    amount_minor = serializers.IntegerField(help_text="Owed for the order, before debts.")
    netted_minor = serializers.IntegerField(help_text="Kept back for money that was taken back from earlier orders.")
    currency = serializers.CharField()
    scheduled_for = serializers.DateField()
    settles_by = serializers.DateField(help_text="The day by which it should have arrived.")
    created_at = serializers.DateTimeField()
    paid_at = serializers.DateTimeField(allow_null=True)
    settled_at = serializers.DateTimeField(allow_null=True)
    failed_at = serializers.DateTimeField(allow_null=True)
    blocked = serializers.BooleanField(
        source="is_blocked", help_text="Whether a dispute keeps it back, of the appointment or of the payment."
    )


@extend_schema_serializer(many=False)
class PayoutPageOutput(serializers.Serializer[Any]):
    results = PayoutOutput(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
