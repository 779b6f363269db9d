"""`export_account EMAIL|ID --out DIR --staff ME --reason WHY`: for an owner who cannot request it in the app."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.errors import ReasonRequired
from accounts.management.lookup import find_account, find_staff
from accounts.privacy.export import write_archive
from accounts.staff.audit import record_staff_action


class Command(BaseCommand):
    """Writes the owner's data into a ZIP, and records who did so and why."""

    help = "Write the data of an owner into a ZIP."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("account", help="its e-mail address or its id")
        parser.add_argument("--out", type=Path, required=True, help="the folder for the ZIP")
        parser.add_argument("--staff", required=True, help="your own staff e-mail address")
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        user, staff = find_account(options["account"]), find_staff(options["staff"])
        try:
            record_staff_action(staff=staff, action="export_account", subject=user, reason=options["reason"])
        except ReasonRequired as exc:
            raise CommandError(exc.text) from None
        path = options["out"] / f"maretech-{user.pk}.zip"
        path.touch(mode=0o600)  # readable only by the owner of the process, regardless of the umask
        with path.open("wb") as file:
            write_archive(user, file)
        self.stdout.write(str(path))
