"""`manage.py verify_data`: verifies after a restore that books, photographs, dossiers and exports are complete."""

from argparse import ArgumentParser
from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.ledger import integrity as books
from dossiers.objects import integrity as documents
from inspections.objects import integrity as objects
from inspections.objects.garbage_collection import is_foreign_store
from maretech.common.observability.heartbeat import worked_queues
from maretech.common.storage import object_store

SHOWN = 50


class Command(BaseCommand):
    help = (
        "Check that the ledger balances, and that the object store holds every photograph, dossier and export of the "
        "rows, complete, and no other object. Reads every photograph. Exits 1 if something is wrong."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--delete-unknown",
            action="store_true",
            help="delete objects without a row: they are newer than the database backup. Deletes nothing while the "
            "system runs, if anything else is wrong, or if the store seems to belong to another database",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["delete_unknown"] and (queues := worked_queues()):
            raise CommandError(f"Workers consume {', '.join(queues)}: stop web, workers and beat first.")
        claimed = [*objects.claims(), *documents.claims()]
        faults = list(chain(books.faults_of_books(), objects.faults_of_objects(claimed)))
        unknown = [*objects.unknown_objects(), *documents.unknown_objects()]
        if options["delete_unknown"]:
            if reason := _reason_to_keep(faults, unknown):
                self.stdout.write(f"nothing is deleted: {reason}")
            else:
                object_store().delete(unknown)
                self.stdout.write(f"deleted {len(unknown)} objects that no row accounts for")
                unknown = []
        wrong = [*faults, *(f"{key} is accounted for by no row" for key in unknown)]
        for fault in wrong[:SHOWN]:
            self.stdout.write(fault)
        if len(wrong) > SHOWN:
            self.stdout.write(f"… and {len(wrong) - SHOWN} more")
        self.stdout.write(f"{books.counted()}, {len(claimed)} objects claimed: {len(wrong)} wrong")
        if wrong:
            raise SystemExit(1)


def _reason_to_keep(faults: list[str], unknown: list[str]) -> str:
    """Return why unknown objects may still be needed; empty if nothing suggests it."""
    if faults:
        return f"{len(faults)} other things are wrong, so this may not be the database of this store"
    if is_foreign_store(unknown):
        return "most objects are of no inspection in this database, so the store belongs to another one"
    return ""
