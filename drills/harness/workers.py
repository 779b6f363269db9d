"""Workers of analyses beside the server's own, each with several analyses at once."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from drills.harness.runner import module_run
from inspections.models import JobAttempt
from inspections.vocabulary import JobState
from maretech.processes import end, start


@dataclass
class Worker:
    """One worker: start it, stop it, kill it with all its children."""

    name: str
    at_once: int
    env: Mapping[str, str]
    process: "subprocess.Popen[bytes] | None" = None
    killed_at: datetime | None = None
    held: list[UUID] = field(default_factory=list)

    def start(self) -> None:
        command = [sys.executable, "-m", "celery", "--quiet", "-A", "maretech", "worker", "-n", self.name]
        command += ["-Q", "analyses", "-c", str(self.at_once)]
        self.process = start([*command, "--without-gossip", "--without-mingle", "--without-heartbeat"], env=self.env)

    def running(self) -> list[UUID]:
        """Return the jobs it runs."""
        assert self.process is not None
        running = JobAttempt.objects.filter(ended_at=None, job__state=JobState.RUNNING)
        attempts = running.filter(worker__startswith=f"{self.name}/{self.process.pid}-")
        return list(attempts.values_list("job_id", flat=True))

    def tell_to_stop(self) -> None:
        assert self.process is not None
        self.process.terminate()

    def kill(self) -> None:
        """Kill it in the middle of its work."""
        assert self.process is not None
        self.held = self.running()
        self.killed_at = timezone.now()
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def workers_beside(
    count: int, *, at_once: int, env: Mapping[str, str], control: bool, called: str = "beside{}@drill"
) -> Iterator[list[Worker]]:
    """Run workers beside the server, with the same changes as the server's processes."""
    changes = {"DJANGO_SETTINGS_MODULE": "drills.harness.unguarded_settings"}
    changes |= {"DRILL_WITHOUT": f"{module_run()}.disable_guard"} if control else {}
    whole = {**os.environ, **env, **changes}
    workers = [Worker(called.format(number), at_once, whole) for number in range(count)]
    try:
        for worker in workers:
            worker.start()
        yield workers
    finally:
        # Their results no longer matter, and they would wait until their work is done.
        end([worker.process for worker in workers if worker.process], grace_seconds=0)
