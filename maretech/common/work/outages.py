"""The database or the store is away for a while: nothing of the work has failed, it is done when they are back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from django.db import InterfaceError, OperationalError, connection

from maretech.common.storage.base import StoreUnavailable

log = structlog.get_logger(__name__)


@contextmanager
def put_off_in_an_outage(put_off: Callable[[str], None], **work: str) -> Iterator[None]:
    """End the block without an error when either is away, and call `put_off` with what was met.

    `work` names it in the log: `analysis="01f3…"`.
    """
    try:
        yield
    except (StoreUnavailable, OperationalError, InterfaceError) as exc:
        error = f"{type(exc).__name__}: {exc}"
        log.warning("put off", error=error, **work)
        connection.close_if_unusable_or_obsolete()  # the database was restarted
        put_off(error)
