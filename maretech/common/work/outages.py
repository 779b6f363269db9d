"""Outages of the database or the store: work is postponed until they are back, and does not count as failed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from django.db import InterfaceError, OperationalError, connection

from maretech.common.storage.base import ObjectStoreUnavailable

log = structlog.get_logger(__name__)


@contextmanager
def postpone_in_an_outage(postpone: Callable[[str], None], **work: str) -> Iterator[None]:
    """End the block without an error when either is unavailable, and call `postpone` with the error met.

    `work` names the work in the log: `analysis="01f3…"`.
    """
    try:
        yield
    except (ObjectStoreUnavailable, OperationalError, InterfaceError) as exc:
        error = f"{type(exc).__name__}: {exc}"
        log.warning("put off", error=error, **work)
        connection.close_if_unusable_or_obsolete()  # the database was restarted
        postpone(error)
