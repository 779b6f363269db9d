"""Test that staff can enter every amount that the columns hold, and no larger one."""

from decimal import Decimal

import pytest
from django.apps import apps
from django.db import models
from django.forms import ValidationError

from billing.admin.money_format import MOST_MINOR, as_minor


@pytest.mark.parametrize(
    ("currency", "most", "above"),
    [
        ("EUR", "21474836.47", "21474836.48"),
        ("JPY", "2147483647", "2147483648"),
        ("KWD", "2147483.647", "2147483.648"),
    ],
)
def test_the_largest_amount_of_a_currency(currency, most, above):
    assert as_minor(Decimal(most), currency) == MOST_MINOR
    for much in (above, "999999999999"):
        with pytest.raises(ValidationError, match=f"{most} {currency} is the most"):
            as_minor(Decimal(much), currency)


def test_every_column_of_an_amount_holds_the_largest():
    columns = [field for model in apps.get_models() for field in model._meta.fields if field.name.endswith("_minor")]
    assert len(columns) > 10
    for field in columns:
        assert isinstance(field, models.IntegerField)
        assert not isinstance(field, models.SmallIntegerField), f"{field} holds less than staff may enter"
