"""Form fields for staff pages."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator

from maretech.common.text import LINES, composed, is_blank


class LinesField(forms.CharField):
    """Text by staff, on one line or several: stored in NFC; refuses control characters."""

    default_validators = [RegexValidator(LINES, message="No control characters.")]

    def to_python(self, value: Any) -> str:
        text = composed(str(super().to_python(value) or ""))
        return "" if is_blank(text) else text
