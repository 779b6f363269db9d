"""Isolation of failures: one failing item is logged and counted, and does not stop the others."""

import math
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Final

import structlog
from celery.exceptions import SoftTimeLimitExceeded

from maretech.common.observability.metrics import ISOLATED_FAILURES

log = structlog.get_logger(__name__)

# A hanging row delays a frequent round by at most this time and one row.
ROUND_SECONDS: Final = 15.0


@contextmanager
def log_and_continue(event: str, **about: str | int) -> Iterator[None]:
    """Log a failure in the block as `event` and continue after it; the task's own time limit still ends it.

    The rest of the block is skipped, and the failure is counted.
    """
    try:
        yield
    except SoftTimeLimitExceeded:
        ISOLATED_FAILURES.inc()
        log.warning(event, **about, error="out of time")
        raise
    except Exception:
        ISOLATED_FAILURES.inc()
        log.exception(event, **about)


def for_each_isolated(
    ids: Iterable[uuid.UUID], rule: Callable[[uuid.UUID], object], *, within_seconds: float = math.inf
) -> None:
    """Call the rule for every row; log failures and continue. A failed row waits for the next round.

    Starts no row after `within_seconds`. The task's own time limit still ends it.
    """
    began = time.monotonic()
    for row_id in ids:
        if time.monotonic() - began > within_seconds:
            return
        with log_and_continue("failed for one row", rule=rule.__name__, id=str(row_id)):
            rule(row_id)
