"""Corrosion's block of a result."""

from typing import Any

from rest_framework import serializers

from inspections.modes.block_entry import BlockEntrySerializer
from inspections.modes.corrosion.vocabulary import CoverageBand
from inspections.vocabulary import SignalDetected
from maretech.common.http.output_fields import ViewLinkField


class CorrosionPointSerializer(BlockEntrySerializer):
    point_index = serializers.IntegerField()
    label = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    coverage_band = serializers.ChoiceField(choices=CoverageBand.values())
    signal_detected = serializers.ChoiceField(choices=SignalDetected.choices())
    overlay_url = ViewLinkField(source="overlay_uri", allow_null=True)


class CorrosionBlockSerializer(serializers.Serializer[Any]):
    points = CorrosionPointSerializer(many=True)
