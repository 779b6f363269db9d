"""Serializers of disputes, reviews and reports."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from maretech.common.http.fields import IdField, LinesField, TextField, WholeNumberField
from surveys.models import MAX_REASON, MAX_TEXT
from surveys.vocabulary import DisputeStatus, Outcome

MAX_EXPLANATION = 1000


class AttemptInput(serializers.Serializer[Any]):
    explanation = TextField(max_length=MAX_EXPLANATION, help_text="For our staff.")


class AttemptOutput(serializers.Serializer[Any]):
    explanation = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()


@extend_schema_serializer(component_name="Dispute")
class CaseOutput(serializers.Serializer[Any]):
    """A dispute of an appointment or of a payment: exactly one of the two ids is set."""

    dispute_id = serializers.UUIDField()
    appointment_id = serializers.UUIDField(allow_null=True)
    order_id = serializers.UUIDField(allow_null=True)
    status = serializers.ChoiceField(choices=DisputeStatus.choices())
    opened_at = serializers.DateTimeField()
    acknowledge_by = serializers.DateTimeField()
    triage_by = serializers.DateTimeField()
    resolve_by = serializers.DateTimeField()
    acknowledged_at = serializers.DateTimeField(allow_null=True)
    triaged_at = serializers.DateTimeField(allow_null=True)
    resolved_at = serializers.DateTimeField(allow_null=True)
    escalated = serializers.BooleanField(help_text="Flagged for a decision above support, or late.")
    outcome = serializers.ChoiceField(
        choices=Outcome.choices(), allow_null=True, help_text="Null while it is open, and for a payment."
    )
    refund_minor = serializers.IntegerField(allow_null=True)
    attempts = AttemptOutput(many=True, help_text="What the caller has explained.")


class ReviewInput(serializers.Serializer[Any]):
    appointment_id = IdField()
    rating = WholeNumberField(min_value=1, max_value=5)
    text = LinesField(max_length=MAX_TEXT, required=False, allow_blank=True, default="")


class ReviewOutput(serializers.Serializer[Any]):
    """A review, without its author."""

    review_id = serializers.UUIDField(source="pk")
    rating = serializers.IntegerField()
    text = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()


@extend_schema_serializer(many=False)
class ReviewPageOutput(serializers.Serializer[Any]):
    results = ReviewOutput(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


class ReportInput(serializers.Serializer[Any]):
    reason = TextField(max_length=MAX_REASON)


class ReportOutput(serializers.Serializer[Any]):
    report_id = serializers.UUIDField(source="pk")
    review_id = serializers.UUIDField()
    created_at = serializers.DateTimeField()
