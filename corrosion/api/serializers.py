"""Bodies in and out of corrosion tracking."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from corrosion.models import MAX_INTERVAL_DAYS, MIN_INTERVAL_DAYS
from corrosion.vocabulary import IDENTICAL_PHOTOS, IncomparableReason, Trend
from inspections.vocabulary import ConfidenceLevel, SignalDetected
from maretech.common.http.fields import IdField, StrictBooleanField, TextField, WholeNumberField
from maretech.common.http.output_fields import ViewLinkField

Out = serializers.Serializer[Any]
REASONS = (*IncomparableReason.values(), IDENTICAL_PHOTOS)


# --- in ----------------------------------------------------------------------------------------------------------
class HistoryQuerySerializer(Out):
    vessel_id = IdField(required=False)
    vessel_label = TextField(
        max_length=120, allow_blank=True, required=False, help_text="In place of `vessel_id`: the vessel's name."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "vessel_id" in attrs and "vessel_label" in attrs:
            raise serializers.ValidationError({"vessel_id": ["Name the vessel by its id or by its label, not both."]})
        return attrs


class ReminderInput(Out):
    interval_days = WholeNumberField(min_value=MIN_INTERVAL_DAYS, max_value=MAX_INTERVAL_DAYS)
    enabled = StrictBooleanField()


# --- out ---------------------------------------------------------------------------------------------------------
class HistoryItemSerializer(Out):
    inspection_id = serializers.UUIDField(source="pk")
    created_at = serializers.DateTimeField()
    confidence_level = serializers.ChoiceField(choices=ConfidenceLevel.choices(), source="result.confidence_level")
    signal_detected = serializers.ChoiceField(choices=SignalDetected.choices(), source="result.signal_detected")
    label = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    vessel_id = serializers.UUIDField(allow_null=True)
    vessel_label = serializers.CharField(allow_blank=True)


class HistorySerializer(Out):
    inspections = HistoryItemSerializer(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


class _PairSerializer(Out):
    to = serializers.UUIDField(source="after_id")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # "from" is a keyword and cannot be a name in a class body.
        return {"from": serializers.UUIDField(source="before_id"), **super().get_fields()}


class PendingComparisonSerializer(_PairSerializer):
    status = serializers.ChoiceField(choices=["pending"], source="state")


class ComparedPointSerializer(Out):
    point_index = serializers.IntegerField()
    trend = serializers.ChoiceField(choices=Trend.values(), allow_null=True)
    reasons = serializers.ListField(child=serializers.ChoiceField(choices=REASONS))
    from_photo_url = ViewLinkField(source="from_photo_uri", allow_null=True)
    to_photo_url = ViewLinkField(source="to_photo_uri", allow_null=True)
    overlay_url = ViewLinkField(source="overlay_uri", allow_null=True)


class ComparisonSerializer(_PairSerializer):
    comparable = serializers.BooleanField()
    trend = serializers.ChoiceField(choices=Trend.values(), allow_null=True)
    reasons = serializers.ListField(child=serializers.ChoiceField(choices=REASONS))
    points = ComparedPointSerializer(many=True)
    explanation = serializers.CharField()


class ReminderOutput(Out):
    # Of a reminder from `reminders_of`, with its `due`.
    vessel_id = serializers.UUIDField()
    vessel_label = serializers.CharField(source="vessel.name", allow_blank=True)
    interval_days = serializers.IntegerField()
    enabled = serializers.BooleanField()
    due_on = serializers.DateField(
        allow_null=True, help_text="By the owner's calendar; null until an inspection of the vessel is completed."
    )
    reminded_at = serializers.DateTimeField(allow_null=True, help_text="When the owner was reminded of this date.")


@extend_schema_serializer(many=False)
class ReminderListOutput(Out):
    reminders = ReminderOutput(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
