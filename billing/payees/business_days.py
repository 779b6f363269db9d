"""Business days of a country: neither weekends nor public holidays. The `holidays` library knows them."""

from datetime import date
from functools import lru_cache
from typing import Final

import holidays

# The countries with known holidays, by their two letters.
COUNTRIES: Final = frozenset(code for code in holidays.list_supported_countries(include_aliases=False))


def business_day_after(day: date, *, country: str, count: int = 1) -> date:
    """Return the `count`-th business day after a day. Raises `LookupError` for an unknown country."""
    if country not in COUNTRIES:
        raise LookupError(country)
    return _calendar(country).get_nth_working_day(day, count)


def is_holiday(day: date, *, country: str) -> bool:
    """Return whether a day is a public holiday of the whole country. Raises `LookupError` for an unknown country."""
    if country not in COUNTRIES:
        raise LookupError(country)
    return day in _calendar(country)


@lru_cache(maxsize=64)
def _calendar(country: str) -> holidays.HolidayBase:
    return holidays.country_holidays(country)
