"""`manage.py verify_data`: after a restore, whether books and photographs are whole."""

from argparse import ArgumentParser
from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand

from billing import verifying as books
from inspections import verifying as photographs
from maretech.common.storage import object_store

SHOWN = 50


class Command(BaseCommand):
    help = (
        "Check that the ledger balances and that every photograph a row claims lies in the object store, with its "
        "bytes, and no other does. Reads all of it. Exits 1 when something is wrong."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--delete-unknown",
            action="store_true",
            help="delete objects that no row accounts for: they came after the backup of the database",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        claimed = list(photographs.claims())
        faults = list(chain(books.faults_of_books(), photographs.faults_of_objects(claimed)))
        unknown = list(photographs.unknown_objects())
        if options["delete_unknown"]:
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
