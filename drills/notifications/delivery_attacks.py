"""Attack a mail on its way, one guard at a time.

Attacks:

- The worker is killed with `kill -9` at each line of the delivery, in turn; another worker continues.
- Two workers get the same message at the same moment.
- The message is lost.
- The mail server accepts the mail and closes the connection without an answer.
- The mail server refuses the mail twice for now.
- The account is closed at each line up to the hand-over, in turn.
- The inspection is deleted at each line up to the hand-over, in turn.

A mail arrives once, or its outcome is noted as unknown. It never leaves after its account or inspection is gone.

Control: each attack runs without its own guard, and succeeds.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final
from unittest.mock import patch
from uuid import UUID

from django.test import override_settings
from django.utils import timezone

from accounts.models import User
from drills.harness.forked_workers import at_once, in_a_child, kill_this_process, stopping_at
from drills.harness.runner import DrillContext, Result, main
from drills.notifications._mail_server import CountingMailServer, Reply
from drills.notifications.notifications_once import notified
from maretech.common.work import durable
from notifications import delivery
from notifications.channels import email
from notifications.models import Delivery
from notifications.notify import withdraw
from notifications.tasks import send_due_deliveries
from notifications.vocabulary import DeliveryState, KindName

SMTP: Final = "django.core.mail.backends.smtp.EmailBackend"
# The lines at which a worker is killed or its mail loses its purpose.
FILES: Final = frozenset(str(module.__file__) for module in (delivery, email, durable))
MOST_LINES: Final = 1000
TIMES: Final = 20


@dataclass
class Tries:
    """What the tries of one attack gave: how many there were, and what went wrong."""

    count: int = 0
    wrong: int = 0

    def add(self, *, wrong: bool) -> None:
        self.count += 1
        self.wrong += wrong


@dataclass(frozen=True)
class Attack:
    name: str
    run: Callable[[CountingMailServer, int], Tries]
    without_guard: Callable[[], AbstractContextManager[object]]


def drill(context: DrillContext) -> Result:
    step = 7 if context.small else 1
    made: dict[str, Tries] = {}
    for attack in ATTACKS:
        mail = CountingMailServer()
        host, port = mail.server_address[:2]
        guard = attack.without_guard() if context.control else nullcontext()
        with override_settings(EMAIL_BACKEND=SMTP, EMAIL_HOST=str(host), EMAIL_PORT=int(port)), guard:
            made[attack.name] = attack.run(mail, step)
        mail.shutdown()
        mail.server_close()
    tries = ", ".join(f"{found.count} × {name}" for name, found in made.items())
    succeeded = {name: found.wrong > 0 for name, found in made.items()}
    wrong = ", ".join(f"{found.wrong} × {name}" for name, found in made.items() if found.wrong) or "none"
    return Result(tries, f"succeeded: {wrong}", "none", not any(succeeded.values()), succeeded)


def disable_guard() -> AbstractContextManager[object]:
    """Each attack disables its own guard."""
    return nullcontext()


# --- the attacks -----------------------------------------------------------------------------------------------------
def _killed_at_each_line(mail: CountingMailServer, step: int) -> Tries:
    tries = Tries()
    for line in range(1, MOST_LINES, step):
        row = _new_delivery()
        is_over = not in_a_child(
            partial(stopping_at, line, FILES, partial(delivery.deliver, row.pk), kill_this_process)
        )
        _work_off(row)
        tries.add(wrong=_is_doubled_or_lost(mail, row))
        if is_over:
            return tries
    raise AssertionError("the delivery does not end")


def _two_workers_at_once(mail: CountingMailServer, _: int) -> Tries:
    """A race that a busy machine seldom lets happen: never fewer tries."""
    tries = Tries()
    for _attempt in range(TIMES):
        row = _new_delivery()
        at_once(partial(delivery.deliver, row.pk))
        _work_off(row)
        tries.add(wrong=_is_doubled_or_lost(mail, row))
        if tries.wrong:
            break
    return tries


def _message_lost(mail: CountingMailServer, step: int) -> Tries:
    rows = [_new_delivery() for _ in range(0, TIMES, step)]
    send_due_deliveries()
    return Tries(len(rows), sum(_is_doubled_or_lost(mail, row) for row in rows))


def _no_answer(mail: CountingMailServer, step: int) -> Tries:
    mail.reply = lambda _: Reply.SILENT
    return _worked_off(mail, step)


def _refused_twice(mail: CountingMailServer, step: int) -> Tries:
    mail.reply = lambda number: Reply.ACCEPT if number % 3 == 0 else Reply.LATER
    return _worked_off(mail, step)


def _worked_off(mail: CountingMailServer, step: int) -> Tries:
    tries = Tries()
    for _ in range(0, TIMES, step):
        row = _new_delivery()
        _work_off(row)
        tries.add(wrong=_is_doubled_or_lost(mail, row))
    return tries


def _gone_at_each_line(end: Callable[[Delivery], object], mail: CountingMailServer, step: int) -> Tries:
    """End what the mail is about at each line. No mail may be handed over after that."""
    tries = Tries()
    for line in range(1, MOST_LINES, step):
        row, ended_at = _new_delivery(), list[datetime]()

        def end_now(row: Delivery = row, ended_at: list[datetime] = ended_at) -> None:
            end(row)
            ended_at.append(timezone.now())

        stopping_at(line, FILES, partial(delivery.deliver, row.pk), end_now)
        if not ended_at:
            return tries
        row.refresh_from_db()
        arrived = str(row.pk) in mail.arrived
        tries.add(wrong=arrived and (row.handed_over_at is None or row.handed_over_at > ended_at[0]))
    raise AssertionError("the delivery does not end")


def _close_account(row: Delivery) -> None:
    assert row.notification.recipient_id is not None
    User.objects.filter(pk=row.notification.recipient_id).update(is_active=False)


def _withdraw(row: Delivery) -> None:
    assert row.notification.recipient is not None
    withdraw(recipient=row.notification.recipient, kinds=(KindName.RESULT_READY,), about=row.notification.data)


# --- without their guards --------------------------------------------------------------------------------------------
def _repeats_all() -> AbstractContextManager[object]:
    return patch.object(delivery, "_may_repeat", return_value=True)


def _claims_without_comparing() -> AbstractContextManager[object]:
    def claim(pk: UUID, **_: object) -> Delivery:
        row: Delivery = Delivery.objects.select_related("notification__recipient").get(pk=pk)
        row.attempts += 1
        Delivery.objects.filter(pk=pk).update(attempts=1)
        return row

    return patch.object(Delivery, "claim", claim)


def _sweeps_nothing() -> AbstractContextManager[object]:
    return patch.object(delivery, "due_deliveries", return_value=[])


def _gives_up_at_once() -> AbstractContextManager[object]:
    def give_up(row: Delivery, **_: object) -> None:
        row.update_unless_changed(state=DeliveryState.DEAD_LETTER, last_error="refused")

    return patch.object(delivery, "_try_later", give_up)


def _hands_over_unseen() -> AbstractContextManager[object]:
    def hand_over(row: Delivery) -> bool:
        row.handed_over_at = timezone.now()
        return bool(Delivery.objects.filter(pk=row.pk).update(handed_over_at=row.handed_over_at))

    return patch.object(delivery, "_hand_over", hand_over)


ATTACKS: Final = (
    Attack("killed at a line", _killed_at_each_line, _repeats_all),
    Attack("two workers at once", _two_workers_at_once, _claims_without_comparing),
    Attack("message lost", _message_lost, _sweeps_nothing),
    Attack("accepted without an answer", _no_answer, _repeats_all),
    Attack("refused twice", _refused_twice, _gives_up_at_once),
    Attack("account closed at a line", partial(_gone_at_each_line, _close_account), _hands_over_unseen),
    Attack("inspection deleted at a line", partial(_gone_at_each_line, _withdraw), _hands_over_unseen),
)


# --- the workers -----------------------------------------------------------------------------------------------------
def _new_delivery() -> Delivery:
    return Delivery.objects.select_related("notification__recipient").get(notification=notified(0))


def _work_off(row: Delivery) -> None:
    """Make attempts as the sweep does, without its pauses, until the row is no longer pending."""
    for _ in range(Delivery.retry.max_attempts or 1):
        if not Delivery.unfinished().filter(pk=row.pk).update(due_at=timezone.now()):
            return
        delivery.deliver(row.pk)


def _is_doubled_or_lost(mail: CountingMailServer, row: Delivery) -> bool:
    """Return whether the mail arrived twice, or did not arrive although its outcome is said to be known."""
    row.refresh_from_db()
    times = Counter(mail.arrived)[str(row.pk)]
    if row.state == DeliveryState.SENT:
        return times != 1
    return times > 1 or not (row.state == DeliveryState.DEAD_LETTER and row.last_error.startswith(delivery.UNKNOWN))


if __name__ == "__main__":
    main(drill, disable_guard, served=False)
