"""Quiet hours of an owner, without push and mail, by the wall clock of the owner's time zone."""

from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones


@cache
def known_zones() -> frozenset[str]:
    """Return the names of the zones, such as Europe/Berlin. Two of the list are no zone: the server's own, and none."""
    return frozenset(available_timezones() - {"localtime", "Factory"})


def quiet_until(now: datetime, *, begin: time, end: time, zone: str) -> datetime | None:
    """Return when the quiet hours that hold now end; None outside them.

    They may run past midnight. The wall clock decides, so they are an hour shorter or longer in the night in which
    clocks change. The result is always after `now`: an end that the clock shows twice is the first one still to come,
    and one that the clock skips is as many minutes after the change.
    """
    zone_info = ZoneInfo(zone)
    local = now.astimezone(zone_info)
    clock = local.time()
    runs_past_midnight = begin > end
    is_quiet = (clock >= begin or clock < end) if runs_past_midnight else begin <= clock < end
    if not is_quiet:
        return None
    ends_on = local.date() + timedelta(days=1 if runs_past_midnight and clock >= begin else 0)
    ends = (datetime.combine(ends_on, end, tzinfo=zone_info).replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return next(at for at in ends if at > now)
