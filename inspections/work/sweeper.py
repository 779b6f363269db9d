"""What the scheduler looks for every few seconds: work that no message will bring, and inspections whose time is up."""

import uuid
from dataclasses import dataclass

from inspections.lifecycle import failures, transitions
from inspections.work.photo_check import photos_to_check
from maretech.common.work.isolation import for_each_isolated


@dataclass(frozen=True, slots=True)
class Due:
    """What has to be sent to the workers (again)."""

    jobs: list[uuid.UUID]
    photos: list[uuid.UUID]
    recovered: int
    expired: int


def sweep() -> Due:
    """Recover jobs of lost workers, end overdue inspections, and find what has no live message. Safe to run anytime."""
    lost, overdue = transitions.jobs_to_recover(), transitions.inspections_to_expire()
    for_each_isolated(lost, failures.recover_lost)
    for_each_isolated(overdue, failures.expire)
    return Due(transitions.jobs_to_send(), photos_to_check(), len(lost), len(overdue))
