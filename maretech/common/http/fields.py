"""Input fields of exactly the type in the schema: DRF's own accept a number as text and text as a number."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.core.validators import RegexValidator
from django.utils import timezone
from rest_framework import serializers

from maretech.common.text import LINES, ONE_LINE, composed, plain_digits

# A phone's clock may be a little ahead of ours.
CLOCK_TOLERANCE: Final = timedelta(minutes=10)


class OpaqueField(serializers.CharField):
    """A JSON string, and no other type; stored unchanged: a token, a receipt."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if self.max_length is not None and len(composed(data)) > self.max_length:  # DRF strips before it counts
            self.fail("max_length", max_length=self.max_length)
        return super().to_internal_value(data)


class PatternField(OpaqueField, serializers.RegexField):
    """A JSON string of this form."""


class TextField(OpaqueField):
    """Text on one line: stored in NFC, which its length is counted in; refuses control characters."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators.append(RegexValidator(ONE_LINE, message="One line without control characters."))

    def to_internal_value(self, data: Any) -> str:
        return composed(super().to_internal_value(data))


class LinesField(OpaqueField):
    """Text on any number of lines: stored in NFC, with `\\n` between lines; refuses other control characters."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators.append(RegexValidator(LINES, message="Lines of text without control characters."))

    def to_internal_value(self, data: Any) -> str:
        text = composed(super().to_internal_value(data))
        return text.replace("\r\n", "\n").replace("\r", "\n")


class CodeField(PatternField):
    """A code with a fixed number of digits, of any script; stored as 0 to 9."""

    def __init__(self, *, digits: int, **kwargs: Any) -> None:
        messages: dict[str, Any] = {"invalid": f"A code has {digits} digits, such as {'1234567890'[:digits]}."}
        super().__init__(rf"^\d{{{digits}}}$", error_messages=messages, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        return plain_digits(super().to_internal_value(data))


class TimeField(serializers.DateTimeField):
    """An instant: a time with its offset from UTC. Refuses a time without one, which is ambiguous."""

    default_error_messages = {
        "invalid": "A time with its offset from UTC, such as 2026-05-01T10:00:00Z or 2026-05-01T12:00:00+02:00.",
    }

    def to_internal_value(self, value: Any) -> datetime:
        if not isinstance(value, str) or not value.isascii():
            self.fail("invalid")
        return super().to_internal_value(value)

    def enforce_timezone(self, value: datetime) -> datetime:
        if timezone.is_naive(value):
            self.fail("invalid")
        return super().enforce_timezone(value)


class PastTimeField(TimeField):
    """An instant in the past."""

    default_error_messages = {"future": "This is in the future."}

    def to_internal_value(self, value: Any) -> datetime:
        instant = super().to_internal_value(value)
        if instant > timezone.now() + CLOCK_TOLERANCE:
            self.fail("future")
        return instant


class IdField(serializers.UUIDField):
    """An id as text."""

    def to_internal_value(self, data: Any) -> UUID:
        if not isinstance(data, str):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


class NumberField(serializers.FloatField):
    """A JSON number."""

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, str | bool):
            self.fail("invalid")
        try:
            return super().to_internal_value(data)
        except OverflowError:
            self.fail("invalid")


class WholeNumberField(serializers.IntegerField):
    """A JSON number without a fraction."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class StrictBooleanField(serializers.BooleanField):
    """A JSON `true` or `false`, and neither a text nor a number."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data
