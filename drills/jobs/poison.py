"""Put one inspection that kills its worker on each analysis among a hundred good ones: the good ones must complete.

The lease is shortened, because the drill does not measure it.

Control: the number of attempts is unlimited.
"""

from contextlib import AbstractContextManager
from typing import Final
from unittest.mock import patch

from billing.ledger import inspection_credits
from billing.models import LedgerTransaction
from billing.vocabulary import EntryKind
from drills.harness.runner import DrillContext, Result, main
from drills.harness.sample_inspections import account_for, submitted, submitted_mixed, wait_until
from drills.harness.slow_engine import POISON
from inspections.models import Inspection, JobAttempt
from inspections.vocabulary import InspectionStatus, Mode

SERVER: Final = {
    "DRILL_WITH": "drills.harness.slow_engine.at_work",
    "JOB_LEASE_SECONDS": "4",
    "JOB_REENQUEUE_SECONDS": "4",
    "SWEEP_SECONDS": "2",
}
ATTEMPTS: Final = 3


def disable_guard() -> AbstractContextManager[object]:
    return patch("django.conf.settings.JOB_MAX_ATTEMPTS", 1_000)


def drill(context: DrillContext) -> Result:
    good = 10 if context.small or context.control else 100
    before = submitted_mixed(good // 2)
    poisoned = submitted(Mode.OSMOSIS, region_text=POISON)
    ids = [*before, *submitted_mixed(good - good // 2)]
    open_ones = Inspection.objects.filter(pk__in=[*ids, poisoned], status=InspectionStatus.PROCESSING)
    wait_until(lambda: not open_ones.exists(), seconds=30 if context.control else 150)
    account = account_for(ids)
    inspection = Inspection.objects.select_related("owner").get(pk=poisoned)
    outcomes = list(JobAttempt.objects.filter(job__inspection=poisoned).values_list("outcome", flat=True))
    returned = LedgerTransaction.objects.filter(kind=EntryKind.CREDIT_GIVE_BACK, owner=inspection.owner).count()
    failed = inspection.status == InspectionStatus.FAILED and outcomes == ["lost"] * ATTEMPTS
    back = returned == 1 and inspection_credits.balance_of(inspection.owner) == inspection_credits.Balance(1, 0)
    figure = f"{inspection.status} after {len(outcomes)} attempts, credit returned {returned} ×; others: {account}"
    bound = f"failed after {ATTEMPTS}, returned once; {good} results, 0, 0, 0"
    return Result(f"1 poison job among {good}", figure, bound, failed and back and account.is_whole)


if __name__ == "__main__":
    main(drill, disable_guard, env=SERVER)
