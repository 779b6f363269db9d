"""Osmosis' block of a result."""

from typing import Any

from rest_framework import serializers

from inspections.modes.osmosis.aggregation import BANDS
from inspections.vocabulary import SignalDetected


class OsmosisAreaSerializer(serializers.Serializer[Any]):
    point_index = serializers.IntegerField()
    label = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    density_band = serializers.ChoiceField(choices=BANDS)
    signal_detected = serializers.ChoiceField(choices=SignalDetected.choices)
    overlay_url = serializers.URLField(allow_null=True)


class OsmosisBlockSerializer(serializers.Serializer[Any]):
    areas = OsmosisAreaSerializer(many=True)
