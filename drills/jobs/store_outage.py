"""Hang the object store in the middle of analyses; then kill it, leave it down, and restart it.

No inspection may be lost. The store (SeaweedFS) is the drill's own and keeps what it has acknowledged. An owner who
submits while it is down gets 503 and retries. The sweep's waits are shortened, so that each job is attempted often
meanwhile.

Control: an attempt without a store counts as failed.
"""

import sys
import time
from collections import Counter
from contextlib import AbstractContextManager
from functools import partial
from typing import Final
from unittest.mock import patch

from drills.harness import slow_engine
from drills.harness.api_client import side_by_side
from drills.harness.object_store import store_at
from drills.harness.runner import DrillContext, main
from drills.harness.runner import Result as DrillResult
from drills.harness.sample_inspections import (
    account_for,
    opened,
    owner_of,
    signed_in,
    submitted_mixed,
    unfinished,
    wait_until,
)
from drills.harness.services import Service, private_store
from inspections.lifecycle import failures
from inspections.lifecycle.transitions import JobLease
from inspections.models import Inspection, JobAttempt, Result
from inspections.vocabulary import AttemptOutcome, InspectionStatus, Mode
from maretech.common.storage.s3 import S3Store
from testing.s3 import s3_environment, wait_for_bucket

SERVER: Final = {
    "DRILL_WITH": "drills.harness.slow_engine.at_work",
    slow_engine.SECONDS: "0.2",
    "JOB_REENQUEUE_SECONDS": "4",
    "SWEEP_SECONDS": "2",
}
COME_BACK: Final = 503
# A job postponed last waits for up to five minutes, whether or not the store is back.
PATIENCE_SECONDS: Final = 360


def disable_guard() -> AbstractContextManager[object]:
    return patch("inspections.lifecycle.transitions.postpone", _counted)


def _counted(held: JobLease, *, error: str) -> None:
    failures.fail_attempt(held, error=error)


def drill(context: DrillContext, server: Service, store: S3Store) -> DrillResult:
    is_short = context.small or context.control
    count, late, hung_seconds, away_seconds = (20, 2, 0.0, 30.0) if is_short else (100, 20, 50.0, 60.0)
    owners = [owner_of(Mode.CORROSION) for _ in range(late)]
    to_submit = [opened(owner, Mode.CORROSION).pk for owner in owners]
    ids = submitted_mixed(count)
    completed = Inspection.objects.filter(status=InspectionStatus.COMPLETED)
    wait_until(lambda: completed.count() >= count // 5, seconds=60)
    server.hang(hung_seconds)
    server.kill()
    killed_at = time.monotonic()
    calls = [
        partial(signed_in(owner, context.base_url).post, f"/inspections/{one}/submit", {"accept_incomplete": True})
        for owner, one in zip(owners, to_submit, strict=True)
    ]
    answers = Counter(answer.status for answer in side_by_side(lambda call: call(), calls, by=4))
    time.sleep(max(0.0, away_seconds - (time.monotonic() - killed_at)))
    server.start()
    wait_for_bucket(store)
    taken = sum(answer.is_done for answer in side_by_side(lambda call: call(), calls, by=4))
    everything = [*ids, *to_submit]
    began = time.monotonic()
    wait_until(lambda: not unfinished(everything), seconds=30 if context.control else PATIENCE_SECONDS)
    waited = time.monotonic() - began
    account = account_for(everything)
    outcomes = Counter(JobAttempt.objects.values_list("outcome", flat=True))
    postpone, failed = outcomes[AttemptOutcome.RELEASED], outcomes[AttemptOutcome.FAILED]
    unseen = Result.objects.exclude(coverage__photos_used=1).count()
    figure = (
        f"{account}, {unseen} without their photo, the last {waited:.0f} s after it was back; "
        f"{postpone} attempts postponed, {failed} counted; "
        f"{answers[COME_BACK]} submissions refused with 503, {taken} of them accepted later"
    )
    passed = account.is_whole and answers[COME_BACK] == taken == late and postpone + failed > 0
    passed = passed and not (unseen or failed or outcomes[AttemptOutcome.LEASE_EXPIRED])
    n = f"{len(everything)} inspections, the store hung for {hung_seconds:.0f} s, then away for {away_seconds:.0f} s"
    return DrillResult(n, figure, "one result each, 0, 0, 0, 0; 503 while it is away", passed)


if __name__ == "__main__":
    with private_store() as (service, endpoint), store_at(endpoint) as here:
        main(partial(drill, server=service, store=here), disable_guard, env={**SERVER, **s3_environment(endpoint)})
    sys.exit()
