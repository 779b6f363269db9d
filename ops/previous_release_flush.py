"""A pytest plugin for `previous_release.sh`: empty tables after a test although newer ones refer to them.

The tests of the previous release empty only the tables that it knows. It is their way to clean up, and nothing that the
release itself does: what it deletes, it deletes row by row.
"""

from typing import Any


def pytest_configure() -> None:
    from django.db.backends.postgresql.operations import DatabaseOperations  # noqa: PLC0415 - once settings are read

    flush = DatabaseOperations.sql_flush

    def flush_with_newer_tables(self: Any, style: Any, tables: Any, **options: Any) -> Any:
        return flush(self, style, tables, **(options | {"allow_cascade": True}))

    DatabaseOperations.sql_flush = flush_with_newer_tables  # type: ignore[method-assign]
