"""Run the tests on Postgres as the application does: in a role that owns nothing, made for their database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from django.db import connection

from maretech import database_role

APPLICATION: Final = "maretech_tests_application"
_MAKE: Final = f"""
    DO $$ BEGIN CREATE ROLE {APPLICATION} LOGIN PASSWORD '{APPLICATION}';
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$
"""  # the workers of one run, and other runs on this machine, share it


@contextmanager
def as_application() -> Iterator[None]:
    """Put each connection to the test database, threads included, into the application's role."""
    if connection.vendor == "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(_MAKE)
    database_role.grant(APPLICATION)
    options = connection.settings_dict["OPTIONS"]
    owner = options["options"]
    connection.close()
    options["options"] = f"{owner} -c role={APPLICATION}"
    yield
    connection.close()
    options["options"] = owner


@contextmanager
def as_owner() -> Iterator[Any]:
    """Yield a cursor of the role that owns the tables and made the database, until the block ends."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            yield cursor
            return
        cursor.execute("SELECT current_user")
        [former] = cursor.fetchone()
        cursor.execute("SET ROLE NONE")
        try:
            yield cursor
        finally:
            cursor.execute(f"SET ROLE {former}")


def connected_as(role: str) -> "psycopg.Connection[Any]":
    """Open a connection of its own in this role; the password is the role's name; each statement commits."""
    settings = connection.settings_dict
    return psycopg.connect(
        host=settings["HOST"],
        port=settings["PORT"] or 5432,
        user=role,
        password=role,
        dbname=settings["NAME"],
        autocommit=True,
    )
