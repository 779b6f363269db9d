"""Handle the reports of the mail provider: bounces and complaints."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import structlog
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from django.utils import timezone

from accounts.identity.addresses import normalise_email
from notifications.account_notices import stop_mail
from notifications.vocabulary import DisabledReason

_PERMANENT: Final = (RejectReason.BOUNCED, RejectReason.INVALID)
# The fields in which providers name the kind of a bounce.
_BOUNCE_FIELDS: Final = ("event", "type")

log = structlog.get_logger(__name__)

_listeners: list[Callable[[str, datetime], None]] = []


def on_bounce(listener: Callable[[str, datetime], None]) -> None:
    """Register a listener for addresses that bounced: it is called with the address and the time of the report."""
    _listeners.append(listener)


def receive_report(*, event: AnymailTrackingEvent, esp_name: str, **_: Any) -> None:
    """Switch mail to the address off if the provider says so for good.

    A repeated report changes nothing, nor does one of a mail that was sent before the address was proven.
    """
    reason = _reason_of(event)
    if reason is not None and event.recipient:
        log.info("mail reported", provider=esp_name, reason=reason)
        address, reported_at = normalise_email(event.recipient), _reported_at(event)
        stop_mail(address=address, reason=reason, reported_at=reported_at)
        if reason == DisabledReason.BOUNCED:
            for listener in _listeners:
                listener(address, reported_at)


def _reported_at(event: AnymailTrackingEvent) -> datetime:
    """Return the time of the bounce or complaint, in UTC where no zone is named; now if the provider gives none."""
    at, now = event.timestamp, timezone.now()
    return now if at is None else min(at if at.tzinfo else at.replace(tzinfo=UTC), now)


def _reason_of(event: AnymailTrackingEvent) -> DisabledReason | None:
    if event.event_type == EventType.COMPLAINED:
        return DisabledReason.COMPLAINED
    is_returned = event.event_type in (EventType.BOUNCED, EventType.REJECTED) and event.reject_reason in _PERMANENT
    return DisabledReason.BOUNCED if is_returned and not _is_soft(event.esp_event) else None


def _is_soft(report: Any) -> bool:
    """Return whether the bounce is temporary, such as that of a full mailbox.

    django-anymail reports the soft bounces of some providers as bounces.
    """
    found = report.items() if isinstance(report, Mapping) else ()
    return any("soft" in str(value).lower() for name, value in found if str(name).lower() in _BOUNCE_FIELDS)
