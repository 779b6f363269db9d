"""The scheduler's sweep every few seconds.

Finds work without a message, inspections past their deadline, and inspections without a vessel.
"""

import uuid
from dataclasses import dataclass

from inspections.lifecycle import failures, transitions, vessel_links
from inspections.work.photo_queue import photos_to_check
from maretech.common.work.isolation import for_each_isolated


@dataclass(frozen=True, slots=True)
class Due:
    """Work to send to the workers (again)."""

    jobs: list[uuid.UUID]
    photos: list[uuid.UUID]
    recovered: int
    expired: int


def sweep() -> Due:
    """Recover jobs of lost workers, end overdue inspections, and find work without a live message. Safe at any time.

    Also gives the inspections that the release before opened their vessels.
    """
    lost, overdue = transitions.jobs_to_recover(), transitions.inspections_to_expire()
    for_each_isolated(lost, failures.recover_expired)
    for_each_isolated(overdue, failures.expire)
    for_each_isolated(vessel_links.inspections_without_vessel(), vessel_links.link_to_vessel)
    return Due(transitions.jobs_to_send(), photos_to_check(), len(lost), len(overdue))
