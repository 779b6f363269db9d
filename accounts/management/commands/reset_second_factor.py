"""`reset_second_factor EMAIL --staff ME --reason WHY`: for a colleague who lost the phone and the recovery codes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.errors import ReasonRequired
from accounts.management.lookup import find_account, find_staff
from accounts.staff.second_factor import reset_second_factor


class Command(BaseCommand):
    """Removes a colleague's second factor, signs them out, and records who did so and why."""

    help = "Remove the second factor of a member of staff, who must then set up a new one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--staff", required=True, help="your own staff e-mail address")
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        user = find_account(options["email"])
        try:
            reset_second_factor(user=user, staff=find_staff(options["staff"]), reason=options["reason"])
        except ReasonRequired as exc:
            raise CommandError(exc.text) from None
        self.stdout.write(f"{user.email} has no second factor now and is signed out of the admin.")
