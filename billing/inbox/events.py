"""Events of providers: kept first, dealt with later and once; after five tries put aside for staff.

Only this module writes a `ProviderEvent`. What an event is about is asked of the provider again, so that the order in
which events come means nothing, and dealing with one twice does nothing more.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from billing.models import ProviderEvent
from billing.privacy import pseudonyms
from billing.providers.base import Event
from billing.sync import polling
from billing.vocabulary import EventState, Outcome, Provider
from maretech.common.text import storable

TRIES: Final = 5
_FIRST_WAIT_SECONDS: Final = 15
_KEPT_HEADERS: Final = ("Content-Type", "User-Agent", "Stripe-Signature")
_ERROR_LENGTH: Final = 2000

log = structlog.get_logger(__name__)


def keep(provider: Provider, event: Event, *, body: bytes, headers: Mapping[str, str]) -> UUID | None:
    """Write a verified event down; returns its id, or None for one that is here already."""
    offered = ProviderEvent(
        provider=provider,
        event_id=event.id,
        kind=event.kind,
        about=event.about,
        ref=event.ref,
        verdict=_verdict(event.verdict, Outcome.FOREIGN if event.is_foreign else Outcome.FOLLOWED),
        body=body if event.about else b"",  # nobody ever looks at what we do not handle
        headers={name: storable(headers[name]) for name in _KEPT_HEADERS if name in headers},
        due_at=timezone.now(),
    )
    ProviderEvent.objects.bulk_create([offered], ignore_conflicts=True)
    return offered.pk if ProviderEvent.objects.filter(pk=offered.pk).exists() else None


def process_event(event_id: UUID) -> None:
    """Try once. What fails is due again, later each time; after the fifth time it is dead until staff replay it.

    The try is counted before it is made, so that an event that kills its worker is put aside as well.
    """
    event = ProviderEvent.objects.filter(pk=event_id, state=EventState.WAITING).first()
    if event is None:
        return
    if event.attempts >= TRIES:
        _end(event, state=EventState.DEAD, error=event.error or "No try came to an end.")
        return
    wait = timedelta(seconds=_FIRST_WAIT_SECONDS * 4**event.attempts)
    if not _change(event, attempts=event.attempts + 1, due_at=timezone.now() + wait):
        return
    event.attempts += 1
    try:
        outcome = polling.follow_event(event)
    except Exception as exc:
        log.warning("event failed", event_id=str(event.pk), kind=event.kind, error=type(exc).__name__, exc_info=exc)
        state = EventState.DEAD if event.attempts >= TRIES else EventState.WAITING
        _end(event, state=state, error=storable(f"{type(exc).__name__}: {exc}")[:_ERROR_LENGTH])
    else:
        known: dict[str, Any] = {"verdict": _verdict(event.verdict, outcome)} if event.about else {}
        if outcome == Outcome.FOREIGN:  # what somebody bought elsewhere is not ours to keep
            known |= {"body": b"", "headers": {}}
        _end(event, state=EventState.DONE, error="", done_at=timezone.now(), **known)


def due() -> QuerySet[ProviderEvent]:
    return ProviderEvent.objects.filter(state=EventState.WAITING, due_at__lte=timezone.now()).order_by("due_at")


def replay(event_id: UUID) -> bool:
    """Have an event that is done or dead dealt with again, from the first try; False for one that waits already."""
    again = ProviderEvent.objects.filter(pk=event_id).exclude(state=EventState.WAITING)
    return bool(again.update(state=EventState.WAITING, attempts=0, error="", done_at=None, due_at=timezone.now()))


def _verdict(verified: str, outcome: Outcome) -> str:
    """How it was verified, and what came of it, said once however often it is replayed."""
    for before in Outcome:
        verified = verified.removesuffix(f", {before}")
    return f"{verified}, {outcome}" if outcome else verified


@transaction.atomic
def _end(event: ProviderEvent, **values: object) -> None:
    """How the try ended; with it goes what must not come back of somebody who was erased."""
    _change(event, **values)
    pseudonyms.forget_if_erased(event.pk)


def _change(event: ProviderEvent, **values: object) -> bool:
    """Only from the state that was read: another process may have been quicker, and both did the same."""
    same = ProviderEvent.objects.filter(pk=event.pk, state=EventState.WAITING, attempts=event.attempts)
    return bool(same.update(**values))


def with_bodies_kept_too_long() -> QuerySet[ProviderEvent]:
    """What was said a while ago is in the books by now, or with its provider."""
    horizon = timezone.now() - timedelta(days=settings.RETENTION_WEBHOOK_DAYS)
    return ProviderEvent.objects.filter(received_at__lt=horizon).exclude(body=b"", headers={})


def drop_bodies(events: QuerySet[ProviderEvent]) -> None:
    """That they came, and what about, is kept for good: no event counts twice."""
    events.update(body=b"", headers={})
