"""Hang the mail server (it accepts connections and never answers) while owners request codes and workers are lost.

Only the mails may wait: the real sweep takes back the jobs of lost workers, and `/health/ready` stays well. Leases
expire one after another, each while mails hang.

Control: the sweep has no queue of its own.
"""

import socket
import threading
import time
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial
from typing import Final
from unittest.mock import patch
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import PasswordReset
from drills.harness.api_client import crowd
from drills.harness.runner import DrillContext, Result, main
from drills.harness.sample_inspections import opened, owner_of, wait_until
from inspections.capture import submission
from inspections.lifecycle import transitions
from inspections.models import InferenceJob, JobAttempt
from inspections.vocabulary import AttemptOutcome, Mode
from maretech.celery import app
from maretech.processes import LOOPBACK, readiness

# One round of the sweep, and as much again for the delivery of the message.
BOUND_SECONDS: Final = 2.0 * settings.SWEEP_SECONDS


def disable_guard() -> AbstractContextManager[object]:
    return patch.dict(app.conf.task_routes, {"inspections.tasks.sweep": {"queue": "housekeeping"}})


def drill(context: DrillContext, mail: "SilentMailServer") -> Result:
    asking, lost = (12, 2) if context.small or context.control else (25, 6)
    people = crowd(context.base_url, asking)
    for who in people:
        assert who.post("/auth/password/reset", {"email": who.email}).is_done
    waits: list[float] = []
    unwell: set[str] = set()
    for _ in range(lost):
        job_id, began = _left_by_a_lost_worker(), time.monotonic()
        taken_back = partial(_is_requeued, job_id)
        while not taken_back() and time.monotonic() - began < 2 * BOUND_SECONDS:
            unwell.add(readiness(urlsplit(context.base_url).port or 0))
            wait_until(taken_back, seconds=1)
        waits.append(time.monotonic() - began)
    unwell.discard("ok")
    health = f"unwell: {min(unwell)}" if unwell else "well all the time"
    # Each mail blocks the mail worker for EMAIL_TIMEOUT.
    hung, seconds = len(mail.lines), sum(waits)
    unsent = PasswordReset.objects.filter(sent_at=None).count()
    was_busy_hanging = hung * settings.EMAIL_TIMEOUT >= seconds / 2 and unsent == asking
    figure = f"taken back after {max(waits):.0f} s at most; {health}; {hung} mails hung in {seconds:.0f} s"
    passed = max(waits) <= BOUND_SECONDS and not unwell and was_busy_hanging
    return Result(f"{lost} lost workers, {asking} unsent mails", figure, f"within {BOUND_SECONDS:.0f} s, well", passed)


@transaction.atomic
def _left_by_a_lost_worker() -> UUID:
    """Create a running job without a worker: its message finds nothing to take, and its lease has expired."""
    owner = owner_of(Mode.CORROSION)
    inspection_id = opened(owner, Mode.CORROSION).pk
    submission.submit_inspection(owner=owner, inspection_id=inspection_id, accept_incomplete=True)
    job = InferenceJob.objects.get(inspection=inspection_id)
    transitions.claim(job.pk, worker="lost", task_id="t")
    InferenceJob.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    return job.pk


def _is_requeued(job_id: UUID) -> bool:
    return JobAttempt.objects.filter(job=job_id, outcome=AttemptOutcome.LEASE_EXPIRED).exists()


class SilentMailServer:
    """A mail server that accepts every connection, keeps it open, and never answers."""

    def __init__(self) -> None:
        self.socket = socket.create_server((LOOPBACK, 0), backlog=256)
        self.url = f"smtp://{LOOPBACK}:{self.socket.getsockname()[1]}"
        self.lines: list[socket.socket] = []
        threading.Thread(target=self._take_calls, daemon=True).start()

    def _take_calls(self) -> None:
        while True:
            self.lines.append(self.socket.accept()[0])


if __name__ == "__main__":
    mail = SilentMailServer()
    main(partial(drill, mail=mail), disable_guard, env={"EMAIL_URL": mail.url})
