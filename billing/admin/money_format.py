"""Format amounts for staff and parse them. The database stores minor units."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.db.models import Model

from accounts.models import StaffAction
from accounts.staff.audit import staff_actions_on
from billing.catalogue.currencies import amount, as_decimal, minor_digits, money

__all__ = ["AmountField", "amount", "as_decimal", "as_minor", "money", "staff_actions_with_money"]
_MINOR: Final = "_minor"
# The largest number of the columns that hold amounts.
MOST_MINOR: Final = 2**31 - 1


def _format_money(detail: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """Returns the detail of a staff action with minor units formatted: `amount_minor` 4900 as `amount` 49.00 EUR."""
    return {
        name.removesuffix(_MINOR): money(value, currency) if name.endswith(_MINOR) else value
        for name, value in detail.items()
    }


def staff_actions_with_money(row: Model, currency: str) -> list[StaffAction]:
    """Returns the staff actions on a row, with amounts in that currency."""
    actions = list(staff_actions_on(row))
    for action in actions:
        action.detail = _format_money(action.detail, currency)
    return actions


def as_minor(value: Decimal, currency: str) -> int:
    """Convert an amount to minor units.

    Raises `forms.ValidationError` for a fraction of a minor unit, and for more than `MOST_MINOR`.
    """
    minor = value.scaleb(minor_digits(currency))
    if minor != minor.to_integral_value():
        raise forms.ValidationError(f"{currency} has {minor_digits(currency)} digits after the point.")
    if minor > MOST_MINOR:
        raise forms.ValidationError(f"{money(MOST_MINOR, currency)} is the most.")
    return int(minor)


class AmountField(forms.DecimalField):
    """Accept an amount of at least zero in decimal notation, such as 49.00; a decimal comma also works.

    Its form knows the currency, and calls `as_minor`, which has the upper bound.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=Decimal(0), max_digits=12, **kwargs)
        self.widget = forms.TextInput(attrs={"inputmode": "decimal", "size": 12})

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # the stubs see IntegerField
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)
