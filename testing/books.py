"""Empty tables between tests, which the seals on the books would refuse."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from testing.database_role import as_owner


@contextmanager
def unsealed() -> Iterator[None]:
    """Remove the database triggers until the block ends."""
    lift = _without_sqlite_triggers if connection.vendor == "sqlite" else _without_postgres_triggers
    with lift():
        yield


@contextmanager
def _without_postgres_triggers() -> Iterator[None]:
    with as_owner() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")


@contextmanager
def _without_sqlite_triggers() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        try:
            yield
        finally:
            for _, sql in triggers:
                cursor.execute(sql)
