"""A mail server takes every call and never says a word, while owners ask for codes and workers are lost.

The mails wait, and nothing else does: what a lost worker held is taken back with the real sweep, and `/health/ready`
stays well. Leases are let run out one after another, each while mails hang.
Control: the sweep has no queue of its own, and a round of mails has no end.
"""

import math
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from datetime import timedelta
from functools import partial
from typing import Final
from unittest.mock import patch
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from drills.calling import crowd
from drills.harness import Result, Stage, main
from drills.inspecting import opened, owner_of, wait_until
from inspections import lifecycle, submission
from inspections.choices import AttemptOutcome, Mode
from inspections.models import InferenceJob, JobAttempt
from maretech.celery import app
from maretech.processes import LOOPBACK, readiness

# A round of the sweep, and as much again for the message's way.
BOUND_SECONDS: Final = 2.0 * settings.SWEEP_SECONDS


def without_guard() -> AbstractContextManager[object]:
    stack = ExitStack()
    stack.enter_context(patch.dict(app.conf.task_routes, {"inspections.tasks.sweep": {"queue": "housekeeping"}}))
    stack.enter_context(patch("accounts.tasks.ROUND_SECONDS", math.inf))
    return stack


def drill(stage: Stage) -> Result:
    asking, lost = (12, 2) if stage.small or stage.control else (25, 6)
    people = crowd(stage.base_url, asking)
    for who in people:
        who.post("/auth/password/reset", {"email": who.email})
    waits: list[float] = []
    unwell: set[str] = set()
    for _ in range(lost):
        job_id, began = _left_by_a_lost_worker(), time.monotonic()
        taken_back = partial(_is_taken_back, job_id)
        while not taken_back() and time.monotonic() - began < 2 * BOUND_SECONDS:
            unwell.add(readiness(urlsplit(stage.base_url).port or 0))
            wait_until(taken_back, seconds=1)
        waits.append(time.monotonic() - began)
    unwell.discard("ok")
    health = f"unwell: {min(unwell)}" if unwell else "well all the time"
    figure = f"taken back after {max(waits):.0f} s at most; {health}"
    n = f"{lost} lost workers, {asking} mails that hang"
    return Result(n, figure, f"within {BOUND_SECONDS:.0f} s, well", max(waits) <= BOUND_SECONDS and not unwell)


@transaction.atomic
def _left_by_a_lost_worker() -> UUID:
    """Running, by nobody: its message finds nothing to take, and its lease is over."""
    owner = owner_of(Mode.CORROSION)
    inspection_id = opened(owner, Mode.CORROSION).pk
    submission.submit_inspection(owner=owner, inspection_id=inspection_id, accept_incomplete=True)
    job = InferenceJob.objects.get(inspection=inspection_id)
    lifecycle.claim(job.pk, worker="lost", task_id="t")
    InferenceJob.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    return job.pk


def _is_taken_back(job_id: UUID) -> bool:
    return JobAttempt.objects.filter(job=job_id, outcome=AttemptOutcome.LOST).exists()


@contextmanager
def _silent_mail_server() -> Iterator[str]:
    with closing(socket.create_server((LOOPBACK, 0), backlog=256)) as server:
        yield f"smtp://{LOOPBACK}:{server.getsockname()[1]}"


if __name__ == "__main__":
    with _silent_mail_server() as mail:
        main(drill, without_guard, env={"EMAIL_URL": mail})
    sys.exit()
