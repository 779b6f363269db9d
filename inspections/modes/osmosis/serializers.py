"""Osmosis' block of a result."""

from typing import Any

from rest_framework import serializers

from inspections.modes.block_entry import BlockEntrySerializer
from inspections.modes.osmosis.vocabulary import DensityBand
from inspections.vocabulary import SignalDetected
from maretech.common.http.output_fields import ViewLinkField


class OsmosisAreaSerializer(BlockEntrySerializer):
    point_index = serializers.IntegerField()
    label = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    density_band = serializers.ChoiceField(choices=DensityBand.values())
    signal_detected = serializers.ChoiceField(choices=SignalDetected.choices())
    overlay_url = ViewLinkField(source="overlay_uri", allow_null=True)


class OsmosisBlockSerializer(serializers.Serializer[Any]):
    areas = OsmosisAreaSerializer(many=True)
    hours_since_lift_out = serializers.FloatField(
        allow_null=True,
        help_text="From the noted lift-out to the last photo; null if it is not known, and in results from before.",
    )
