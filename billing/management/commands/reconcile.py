"""`manage.py reconcile`: compare a provider's records of one day with our ledger."""

from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from billing.catalogue.currencies import money
from billing.errors import ProviderNotSetUp
from billing.providers.base import ProviderUnavailable
from billing.reconciliation import reconcile
from billing.reconciliation.days import comparable_providers
from billing.vocabulary import Provider
from maretech.common.http.errors import ServiceUnavailable


class Command(BaseCommand):
    help = "Compare a provider's records of one day (UTC) with the ledger. Exits with 1 while a difference is open."

    def add_arguments(self, parser: ArgumentParser) -> None:
        choices = [each.value for each in comparable_providers()]
        parser.add_argument("--provider", choices=choices, default=choices[0], help=f"default: {choices[0]}")
        yesterday = timezone.now().date() - timedelta(days=1)
        parser.add_argument("--day", type=date.fromisoformat, default=yesterday, help="YYYY-MM-DD; default: yesterday")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = list(reconcile(Provider(options["provider"]), options["day"]))
        except ProviderNotSetUp as error:
            raise CommandError(f"{error} is not set up here: docs/going-live.md names its settings.") from error
        except (ProviderUnavailable, ServiceUnavailable) as error:
            raise CommandError(f"The provider did not answer: {error}") from error
        for row in found:
            amounts = f"here {money(row.expected_minor, row.currency)}, there {money(row.found_minor, row.currency)}"
            self.stdout.write(f"{row.kind:14} {row.ref:32} {amounts:36} {row.detail}")
        self.stdout.write(f"{options['provider']} {options['day']}: {len(found)} open differences")
        if found:
            raise SystemExit(1)
