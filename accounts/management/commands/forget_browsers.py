"""`forget_browsers --staff ME --reason WHY`: after a change of the key that signs pushes to browsers."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.errors import ReasonRequired
from accounts.management.lookup import find_staff
from accounts.notifications.devices import forget_browsers
from accounts.staff.audit import record_staff_action


class Command(BaseCommand):
    """Removes every subscription of a browser and records who did so and why.

    A subscription works with one key only, and browsers subscribe again when the app is opened.
    """

    help = "Remove the subscriptions of all browsers, which were made with another VAPID key."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--staff", required=True, help="your own staff e-mail address")
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        staff = find_staff(options["staff"])
        try:
            with transaction.atomic():
                removed = forget_browsers()
                record_staff_action(
                    staff=staff,
                    action="forget_browsers",
                    subject=staff,
                    reason=options["reason"],
                    detail={"removed": removed},
                )
        except ReasonRequired as exc:
            raise CommandError(exc.text) from None
        self.stdout.write(f"{removed} subscriptions removed.")
