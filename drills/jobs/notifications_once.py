"""Kill the workers that mail with `kill -9`, lose and double their messages, and let the mail server not answer.

The mail server accepts every fifth mail and closes the connection without an answer. No mail may arrive twice, none may
be noted as sent that did not arrive, and each that was given up must say that its outcome is not known. Some accounts
are closed after their notification: they get nothing. The pauses between attempts are shortened.

Control: a mail without a known outcome is sent again.
"""

import socketserver
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from functools import partial
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
from maretech.common.work.durable import Retry
from maretech.processes import LOOPBACK, Server
from notifications.delivery import UNKNOWN
from notifications.models import Delivery, Notification
from notifications.notify import notify
from notifications.tasks import send_notification
from notifications.vocabulary import Channel, DeliveryState, KindName

WORKER: Final = "worker-notifications"
SILENT_EVERY: Final = 5
CLOSED_EVERY: Final = 10
SERVER: Final = {"DRILL_WITH": "drills.jobs.notifications_once.with_short_pauses"}


def disable_guard() -> AbstractContextManager[object]:
    return patch("notifications.delivery._may_repeat", return_value=True)


@contextmanager
def with_short_pauses() -> Iterator[None]:
    pauses = Retry(first=timedelta(seconds=15), factor=1, max_attempts=10)
    with patch.object(Delivery, "retry", pauses):
        yield


def drill(context: DrillContext, mail: "CountingMailServer") -> Result:
    assert context.server is not None
    count, kills = (40, 4) if context.small or context.control else (300, 30)
    written = [_notified(number) for number in range(count)]
    closed = {row.recipient_id for row in written[::CLOSED_EVERY] if row.recipient_id is not None}
    User.objects.filter(pk__in=closed).update(is_active=False)
    killer = threading.Thread(target=partial(_kill_one_after_another, context.server, kills))
    killer.start()
    for number, row in enumerate(written):
        for _ in range((0, 1, 3)[number % 3]):  # lost, sent, doubled
            send_notification.apply_async(args=(str(row.pk),), queue="notifications")
    killer.join()
    wait_until(lambda: not Delivery.awaited().exists(), seconds=60 if context.control else 240)
    return _result(mail, closed, killed=kills, count=count)


def _result(mail: "CountingMailServer", closed: set[UUID], *, killed: int, count: int) -> Result:
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
def _notified(number: int) -> Notification:
    """Write a notification to an account of its own, without a message to the workers."""
    email = f"mailed{number}-{uuid4().hex[:8]}@example.org"
    owner = User.objects.create(email=email, password="!", email_verified_at=timezone.now())  # noqa: S106 - none at all
    ids = {"inspection_id": uuid4()}
    with patch("notifications.notify.enqueue_on_commit"):
        row = notify(kind=KindName.RESULT_READY, recipient=owner, event_key=email, data=ids, variant="corrosion")
    assert row is not None
    return row


def _kill_one_after_another(server: Server, kills: int) -> None:
    """Kill the process that mails, and every third time its worker too."""
    for number in range(kills):
        time.sleep(0.5)
        pid = 0
        while not pid:
            pid = pid_of(server, WORKER)
            time.sleep(0.05)
        kill(*children_of(pid), *([pid] if number % 3 == 2 else []))


class CountingMailServer(socketserver.ThreadingTCPServer):
    """A mail server that notes the id of each mail that it accepts, and often forgets to answer."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__((LOOPBACK, 0), _Conversation)
        self.url = f"smtp://{LOOPBACK}:{self.server_address[1]}"
        self.arrived: list[str] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Conversation(socketserver.StreamRequestHandler):
    server: CountingMailServer

    def handle(self) -> None:
        self._say("220 drill")
        while word := self.rfile.readline()[:4].strip().upper():
            if word == b"DATA":
                self._say("354 go on")
                if not self._take_mail():
                    return
            elif word == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take_mail(self) -> bool:
        """Accept the mail. Returns whether it is answered."""
        for line in iter(self.rfile.readline, b".\r\n"):
            if line.lower().startswith(b"message-id:"):
                self.server.arrived.append(line.split(b"<")[1].split(b"@")[0].decode())
        time.sleep(0.05)  # a moment for kills
        if len(self.server.arrived) % SILENT_EVERY == 0:
            return False
        self._say("250 accepted")
        return True

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


if __name__ == "__main__":
    mail_server = CountingMailServer()
    main(partial(drill, mail=mail_server), disable_guard, env={**SERVER, "EMAIL_URL": mail_server.url})
