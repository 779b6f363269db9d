"""What a mail provider reports of a mail: that its address does not exist, or that its reader does not want it."""

from typing import Any, Final

import structlog
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason

from accounts.identity.addresses import normalise_email
from notifications.account_notices import stop_mail
from notifications.vocabulary import DisabledReason

# A full mailbox, or a server that does not answer, says nothing about the address.
_FOR_GOOD: Final = (RejectReason.BOUNCED, RejectReason.INVALID)

log = structlog.get_logger(__name__)


def receive_report(*, event: AnymailTrackingEvent, esp_name: str, **_: Any) -> None:
    """Switch mail to the address off if the provider says so for good. A repeated report changes nothing."""
    reason = _reason_of(event)
    if reason is not None and event.recipient:
        log.info("mail reported", provider=esp_name, reason=reason)
        stop_mail(address=normalise_email(event.recipient), reason=reason)


def _reason_of(event: AnymailTrackingEvent) -> DisabledReason | None:
    if event.event_type == EventType.COMPLAINED:
        return DisabledReason.COMPLAINED
    if event.event_type == EventType.BOUNCED and event.reject_reason in _FOR_GOOD:
        return DisabledReason.BOUNCED
    return None
