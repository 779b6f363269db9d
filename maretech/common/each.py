"""Going through rows of which one may be broken."""

import math
import time
import uuid
from collections.abc import Callable, Iterable

import structlog
from celery.exceptions import SoftTimeLimitExceeded

log = structlog.get_logger(__name__)


def each_alone(
    ids: Iterable[uuid.UUID], rule: Callable[[uuid.UUID], object], *, within_seconds: float = math.inf
) -> None:
    """Call the rule for every row: one that cannot be dealt with is logged, waits for the next round, and keeps
    nobody else waiting. After `within_seconds` nothing more is begun, and the task's own time limit ends it."""
    began = time.monotonic()
    for row_id in ids:
        if time.monotonic() - began > within_seconds:
            return
        try:
            rule(row_id)
        except SoftTimeLimitExceeded:
            raise
        except Exception:
            log.exception("failed for one row", rule=rule.__name__, id=str(row_id))
