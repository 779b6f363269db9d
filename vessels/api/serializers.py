"""Serializers: an `Input` validates a body, an `Output` writes an answer."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from maretech.common.http.fields import NumberField, TextField, WholeNumberField
from maretech.common.http.output_fields import EmptyAsNullChoiceField
from maretech.common.text import is_blank
from vessels.models import FIRST_BUILT_YEAR, LAST_BUILT_YEAR, MAX_LENGTH_M, MIN_LENGTH_M
from vessels.naming import MAX_NAME
from vessels.vocabulary import HullMaterial


class VesselNameField(TextField):
    """A name with at least one visible character."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MAX_NAME, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        name = super().to_internal_value(data)
        if is_blank(name):
            self.fail("blank")
        return name


class _DetailsInput(serializers.Serializer[Any]):
    hull_material = serializers.ChoiceField(choices=HullMaterial.choices(), required=False, allow_null=True)
    length_m = NumberField(min_value=MIN_LENGTH_M, max_value=MAX_LENGTH_M, required=False, allow_null=True)
    built_year = WholeNumberField(
        min_value=FIRST_BUILT_YEAR, max_value=LAST_BUILT_YEAR, required=False, allow_null=True
    )
    hull_id = TextField(max_length=40, required=False, allow_blank=True)
    home_port = TextField(max_length=120, required=False, allow_blank=True)

    def validate_hull_material(self, value: str | None) -> str:
        return value or ""


class VesselInput(_DetailsInput):
    name = VesselNameField()


class VesselChangeInput(_DetailsInput):
    name = VesselNameField(required=False)


class VesselOutput(serializers.Serializer[Any]):
    vessel_id = serializers.UUIDField(source="pk")
    name = serializers.CharField(
        allow_blank=True, help_text="Empty for the one vessel of the inspections that were opened without a label."
    )
    hull_material = EmptyAsNullChoiceField(choices=HullMaterial.choices(), allow_null=True)
    length_m = serializers.FloatField(allow_null=True)
    built_year = serializers.IntegerField(allow_null=True)
    hull_id = serializers.CharField(allow_blank=True)
    home_port = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    archived_at = serializers.DateTimeField(
        allow_null=True, help_text="When the owner deleted a vessel with inspections. Its next use brings it back."
    )


class VesselDetailOutput(VesselOutput):
    # The vessel has `visits`: see `views`.
    inspection_counts = serializers.DictField(
        child=serializers.IntegerField(), source="visits.counts", help_text="How many inspections, by mode."
    )
    last_inspected_at = serializers.DateTimeField(
        source="visits.last_inspected_at",
        allow_null=True,
        help_text="When the last completed inspection was opened, of any mode.",
    )


@extend_schema_serializer(many=False)
class VesselPageOutput(serializers.Serializer[Any]):
    results = VesselOutput(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
