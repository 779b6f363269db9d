"""Lint the migrations as Postgres would run them. pyproject.toml lists the ignored rules, with reasons.

On SQLite, lint nothing: it rebuilds a table for most changes, and production refuses it.
"""

import sys

from django.conf import settings
from django.core.management import call_command
from django_migration_linter.management.commands.lintmigrations import Command

from drills.harness import environment  # importing this package chooses the services and sets up Django


def main() -> None:
    if settings.USES_SQLITE:
        print("No Postgres answers: the migrations were not linted", file=sys.stderr)
        return
    environment.make_database()
    call_command(Command(), no_cache=True, quiet=["ok", "ignore"])


if __name__ == "__main__":
    main()
