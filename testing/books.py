"""Empty tables between tests, which the seals on the books would refuse."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection, transaction

from testing.database_role import as_owner

# Migrating fills them, and no test changes them for good.
_KEPT: Final = frozenset(
    {"django_content_type", "auth_permission", "auth_group", "auth_group_permissions", "django_migrations"}
)


def empty_tables() -> None:
    """Delete every row. Django truncates instead, and makes all permissions again: ten times slower."""
    quote = connection.ops.quote_name
    tables = [name for name in connection.introspection.django_table_names(include_views=False) if name not in _KEPT]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"EXISTS (SELECT 1 FROM {quote(name)})" for name in tables))
        filled = [name for name, is_filled in zip(tables, cursor.fetchone(), strict=True) if is_filled]
    with unsealed(), transaction.atomic(), connection.cursor() as cursor:
        for name in filled:
            cursor.execute(f"DELETE FROM {quote(name)}")


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
