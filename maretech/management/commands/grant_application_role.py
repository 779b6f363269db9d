"""`manage.py grant_application_role ROLE`: grants the application its rights after every migration (Postgres)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from maretech import database_role


class Command(BaseCommand):
    help = (
        "Grant ROLE the rights that the application needs, without the right to change the ledger. "
        "Run it after each migrate, as the role that owns the tables. A second run changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", help="the application's role: the user in its DATABASE_URL")

    def handle(self, *, role: str, **_: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("SQLite has no roles.")
        try:
            database_role.grant(role)
        except database_role.NotSuitable as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{role} can read and write rows, and cannot change the ledger.")
