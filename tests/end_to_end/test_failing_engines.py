"""Test a real worker with an engine that hangs, runs out of memory or is killed: the worker continues."""

import sys

import pytest

from maretech.processes import embedded, end, manage, start

pytestmark = pytest.mark.services
IMPATIENT = {
    "ENGINE": "stub",
    "TASK_SOFT_LIMIT_SECONDS": "5",
    "TASK_HARD_LIMIT_SECONDS": "8",
    "JOB_LEASE_SECONDS": "4",
    "JOB_MAX_ATTEMPTS": "1",
    "ALLOWED_HOSTS": "testserver",
}
WORKER = [sys.executable, "-m", "celery", "--quiet", "-A", "tests.end_to_end.faulty_worker", "worker"]
WORKER += ["-Q", "analyses", "-c", "1", "--without-gossip", "--without-mingle", "--without-heartbeat"]


def test_every_attempt_ends_with_its_reason(migrated_var_dir):
    with (migrated_var_dir / "worker.log").open("wb") as log:
        worker = start(WORKER, env=embedded(migrated_var_dir) | IMPATIENT, output=log)
        try:
            command = ("shell", "-v0", "-c", "import tests.end_to_end.faults")
            output = manage(*command, var_dir=migrated_var_dir, env=IMPATIENT)
        finally:
            end([worker])
    endings = dict(line.split(" ", 1) for line in output.splitlines() if line.split(" ")[0] in EXPECTED)
    assert endings == EXPECTED, (migrated_var_dir / "worker.log").read_text()[-4000:]


# A living process reports its error; for a dead one the lease expires.
EXPECTED = {
    "hang": "failed SoftTimeLimitExceeded",
    "hang_deaf": "lost the worker stopped without a word",
    "run_out_of_memory": "failed MemoryError",
    "be_killed": "lost the worker stopped without a word",
    "nothing": "succeeded ",
}
