"""`erase_account EMAIL|ID --staff ME --reason WHY`, or `--dry-run`; `erase_account --receipt ID`."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.errors import ReasonRequired
from accounts.management.lookup import find_account, find_staff
from accounts.models import Erasure
from accounts.privacy.erasure import count_data, erase_account, subject_of
from accounts.privacy.erasure_requests import order_erasure
from accounts.privacy.register import Counts


class Command(BaseCommand):
    """Erases an account and all its data permanently, and prints the receipt.

    With `--dry-run` it only prints what it would erase; with `--receipt` it shows what was erased.
    """

    help = "Erase an account and all its data."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("account", nargs="?", help="its e-mail address or its id")
        parser.add_argument("--staff", help="your own staff e-mail address")
        parser.add_argument("--reason")
        parser.add_argument("--dry-run", action="store_true", help="only count what would be erased")
        parser.add_argument("--receipt", type=UUID, help="show the receipt of an erasure")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["receipt"]:
            self._show(options["receipt"])
        elif not options["account"]:
            raise CommandError("Name the account by its e-mail address or its id.")
        elif options["dry_run"]:
            self._print(count_data(subject_of(find_account(options["account"]))))
        else:
            self._erase(**options)

    def _erase(self, *, staff: str | None, reason: str | None, **options: Any) -> None:
        if not staff:
            raise CommandError("Name yourself: --staff YOUR_EMAIL.")
        user, colleague = find_account(options["account"]), find_staff(staff)
        try:
            erasure = order_erasure(user=user, staff=colleague, reason=reason or "")
        except ReasonRequired as exc:
            raise CommandError(exc.text) from None
        erase_account(erasure.pk)
        self._show(erasure.pk)

    def _show(self, receipt: UUID) -> None:
        try:
            erasure = Erasure.objects.get(pk=receipt)
        except Erasure.DoesNotExist:
            raise CommandError(f"There is no such receipt: {receipt}") from None
        self.stdout.write(f"receipt   {erasure.pk}")
        self.stdout.write(f"account   {erasure.user_id}")
        self.stdout.write(f"requested {erasure.requested_at:%Y-%m-%d %H:%M:%S} UTC by {erasure.asked_by}")
        done = f"{erasure.done_at:%Y-%m-%d %H:%M:%S} UTC" if erasure.done_at else "not yet; the worker retries it"
        self.stdout.write(f"done      {done}")
        self._print(erasure.counts or {})

    def _print(self, counts: dict[str, Counts]) -> None:
        for app, found in counts.items():
            for what, count in found.items():
                self.stdout.write(f"{count:8} {app}: {what}")
