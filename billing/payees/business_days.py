"""Business days of a country: neither weekends nor public holidays. The `holidays` library knows them."""

from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase


def business_day_after(day: date, *, country: str, count: int = 1) -> date:
    """Return the `count`-th business day after a day. Raises `LookupError` for an unknown country."""
    return _calendar(country).get_nth_working_day(day, count)


def is_holiday(day: date, *, country: str) -> bool:
    """Return whether a day is a public holiday of the whole country. Raises `LookupError` for an unknown country."""
    return day in _calendar(country)


@cache
def countries() -> frozenset[str]:
    """Return the countries with known holidays, by their two letters."""
    import holidays  # noqa: PLC0415 - 13 MB of all countries, which only payouts need

    return frozenset(holidays.list_supported_countries(include_aliases=False))


@lru_cache(maxsize=64)
def _calendar(country: str) -> "HolidayBase":
    import holidays  # noqa: PLC0415 - see above

    if country not in countries():
        raise LookupError(country)
    return holidays.country_holidays(country)
