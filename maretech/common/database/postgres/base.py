"""Postgres errors without the values that they quote from rows.

Postgres messages carry a DETAIL with the values that broke a rule: `Key (push_token)=(…) already exists`, or the whole
row that failed a check. Code that logs, stores or shows the error would leak them, so this module removes them first.
The code, the sentence and the constraint's name remain.
"""

from types import TracebackType
from typing import Any, Final

import psycopg
from django.db.backends.postgresql.base import DatabaseWrapper as PostgresWrapper
from django.db.utils import DatabaseErrorWrapper
from django.utils.functional import cached_property

# In these classes the sentence itself quotes a value: "invalid input syntax for type uuid: …".
_QUOTING: Final = ("22",)


def terse(error: psycopg.Error) -> str:
    """Return the part of the error that is safe to show. Without a diagnosis it is the client's connection error."""
    diagnosis = error.diag
    if diagnosis.sqlstate is None:
        return str(error).partition("\n")[0]
    sentence = type(error).__name__ if diagnosis.sqlstate[:2] in _QUOTING else diagnosis.message_primary
    return f"{sentence} ({diagnosis.sqlstate})"


class TerseErrors(DatabaseErrorWrapper):
    """Removes values from both errors: Django wraps the original in its own kind and keeps it as the cause."""

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if isinstance(exc_value, psycopg.Error):
            exc_value.args = (terse(exc_value),)
        super().__exit__(exc_type, exc_value, traceback)


class DatabaseWrapper(PostgresWrapper):
    @cached_property
    def wrap_database_errors(self) -> Any:
        return TerseErrors(self)
