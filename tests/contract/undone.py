"""Undo what a call does to the rows, so that the next call of the same test finds them unchanged."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def undone() -> Iterator[None]:
    """Undo what a call does to the rows: the rows that it finds take longer to make than the call."""
    before = transaction.savepoint()  # a block would count as a transaction, in which no call may go outside
    try:
        yield
    finally:
        transaction.set_rollback(False)  # a call that failed inside a block of its own leaves the mark
        transaction.savepoint_rollback(before)
