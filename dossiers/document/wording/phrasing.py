"""Dates, numbers and counts in the words of a language. Plain Python."""

import math
from datetime import date, datetime, tzinfo

from dossiers.document.wording.forms import Plural, Words


def day(when: date, words: Words) -> str:
    return words.date.format(day=when.day, month=words.months[when.month - 1], year=when.year)


def moment(when: datetime, words: Words, zone: tzinfo) -> str:
    """Return date, time of day and offset from UTC, e.g. "12 May 2026, 14:05 (UTC+02:00)"."""
    local = when.astimezone(zone)
    return words.time.format(date=day(local, words), time=f"{local:%H:%M}", offset=_offset(local))


def short_moment(when: datetime, words: Words, zone: tzinfo) -> str:
    """Return date and time of day, e.g. "12 May 2026, 14:05"."""
    local = when.astimezone(zone)
    return words.short_time.format(
        day=local.day,
        month=words.months[local.month - 1],
        month_number=local.month,
        year=local.year,
        time=f"{local:%H:%M}",
    )


def _offset(local: datetime) -> str:
    offset = f"{local:%z}"
    return "UTC" if offset == "+0000" else f"UTC{offset[:3]}:{offset[3:5]}"


def number(value: float, words: Words) -> str:
    """Return the number with at most one digit behind the decimal sign."""
    return f"{value:.1f}".removesuffix(".0").replace(".", words.decimal)


def counted(count: int, forms: Plural) -> str:
    """Return the form for one or for several, with the number in place of `{count}`."""
    return forms[0 if count == 1 else 1].format(count=count)


def duration(hours: float, words: Words) -> str:
    """Return the time rounded up: to ten minutes up to two hours, to hours up to two days, else to days."""
    if hours <= 2:
        return counted(max(10, math.ceil(hours * 6) * 10), words.minutes)
    if hours <= 48:
        return counted(math.ceil(hours), words.hours)
    return counted(math.ceil(hours / 24), words.days)


def file_size(size: int, words: Words) -> str:
    if size < 1_000_000:
        return words.evidence.kilobytes.format(number=max(1, round(size / 1000)))
    return words.evidence.megabytes.format(number=number(size / 1_000_000, words))
