"""Going through rows of which one may be broken."""

import uuid
from collections.abc import Callable, Iterable

import structlog

log = structlog.get_logger(__name__)


def each_alone(ids: Iterable[uuid.UUID], rule: Callable[[uuid.UUID], object]) -> None:
    """Call the rule for every row: one that cannot be dealt with is logged, waits for the next round, and keeps
    nobody else waiting."""
    for row_id in ids:
        try:
            rule(row_id)
        except Exception:
            log.exception("failed for one row", rule=rule.__name__, id=str(row_id))
