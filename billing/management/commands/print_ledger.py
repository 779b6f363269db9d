"""`manage.py print_ledger`: print an owner's journal entries and balances."""

from argparse import ArgumentParser
from itertools import groupby
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.identity.addresses import normalise_email
from accounts.models import User
from billing.catalogue.currencies import as_decimal, signed_amount
from billing.ledger.journal import balances_of_owner
from billing.models import LedgerEntry


class Command(BaseCommand):
    help = "Print the journal entries of an owner, oldest first, and the balance of each account."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        owner = User.objects.filter(email=normalise_email(options["email"])).first()
        if owner is None:
            raise CommandError("No owner has this address.")
        entries = LedgerEntry.objects.filter(transaction__owner=owner).select_related("transaction").order_by("pk")
        for transaction, moved in groupby(entries, key=lambda entry: entry.transaction):
            parts = ", ".join(f"{entry.account} {signed_amount(entry.amount, entry.unit)}" for entry in moved)
            self.stdout.write(f"{transaction.booked_at:%Y-%m-%d %H:%M:%S}  {transaction.kind:16} {parts}")
        for unit in sorted({entry.unit for entry in entries}):
            balances = balances_of_owner(owner, unit=unit)
            parts = ", ".join(
                f"{account} {as_decimal(amount, unit):+}" for account, amount in balances.items() if amount
            )
            self.stdout.write(f"balance {unit}: {parts}; sum {as_decimal(sum(balances.values()), unit)}")
