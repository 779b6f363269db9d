"""`end_sessions EMAIL --staff ME --reason WHY`: for a lost phone or a stolen account."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.errors import ReasonRequired
from accounts.identity.sessions import end_sessions
from accounts.management.lookup import find_account, find_staff
from accounts.staff.audit import record_staff_action
from accounts.staff.sessions import end_staff_sessions
from accounts.vocabulary import EndReason


class Command(BaseCommand):
    """Ends all sessions of a user at once and records who did so and why."""

    help = "End all sessions of a user."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--staff", required=True, help="your own staff e-mail address")
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        user = find_account(options["email"])
        staff = find_staff(options["staff"])
        try:
            with transaction.atomic():
                ended = end_sessions(user=user, reason=EndReason.ENDED_BY_STAFF) + end_staff_sessions(user=user)
                record_staff_action(
                    staff=staff, action="end_sessions", subject=user, reason=options["reason"], detail={"ended": ended}
                )
        except ReasonRequired as exc:
            raise CommandError(exc.text) from None
        self.stdout.write(f"{ended} sessions ended.")
