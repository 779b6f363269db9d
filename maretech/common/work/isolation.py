"""Going through what may be broken in one place: that is logged and counted, and keeps nothing else from its turn."""

import math
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Final

import structlog
from celery.exceptions import SoftTimeLimitExceeded

from maretech.common.observability.metrics import PASSED_OVER

log = structlog.get_logger(__name__)

# What hangs keeps a round that comes often no longer than this and one row.
ROUND_SECONDS: Final = 15.0


@contextmanager
def log_and_continue(event: str, **about: str | int) -> Iterator[None]:
    """Log what fails in the block as `event` and go on after it; the task's own time limit ends it all the same.

    What comes after it is passed over then, so that counts too.
    """
    try:
        yield
    except SoftTimeLimitExceeded:
        PASSED_OVER.inc()
        log.warning(event, **about, error="out of time")
        raise
    except Exception:
        PASSED_OVER.inc()
        log.exception(event, **about)


def for_each_isolated(
    ids: Iterable[uuid.UUID], rule: Callable[[uuid.UUID], object], *, within_seconds: float = math.inf
) -> None:
    """Call the rule for every row: one that cannot be dealt with is logged, waits for the next round, and keeps
    nobody else waiting. After `within_seconds` nothing more is begun, and the task's own time limit ends it."""
    began = time.monotonic()
    for row_id in ids:
        if time.monotonic() - began > within_seconds:
            return
        with log_and_continue("failed for one row", rule=rule.__name__, id=str(row_id)):
            rule(row_id)
