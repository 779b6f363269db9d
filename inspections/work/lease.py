"""Renew a claim's lease from a separate thread while the engine computes."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, connections

from inspections.lifecycle import transitions
from inspections.lifecycle.transitions import JobLease, LeaseLost

log = structlog.get_logger(__name__)


@contextmanager
def keep_alive(claim: JobLease) -> Iterator[None]:
    """Renew the lease every quarter of its length until the block ends or the lease is lost."""
    is_over = threading.Event()
    thread = threading.Thread(target=_renew_until, args=(claim, is_over), name=f"lease-{claim.job_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def _renew_until(claim: JobLease, is_over: threading.Event) -> None:
    interval = settings.JOB_LEASE_SECONDS / 4
    try:
        while not is_over.wait(interval):
            try:
                transitions.renew(claim)
                interval = settings.JOB_LEASE_SECONDS / 4
            except (OperationalError, InterfaceError) as exc:  # the database may be back before the lease runs out
                log.warning("lease not renewed", job=str(claim.job_id), error=type(exc).__name__)
                connection.close()  # the database is gone: the next renewal opens a new connection
                interval = settings.JOB_LEASE_SECONDS / 60
    except LeaseLost:
        log.warning("lease lost", job=str(claim.job_id))
    finally:
        connections.close_all()
