"""Base of the entries of both modes' blocks."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers


# One entry of a block, with its keys in the order in which they are stored. (A docstring would describe components.)
class BlockEntrySerializer(serializers.Serializer[Any]):
    def to_representation(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        written = super().to_representation(entry)
        return {name: written[name] for name in entry if name in written} | written
