"""What the scheduler looks for every few seconds: work that no message will bring, and inspections whose time is up."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import structlog

from inspections import endings, lifecycle
from inspections.photo_check import photos_to_check

log = structlog.get_logger(__name__)


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
    _each(lost, endings.recover_lost)
    _each(overdue, endings.expire)
    return Due(lifecycle.jobs_to_send(), photos_to_check(), len(lost), len(overdue))


def _each(ids: Iterable[uuid.UUID], rule: Callable[[uuid.UUID], None]) -> None:
    """One row that cannot be dealt with must not keep the others waiting; it is tried again by the next sweep."""
    for row_id in ids:
        try:
            rule(row_id)
        except Exception:
            log.exception("sweep failed for one row", rule=rule.__name__, id=str(row_id))
