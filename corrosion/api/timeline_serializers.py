"""Bodies in and out of timelines and maintenance."""

import re
from datetime import date
from typing import Any, Final

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from corrosion.api.serializers import REASONS, HistoryQuerySerializer
from corrosion.models.maintenance import FIRST_DAY, MAX_NOTE
from corrosion.vocabulary import MaintenanceKind, Trend
from inspections.modes.corrosion.vocabulary import CoverageBand
from inspections.vocabulary import ConfidenceLevel
from maretech.common.http.fields import IdField, TextField, WholeNumberField

Out = serializers.Serializer[Any]
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOST_POINTS: Final = 50  # of a capture policy
_POINTS_HELP: Final = "Numbers of the points; empty or missing: the whole vessel."
_LABEL_HELP: Final = "In place of `vessel_id`: the name of one of the owner's vessels."


class DayField(serializers.DateField):
    """A day, written as 2026-05-01."""

    default_error_messages = {"invalid": "A day, such as 2026-05-01.", "long_ago": f"No day before {FIRST_DAY}."}

    def to_internal_value(self, value: Any) -> date:
        if not isinstance(value, str) or not _DAY.fullmatch(value):  # nor 2026-W01-1
            self.fail("invalid")
        day = super().to_internal_value(value)
        if day < FIRST_DAY:
            self.fail("long_ago")
        return day


# --- in ----------------------------------------------------------------------------------------------------------
class VesselQuerySerializer(HistoryQuerySerializer):
    """Names one vessel."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "vessel_id" not in attrs and "vessel_label" not in attrs:
            raise serializers.ValidationError({"vessel_id": ["Name the vessel by its id or by its label."]})
        return super().validate(attrs)


class MaintenanceInput(VesselQuerySerializer):
    vessel_id = IdField(required=False)
    vessel_label = TextField(max_length=120, allow_blank=True, required=False, help_text=_LABEL_HELP)
    kind = serializers.ChoiceField(choices=MaintenanceKind.choices())
    performed_on = DayField(help_text="Not in the future, by the owner's time zone.")
    points = serializers.ListField(
        child=WholeNumberField(min_value=1, max_value=MOST_POINTS),
        max_length=MOST_POINTS,
        default=list,
        help_text=_POINTS_HELP,
    )
    note = TextField(max_length=MAX_NOTE, allow_blank=True, default="")

    def validate_points(self, points: list[int]) -> list[int]:
        if len(set(points)) < len(points):
            raise serializers.ValidationError("Name each point once.")
        return points


# --- out ---------------------------------------------------------------------------------------------------------
class MaintenanceOutput(Out):
    maintenance_id = serializers.UUIDField(source="id")
    vessel_id = serializers.UUIDField()
    vessel_label = serializers.CharField(allow_blank=True)
    kind = serializers.ChoiceField(choices=MaintenanceKind.choices())
    performed_on = serializers.DateField()
    points = serializers.ListField(child=serializers.IntegerField(), help_text=_POINTS_HELP)
    note = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()


@extend_schema_serializer(many=False)
class MaintenancePageOutput(Out):
    results = MaintenanceOutput(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


@extend_schema_serializer(component_name="TimelineStep")
class StepOutput(Out):
    trend = serializers.ChoiceField(choices=Trend.values(), allow_null=True)
    comparable = serializers.BooleanField()
    reasons = serializers.ListField(child=serializers.ChoiceField(choices=REASONS))


class PointVisitOutput(Out):
    inspection_id = serializers.UUIDField()
    at = serializers.DateTimeField()
    coverage_band = serializers.ChoiceField(choices=CoverageBand.values())
    confidence_level = serializers.ChoiceField(choices=ConfidenceLevel.choices())
    step = StepOutput(
        allow_null=True,
        help_text="The change since the visit before; null at the first visit, and while it is computed.",
    )


class SegmentOutput(Out):
    to = serializers.UUIDField(source="to_id")
    trend = serializers.ChoiceField(
        choices=Trend.values(),
        allow_null=True,
        help_text="From the first visit of the segment to its last; null if it is one, or if they are not comparable.",
    )

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # "from" is a keyword and cannot be a name in a class body.
        return {"from": serializers.UUIDField(source="from_id"), **super().get_fields()}


class PointTimelineOutput(Out):
    point_index = serializers.IntegerField()
    label = serializers.CharField(allow_blank=True, help_text="At the last visit.")  # type: ignore[assignment]
    visits = PointVisitOutput(many=True)
    segments = SegmentOutput(many=True, help_text="Maintenance that changes the surface of the point ends a segment.")


class TimelineVesselOutput(Out):
    vessel_id = serializers.UUIDField()
    name = serializers.CharField(allow_blank=True)


class TimelineOutput(Out):
    vessel = TimelineVesselOutput(source="*")
    points = PointTimelineOutput(many=True)
    events = MaintenanceOutput(many=True)
    pending = serializers.BooleanField(help_text="True while comparisons are computed; then with `Retry-After`.")
