"""`replay_events ID … | --dead --provider P --since T --staff ME --reason WHY`: replay events after a fix."""

import uuid
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet

from accounts.identity.addresses import normalise_email
from accounts.models import User
from billing.inbox.replay import replay
from billing.models import ProviderEvent
from billing.vocabulary import EventState, Provider


class Command(BaseCommand):
    """Replay webhook events, oldest first; skip events that are already waiting."""

    help = "Process webhook events again: by id, or all dead letters, filtered by provider and time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("event_ids", nargs="*", metavar="event_id", type=_uuid)
        parser.add_argument("--dead", action="store_true", help="only dead letters")
        parser.add_argument("--provider", choices=Provider.values())
        parser.add_argument("--since", type=_time, help="received since then: 2026-05-03 or 2026-05-03T12:00, in UTC")
        parser.add_argument("--staff", default="", help="your own staff e-mail address")
        parser.add_argument("--reason", default="")
        parser.add_argument("--dry-run", action="store_true", help="list the events and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        staff = None if options["dry_run"] else _staff(options["staff"], options["reason"])
        found = list(_chosen(options).defer("body"))
        done = [event for event in found if staff is None or replay(event.pk, staff=staff, reason=options["reason"])]
        for event in done:
            self.stdout.write(f"{event.pk}  {event}  was {event.state}: {event.error or 'no error'}")
        self.stdout.write(f"{len(done)} event(s) {'would be' if staff is None else 'will be'} processed again")
        missing = set(options["event_ids"]) - {event.pk for event in found}
        if missing:
            listed = "\n  ".join(sorted(map(str, missing)))
            raise CommandError(f"These events are already waiting, or do not exist:\n  {listed}")


def _chosen(options: dict[str, Any]) -> QuerySet[ProviderEvent]:
    conditions = {
        "pk__in": options["event_ids"],
        "state": EventState.DEAD_LETTER if options["dead"] else None,
        "provider": options["provider"],
        "received_at__gte": options["since"],
    }
    named = {name: value for name, value in conditions.items() if value}
    if not named:
        raise CommandError("Name the events: give ids, --dead, --provider or --since.")
    return ProviderEvent.objects.exclude(state=EventState.WAITING).filter(**named).order_by("received_at", "pk")


def _staff(email: str, reason: str) -> User:
    staff = User.objects.active_staff().filter(email=normalise_email(email)).first()
    if staff is None or not reason.strip():
        raise CommandError("There is no such member of staff, or no reason: give --staff (your address) and --reason.")
    return staff


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise CommandError(f"{text} is not the id of an event.") from None


def _time(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text} is not a time.") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
