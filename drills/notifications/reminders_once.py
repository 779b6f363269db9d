"""Attack reminders: each due date must be sent once, at nine by its owner's clock, or as soon as it can be.

The scheduler is down over due dates; clocks change, and a zone skips a day; owners move across the date line; eight
rounds run at once; a worker dies between its writes; subscriptions lapse and resume; an inspection is delivered while a
round decides. Everything happens in this process, with a clock that the drill sets.

Control: rounds decide by the date in UTC alone, without a lock, a transaction, or a record of what was sent.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from unittest.mock import patch
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import time_machine
from django.db import transaction

from accounts.models import User
from billing.entitlements import entitlements
from corrosion.models import Reminder
from corrosion.reminders.changes import set_reminder
from corrosion.reminders.due_dates import due_of, with_last_inspection
from corrosion.reminders.sending import PAUSED, _send
from corrosion.tasks import send_due_reminders
from drills.harness.api_client import at_once
from drills.harness.runner import DrillContext, Result, main
from inspections.lifecycle import hooks
from notifications.models import Notification
from notifications.notify import notify
from notifications.recipients.preferences import change_preferences
from notifications.vocabulary import KindName
from testing.factories import InspectionFactory, deliver_result

INTERVAL_DAYS: Final = 30
AT_ONCE: Final = 8
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BERLIN, AUCKLAND, HONOLULU = "Europe/Berlin", "Pacific/Auckland", "Pacific/Honolulu"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# When the vessel was inspected, and the one moment of its reminder, on days on which the clock changes.
CHANGES: Final = (
    (BERLIN, utc("2026-02-27T12:00:00"), utc("2026-03-29T07:00:00")),  # forward
    (BERLIN, utc("2026-09-25T12:00:00"), utc("2026-10-25T08:00:00")),  # back
    (AUCKLAND, utc("2026-08-28T00:00:00"), utc("2026-09-26T20:00:00")),
    ("Pacific/Apia", utc("2011-11-30T12:00:00"), utc("2011-12-30T19:00:00")),  # Samoa skipped that day
)
# Inspected at noon of the first of May; due at nine of the 31st.
INSPECTED, DUE = utc("2026-05-01T10:00:00"), utc("2026-05-31T07:00:00")


class Killed(BaseException):
    """The worker is gone."""


@dataclass(frozen=True)
class Subscriber:
    """An owner with one vessel that was inspected once, and a reminder."""

    user: User
    vessel_id: UUID

    def live_in(self, zone: str) -> None:
        change_preferences(user=self.user, time_zone=zone)

    def subscribe(self, *, active: bool) -> None:
        with transaction.atomic():
            entitlements.set_mock_corrosion_subscription(owner=self.user, active=active)

    def inspect(self, at: datetime) -> None:
        inspection = InspectionFactory.create(
            owner=self.user, vessel_id=self.vessel_id, vessel_label="Tern", completed=True, created_at=at
        )
        deliver_result(inspection)
        hooks.announce_delivered(inspection)

    def sent(self) -> list[datetime]:
        own = Notification.objects.filter(recipient=self.user, kind=KindName.RECHECK_DUE)
        return list(own.order_by("created_at").values_list("created_at", flat=True))


@contextmanager
def subscriber(zone: str = BERLIN, inspected_at: datetime = INSPECTED) -> Iterator[Subscriber]:
    user = User.objects.create_user(f"{uuid4().hex}@example.org")
    with time_machine.travel(inspected_at, tick=False):
        first = InspectionFactory.create(owner=user, vessel_label="Tern", completed=True, created_at=inspected_at)
        deliver_result(first)
        assert first.vessel_id is not None
        found = Subscriber(user, first.vessel_id)
        found.live_in(zone)
        found.subscribe(active=True)
        set_reminder(owner=user, vessel_id=found.vessel_id, interval_days=INTERVAL_DAYS, enabled=True)
    yield found
    Reminder.objects.filter(owner=user).delete()


def run_at(*moments: datetime) -> None:
    for moment in moments:
        with time_machine.travel(moment, tick=False), suppress(Killed):
            send_due_reminders()


def every(step: timedelta, begin: datetime, end: datetime) -> list[datetime]:
    return [begin + number * step for number in range((end - begin) // step + 1)]


def difference(who: Subscriber, *expected: datetime) -> list[str]:
    sent = who.sent()
    return [] if sent == list(expected) else [f"sent at {_told(sent)} in place of {_told(expected)}"]


def _told(moments: Iterable[datetime]) -> str:
    return ", ".join(f"{moment:%Y-%m-%d %H:%M}" for moment in moments) or "no time"


# --- The attacks -----------------------------------------------------------------------------------------------------
def stop_the_scheduler(step: timedelta) -> list[str]:
    with subscriber() as who:
        back = DUE + 3 * DAY
        run_at(DUE - 5 * DAY, *every(step, back, back + DAY))
        return difference(who, back)


def change_clocks(step: timedelta) -> list[str]:
    faults = []
    for zone, inspected_at, due in CHANGES:
        with subscriber(zone, inspected_at) as who:
            run_at(*every(step, due - 2 * DAY, due + 2 * DAY))
            faults += difference(who, due)
    return faults


def cross_the_date_line(step: timedelta) -> list[str]:
    """Move west after the reminder: the same inspection is now due a day earlier, and its moment a day later."""
    with subscriber(AUCKLAND) as who:
        due = utc("2026-05-30T21:00:00")
        run_at(*every(step, due - DAY, due))
        who.live_in(HONOLULU)
        run_at(*every(step, due, due + 2 * DAY))
        who.live_in(AUCKLAND)
        run_at(*every(step, due + 2 * DAY, due + 4 * DAY))
        return difference(who, due)


def run_many_rounds_at_once(_: timedelta) -> list[str]:
    with subscriber() as who, time_machine.travel(DUE, tick=False):
        at_once([send_due_reminders] * AT_ONCE)
        return difference(who, DUE)


def kill_between_writes(_: timedelta) -> list[str]:
    faults = []
    for dies in (_before_the_notification, _after_the_notification, _after_everything):
        with subscriber() as who:
            with dies():
                run_at(DUE)
            later = DUE + 10 * MINUTE
            run_at(later, later + HOUR)
            faults += difference(who, later)
    return faults


def _before_the_notification() -> AbstractContextManager[object]:
    return patch("corrosion.reminders.sending.notify", side_effect=Killed)


def _after_the_notification() -> AbstractContextManager[object]:
    def die(**what: Any) -> None:
        notify(**what)
        raise Killed

    return patch("corrosion.reminders.sending.notify", die)


def _after_everything() -> AbstractContextManager[object]:
    """Die with all rows written and the transaction open."""
    save = Reminder.save

    def die(row: Reminder, *args: Any, **kwargs: Any) -> None:
        save(row, *args, **kwargs)
        raise Killed

    return patch.object(Reminder, "save", die)


def lapse_and_resume(step: timedelta) -> list[str]:
    with subscriber() as who:
        who.subscribe(active=False)
        run_at(*every(step, DUE - DAY, DUE + 2 * DAY))
        faults = difference(who)
        who.subscribe(active=True)
        resumed = DUE + 2 * DAY + MINUTE
        run_at(*every(step, resumed, resumed + DAY))
        first = [moment for moment in who.sent() if moment <= resumed + PAUSED + step]
        return faults + ([] if len(first) == len(who.sent()) == 1 else [f"{len(who.sent())} after it was resumed"])


def inspect_during_a_round(_: timedelta) -> list[str]:
    """Deliver an inspection after the round has claimed the reminder, and before it decides."""
    lock = entitlements.lock
    with subscriber() as who:

        def deliver_first(owner: Any) -> Any:
            with patch.object(entitlements, "lock", lock):
                who.inspect(DUE - HOUR)
            return lock(owner)

        with patch.object(entitlements, "lock", deliver_first):
            run_at(DUE + 3 * HOUR)
        run_at(DUE + 4 * HOUR, DUE + DAY)
        return difference(who)


ATTACKS: Final[Mapping[str, Callable[[timedelta], list[str]]]] = {
    "the scheduler was down": stop_the_scheduler,
    "the clock changed": change_clocks,
    "the owner crossed the date line": cross_the_date_line,
    "several rounds at once": run_many_rounds_at_once,
    "killed between writes": kill_between_writes,
    "the subscription lapsed": lapse_and_resume,
    "inspected during a round": inspect_during_a_round,
}


# --- Without the guards ----------------------------------------------------------------------------------------------
def disable_guard() -> AbstractContextManager[object]:
    stack = ExitStack()
    stack.enter_context(patch.object(Reminder, "claim", classmethod(lambda cls, pk: cls.objects.get(pk=pk))))
    stack.enter_context(patch("corrosion.reminders.sending._event_key", lambda *_: uuid4().hex))
    stack.enter_context(patch("corrosion.reminders.sending._check", _check_by_the_date_alone))
    return stack


def _check_by_the_date_alone(claimed: Reminder) -> None:
    row = with_last_inspection(Reminder.objects.filter(pk=claimed.pk)).get()
    due = due_of(row, zone=ZoneInfo("UTC"))
    now = datetime.now(UTC)
    is_due = due is not None and due.on == now.date() and now >= due.at
    with transaction.atomic():
        entitlements.lock(row.owner_id)
    if due is not None and is_due:
        _send(row, due)
    Reminder.objects.filter(pk=row.pk).update(due_at=now)


def drill(context: DrillContext) -> Result:
    is_small = context.small or context.control
    times, step = (1, HOUR) if is_small else (5, 30 * MINUTE)
    faults = {name: [fault for _ in range(times) for fault in attack(step)] for name, attack in ATTACKS.items()}
    fell = [name for name, found in faults.items() if found]
    first = next((f" ({name}: {found[0]})" for name, found in faults.items() if found), "")
    figure = f"{len(fell)} of {len(faults)} attacks succeeded{first}"
    n = f"{len(ATTACKS)} attacks × {times}, a round every {step // MINUTE} minutes"
    succeeded = {name: bool(found) for name, found in faults.items()}
    return Result(n, figure, "each due date once, at nine by the owner's clock", not fell, succeeded)


if __name__ == "__main__":
    main(drill, disable_guard, served=False)
