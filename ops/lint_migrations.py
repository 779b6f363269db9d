"""Lint the migrations as Postgres would run them; what is ignored, and why, stands in pyproject.toml.

On SQLite there is nothing to say: it rebuilds a table for most changes, and production refuses it.
"""

import sys

from django.conf import settings
from django.core.management import call_command
from django_migration_linter.management.commands.lintmigrations import Command

from drills import ground  # importing the package has chosen the services and prepared Django


def main() -> None:
    if settings.USES_SQLITE:
        print("No Postgres answers: the migrations were not linted", file=sys.stderr)
        return
    ground.make_database()
    call_command(Command(), no_cache=True, quiet=["ok", "ignore"])


if __name__ == "__main__":
    main()
