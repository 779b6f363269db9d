"""Kill the workers that mail with `kill -9`, lose and double their messages, and let the mail server misbehave.

The mail server accepts every fifth mail and closes the connection without an answer, and refuses every seventh for now.
No mail may arrive twice, none may be noted as sent that did not arrive, and each that was given up must say that its
outcome is not known. Some accounts are closed after their notification: they get nothing. The pauses between attempts
are shortened. `delivery_attacks` attacks one guard at a time.

Control: a mail without a known outcome is sent again.
"""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from functools import partial
from random import Random
from typing import Final
from unittest.mock import patch
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from drills.harness.processes import children_of, kill, pid_of
from drills.harness.runner import DrillContext, Result, main
from drills.harness.sample_inspections import wait_until
from drills.notifications._mail_server import CountingMailServer, Reply
from maretech.common.work.durable import Retry
from maretech.processes import Server
from notifications.delivery import UNKNOWN
from notifications.models import Delivery, Notification
from notifications.notify import notify
from notifications.tasks import send_notification
from notifications.vocabulary import Channel, DeliveryState, KindName

WORKER: Final = "worker-notifications"
SILENT_EVERY: Final = 5
LATER_EVERY: Final = 7
CLOSED_EVERY: Final = 10
# Each death of a whole worker doubles the pause before the supervisor starts the next one; a child is replaced at once.
WHOLE_WORKERS: Final = 3
MAILS_PER_KILL: Final = 4
PATIENCE_SECONDS: Final = 45
SERVER: Final = {"DRILL_WITH": "drills.notifications.notifications_once.with_short_pauses"}


def disable_guard() -> AbstractContextManager[object]:
    return patch("notifications.delivery._may_repeat", return_value=True)


@contextmanager
def with_short_pauses() -> Iterator[None]:
    pauses = Retry(first=timedelta(seconds=10), factor=1, max_attempts=10)
    with patch.object(Delivery, "retry", pauses):
        yield


def misbehave(number: int) -> Reply:
    if number % SILENT_EVERY == 0:
        return Reply.SILENT
    return Reply.LATER if number % LATER_EVERY == 0 else Reply.ACCEPT


def drill(context: DrillContext, mail: CountingMailServer) -> Result:
    assert context.server is not None
    count, kills = (40, 6) if context.small or context.control else (300, 30)
    written = [notified(number) for number in range(count)]
    closed = {row.recipient_id for row in written[::CLOSED_EVERY] if row.recipient_id is not None}
    User.objects.filter(pk__in=closed).update(is_active=False)
    killed: list[int] = []
    killer = threading.Thread(target=partial(_kill_one_after_another, context.server, mail, kills, killed))
    killer.start()
    for number, row in enumerate(written):
        for _ in range((0, 1, 3)[number % 3]):  # lost, sent, doubled
            send_notification.apply_async(args=(str(row.pk),), queue="notifications")
    killer.join()
    wait_until(lambda: not Delivery.awaited().exists(), seconds=60 if context.control else 240)
    return _result(mail, closed, killed=len(killed), count=count)


def _result(mail: CountingMailServer, closed: set[UUID], *, killed: int, count: int) -> Result:
    arrived = Counter(mail.arrived)
    rows = Delivery.objects.filter(channel=Channel.EMAIL).select_related("notification")
    doubled = sum(1 for times in arrived.values() if times > 1)
    sent = {str(row.pk) for row in rows if row.state == DeliveryState.SENT}
    given_up = [row for row in rows if row.state == DeliveryState.DEAD_LETTER]
    wrong = {
        "doubled": doubled,
        "noted as sent and never arrived": len(sent - set(arrived)),
        "given up for another reason": sum(1 for row in given_up if not row.last_error.startswith(UNKNOWN)),
        "mailed to a closed account": sum(
            1 for row in rows if row.notification.recipient_id in closed and str(row.pk) in arrived
        ),
        "still waiting": Delivery.awaited().count(),
        "never tried": rows.filter(Q(attempts=0), notification__recipient__is_active=True).count(),
    }
    faults = ", ".join(f"{number} {what}" for what, number in wrong.items() if number) or "0 twice, 0 lost unnoticed"
    figure = f"{len(sent)} sent, {len(given_up)} of unknown outcome; {faults}"
    return Result(f"{count} mails, {killed} kills", figure, "0 twice, 0 lost unnoticed", not any(wrong.values()))


@transaction.atomic
def notified(number: int) -> Notification:
    """Write a notification to an account of its own, without a message to the workers."""
    email = f"mailed{number}-{uuid4().hex[:8]}@example.org"
    owner = User.objects.create(email=email, password="!", email_verified_at=timezone.now())  # noqa: S106 - none at all
    ids = {"inspection_id": uuid4()}
    with patch("notifications.notify.enqueue_on_commit"):
        row = notify(kind=KindName.RESULT_READY, recipient=owner, event_key=email, data=ids, variant="corrosion")
    assert row is not None
    return row


def _kill_one_after_another(server: Server, mail: CountingMailServer, kills: int, killed: list[int]) -> None:
    """Kill the process that mails after every few mails, and some of its workers too.

    A worker that has not mailed yet is spared: its supervisor would wait longer and longer before it starts another.
    """
    rng, whole = Random(7), kills // WHOLE_WORKERS  # noqa: S311 - moments to kill at
    for number in range(kills):
        has_mailed = partial(mail.has_counted, mail.count + MAILS_PER_KILL)
        if not wait_until(has_mailed, seconds=PATIENCE_SECONDS, every=0.01):
            return  # too few mails are left
        time.sleep(rng.uniform(0, 0.1))
        pid = pid_of(server, WORKER)
        killed.append(kill(*children_of(pid), *([pid] if number % whole == whole - 1 else [])))


if __name__ == "__main__":
    mail_server = CountingMailServer(misbehave)
    main(partial(drill, mail=mail_server), disable_guard, env={**SERVER, "EMAIL_URL": mail_server.url})
