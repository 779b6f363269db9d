"""Why an inspection waits, and since when: one answer for the owner's app, the admin and the command line."""

from dataclasses import dataclass
from datetime import datetime

from inspections.vocabulary import AccessKind, InspectionStatus, JobState, WaitingFor


@dataclass(frozen=True, slots=True)
class Waiting:
    reason: WaitingFor | None
    since: datetime | None


NOT_WAITING = Waiting(None, None)


def waiting(
    *,
    status: str,
    access: str,
    pass_standing: bool,
    created_at: datetime,
    job_state: str | None,
    attempt: int | None,
    queued_at: datetime | None,
) -> Waiting:
    """Before submission it waits for photos, or for a withdrawn payment; afterwards for a worker, or for a retry."""
    if status == InspectionStatus.PENDING:
        unpaid = access == AccessKind.PASS and not pass_standing
        return Waiting(WaitingFor.PAYMENT if unpaid else WaitingFor.PHOTOS, created_at)
    if status == InspectionStatus.PROCESSING and job_state == JobState.QUEUED:
        return Waiting(WaitingFor.RETRY if attempt else WaitingFor.WORKER, queued_at)
    return NOT_WAITING
