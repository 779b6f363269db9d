"""Show amounts to staff as people write them, and read them back. The database keeps minor units."""

from decimal import Decimal
from typing import Any

from django import forms

from billing.currencies import as_decimal, minor_digits, money
from billing.ledger import CREDIT

__all__ = ["AmountField", "amount", "as_decimal", "as_minor", "money"]


def amount(value: int | None, unit: str) -> str:
    """An amount of any unit of the ledger: credits as they are, money as people write it."""
    return f"{value} credits" if unit == CREDIT and value is not None else money(value, unit)


def as_minor(value: Decimal, currency: str) -> int:
    """The currency's own units as minor ones. Raises `forms.ValidationError` for a fraction of a minor unit."""
    minor = value.scaleb(minor_digits(currency))
    if minor != minor.to_integral_value():
        raise forms.ValidationError(f"{currency} has {minor_digits(currency)} digits after the point.")
    return int(minor)


class AmountField(forms.DecimalField):
    """An amount above zero as people write it, such as 49.00; with a comma in place of the point too."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=Decimal(0), max_digits=12, **kwargs)
        self.widget = forms.TextInput(attrs={"inputmode": "decimal", "size": 12})

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # the stubs see IntegerField
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)
