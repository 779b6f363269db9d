"""What the scheduler looks for every few seconds: work that no message will bring, and inspections whose time is up."""

import uuid
from dataclasses import dataclass

from inspections import endings, lifecycle
from inspections.photo_check import photos_to_check
from maretech.common.each import each_alone


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
    each_alone(lost, endings.recover_lost)
    each_alone(overdue, endings.expire)
    return Due(lifecycle.jobs_to_send(), photos_to_check(), len(lost), len(overdue))
