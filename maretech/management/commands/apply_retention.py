"""`apply_retention [--dry-run]`: runs the nightly task's rules now."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from maretech.common.work.retention import apply_retention, overdue


class Command(BaseCommand):
    """Deletes or reduces expired data (`RETENTION_*`), and prints how many rows of each kind."""

    help = "Delete or reduce the data whose retention period has ended."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count the rows that would be processed")

    def handle(self, *args: Any, **options: Any) -> None:
        found = overdue() if options["dry_run"] else apply_retention()
        for what, count in found.items():
            self.stdout.write(f"{count:8} {what}")
