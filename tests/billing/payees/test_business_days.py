"""Test that payouts are planned on the business days of the payee's country."""

from datetime import date

import pytest

from billing.payees.business_days import business_day_after
from billing.payees.schedule import payout_days


@pytest.mark.parametrize(
    ("day", "country", "expected"),
    [
        (date(2026, 11, 16), "DE", date(2026, 11, 17)),
        (date(2026, 11, 20), "DE", date(2026, 11, 23)),  # a Friday
        (date(2026, 11, 21), "DE", date(2026, 11, 23)),
        (date(2026, 12, 24), "DE", date(2026, 12, 28)),  # two days of Christmas, and a Sunday
        (date(2026, 12, 24), "SE", date(2026, 12, 28)),
        (date(2026, 7, 3), "US", date(2026, 7, 6)),
        (date(2026, 5, 16), "NO", date(2026, 5, 18)),  # the 17th is a Sunday there
        (date(2026, 12, 31), "NL", date(2027, 1, 4)),
        (date(2026, 11, 19), "IL", date(2026, 11, 22)),  # Sunday is a business day there
    ],
)
def test_the_next_business_day_is_that_of_the_country(day, country, expected):
    assert business_day_after(day, country=country) == expected


def test_a_payout_should_arrive_two_business_days_after_it_was_sent():
    assert payout_days(date(2026, 12, 22), country="DE") == (date(2026, 12, 23), date(2026, 12, 28))
    assert payout_days(date(2026, 12, 22), country="GB") == (date(2026, 12, 23), date(2026, 12, 29))


@pytest.mark.parametrize("country", ["", "XX", "de", "DEU"])
def test_an_unknown_country_has_no_business_days(country):
    with pytest.raises(LookupError):
        business_day_after(date(2026, 11, 16), country=country)
