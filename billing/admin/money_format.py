"""Show amounts to staff as people write them, and read them back. The database keeps minor units."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.db.models import Model

from accounts.models import StaffAction
from accounts.staff.audit import staff_actions_on
from billing.catalogue.currencies import amount, as_decimal, minor_digits, money

__all__ = ["AmountField", "acts_on", "amount", "as_decimal", "as_minor", "money"]
_MINOR: Final = "_minor"


def _worded(detail: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """The detail of an action of staff with its minor units as an amount: `amount_minor` 4900 as `amount` 49.00 EUR."""
    return {
        name.removesuffix(_MINOR): money(value, currency) if name.endswith(_MINOR) else value
        for name, value in detail.items()
    }


def acts_on(row: Model, currency: str) -> list[StaffAction]:
    """What staff did to a row with amounts of that currency."""
    acts = list(staff_actions_on(row))
    for act in acts:
        act.detail = _worded(act.detail, currency)
    return acts


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
