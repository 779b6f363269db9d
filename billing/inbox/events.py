"""Inbox of webhook events: stored first, processed later and once; after five attempts set aside for staff.

Only this module writes a `ProviderEvent`. Processing queries the provider for the current state, so the order of events
does not matter and processing an event twice has no further effect.
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
from billing.notices import tell_staff_of_dead_letter
from billing.privacy import pseudonyms
from billing.provider_registry import signature_header
from billing.providers.base import Event
from billing.sync import polling
from billing.vocabulary import EventOutcome, EventState, Provider
from maretech.common.text import storable

_STORED_HEADERS: Final = ("Content-Type", "User-Agent")
_ERROR_LENGTH: Final = 2000

log = structlog.get_logger(__name__)


def store(provider: Provider, event: Event, *, body: bytes, headers: Mapping[str, str]) -> UUID | None:
    """Store a verified event. Returns its id, or None for a duplicate."""
    headers_to_store = (*_STORED_HEADERS, signature_header(provider))
    offered = ProviderEvent(
        provider=provider,
        event_id=event.id,
        kind=event.kind,
        about=event.about,
        ref=event.ref,
        verdict=_verdict(event.verdict, EventOutcome.FOREIGN if event.is_foreign else EventOutcome.SYNCED),
        body=body if event.about else b"",  # no code reads the body of an event that we do not handle
        headers={name: storable(headers[name]) for name in headers_to_store if name in headers},
    )
    ProviderEvent.objects.bulk_create([offered], ignore_conflicts=True)
    return offered.pk if ProviderEvent.objects.filter(pk=offered.pk).exists() else None


def process_event(event_id: UUID) -> None:
    """Make one attempt.

    A failed event is due again with growing delays; after the fifth failure it is dead until replayed.

    The attempt is counted before it starts, so that an event that kills its worker also becomes dead.
    """
    event = ProviderEvent.claim(event_id, among=ProviderEvent.unfinished(), give_up=_give_up)
    if event is None:
        return
    try:
        outcome = polling.sync_event(event)
    except Exception as exc:
        log.warning("event failed", event_id=str(event.pk), kind=event.kind, error=type(exc).__name__, exc_info=exc)
        state = EventState.DEAD_LETTER if event.retry.is_used_up(event.attempts) else EventState.WAITING
        _end(event, state=state, error=storable(f"{type(exc).__name__}: {exc}")[:_ERROR_LENGTH])
    else:
        known: dict[str, Any] = {"verdict": _verdict(event.verdict, outcome)} if event.about else {}
        if outcome == EventOutcome.FOREIGN:  # do not keep data about purchases made in other systems
            known |= {"body": b"", "headers": {}}
        _end(event, state=EventState.DONE, error="", done_at=timezone.now(), **known)


def due() -> QuerySet[ProviderEvent]:
    return ProviderEvent.due().order_by("due_at")


def replay(event_id: UUID) -> bool:
    """Queue a done or dead event again with zero attempts. Returns False for an event that is already waiting."""
    again = ProviderEvent.objects.filter(pk=event_id).exclude(state=EventState.WAITING)
    return bool(again.update(state=EventState.WAITING, attempts=0, error="", done_at=None, due_at=timezone.now()))


def _verdict(verified: str, outcome: EventOutcome) -> str:
    """Returns the verification method and the outcome. A replay replaces the outcome instead of appending it."""
    for before in EventOutcome:
        verified = verified.removesuffix(f", {before}")
    return f"{verified}, {outcome}" if outcome else verified


def _give_up(event: ProviderEvent) -> None:
    _end(event, state=EventState.DEAD_LETTER, error=event.error or "No try came to an end.")


@transaction.atomic
def _end(event: ProviderEvent, **values: object) -> None:
    """Record the outcome of an attempt. If the event concerns an erased owner, delete its personal data."""
    if event.update_unless_changed(**values) and values["state"] == EventState.DEAD_LETTER:
        tell_staff_of_dead_letter(event)
    pseudonyms.forget_if_erased(event.pk)


def events_past_retention() -> QuerySet[ProviderEvent]:
    """Returns the events past the retention period. The ledger or the provider has their content by then."""
    horizon = timezone.now() - timedelta(days=settings.RETENTION_WEBHOOK_DAYS)
    return ProviderEvent.objects.filter(received_at__lt=horizon).exclude(body=b"", headers={})


def delete_bodies(events: QuerySet[ProviderEvent]) -> None:
    """Delete the bodies and headers. The event id and its subject stay, so that no event counts twice."""
    events.update(body=b"", headers={})
