"""What the scheduler looks for every few seconds: work that no message will bring, and inspections whose time is up."""

import uuid
from dataclasses import dataclass

from inspections import endings, lifecycle
from inspections.photo_check import photos_to_check


@dataclass(frozen=True, slots=True)
class Due:
    """What has to be sent to the workers (again)."""

    jobs: list[uuid.UUID]
    photos: list[uuid.UUID]
    recovered: int
    expired: int


def sweep() -> Due:
    """Recover jobs of lost workers, end overdue inspections, and find what has no live message. Safe to run anytime."""
    lost, overdue = lifecycle.jobs_to_recover(), lifecycle.inspections_to_expire()
    for job_id in lost:
        endings.recover_lost(job_id)
    for inspection_id in overdue:
        endings.expire(inspection_id)
    return Due(lifecycle.jobs_to_send(), photos_to_check(), len(lost), len(overdue))
