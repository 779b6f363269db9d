"""`sweep_objects`: run the scheduler's hourly object sweep once, by hand."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from inspections.objects.garbage_collection import collect_garbage


class Command(BaseCommand):
    """Compares the object store with the rows, prints the differences, and deletes orphaned objects."""

    help = "Delete objects that no row claims, and list claimed objects that are missing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only print what would be deleted")

    def handle(self, *args: Any, **options: Any) -> None:
        after, object_count, orphans, missing = "", 0, 0, 0
        while True:
            swept = collect_garbage(after=after, dry_run=options["dry_run"])
            for key in swept.orphans:
                self.stdout.write(f"orphan {key}")
            for key in swept.missing:
                self.stdout.write(f"missing {key}")
            after, object_count = swept.after, object_count + swept.object_count
            orphans, missing = orphans + len(swept.orphans), missing + len(swept.missing)
            if not after:
                break
        done = "to delete" if options["dry_run"] else "deleted"
        self.stdout.write(f"{object_count} object(s), {orphans} orphan(s) {done}, {missing} missing")
