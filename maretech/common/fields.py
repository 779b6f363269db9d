"""Inputs that are what the schema says, to the type: DRF's own would read a number as text and text as a number."""

from typing import Any

from rest_framework import serializers


class TextField(serializers.CharField):
    """A JSON string, and nothing that could be written as one."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class PatternField(TextField, serializers.RegexField):
    """A JSON string of this form."""


class WholeNumberField(serializers.IntegerField):
    """A JSON number without a fraction."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)
