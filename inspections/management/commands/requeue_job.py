"""`requeue_job ID … --staff ME --reason WHY`: re-queue many inspections after an outage."""

import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.errors import ReasonRequired
from accounts.management.lookup import find_staff
from accounts.models import User
from inspections.lifecycle.transitions import TransitionRefused
from inspections.models import Inspection
from inspections.support.requeue import requeue


class Command(BaseCommand):
    """Re-queues technical failures one by one; reports those that cannot be re-queued and continues."""

    help = "Queue the failed jobs of these inspections again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("inspection_ids", nargs="+", metavar="inspection_id")
        parser.add_argument("--staff", required=True, help="your own staff e-mail address")
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        staff = find_staff(options["staff"])
        refused = [
            f"{text}: {why}"
            for text in options["inspection_ids"]
            if (why := self._requeue(staff, text, options["reason"])) is not None
        ]
        if refused:
            raise CommandError("Not queued again:\n  " + "\n  ".join(refused))

    def _requeue(self, staff: User, text: str, reason: str) -> str | None:
        """Returns why the job was not re-queued; None if it was."""
        inspection = Inspection.objects.filter(pk=pk).first() if (pk := _uuid(text)) else None
        if inspection is None:
            return "There is no such inspection."
        try:
            requeue(staff=staff, inspection=inspection, reason=reason)
        except (TransitionRefused, ReasonRequired) as exc:
            return str(exc)
        self.stdout.write(f"{text}: queued again")
        return None


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
