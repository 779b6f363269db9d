"""Notices about the account itself: security events, and mail that is switched off."""

import uuid
from datetime import datetime

from django.db import transaction

from accounts.vocabulary import SecurityEvent
from notifications.notify import notify
from notifications.recipients.preferences import disable_email
from notifications.vocabulary import DisabledReason, KindName


def notify_of_security_event(*, user_id: uuid.UUID, event: SecurityEvent, event_id: uuid.UUID) -> None:
    """Notify the owner of a security event of the account, in the event's transaction."""
    notify(
        kind=KindName.SECURITY,
        recipient=user_id,
        event_key=f"security:{event}:{event_id}",
        data={},
        variant=event,
    )


@transaction.atomic
def stop_mail(*, address: str, reason: DisabledReason, reported_at: datetime) -> None:
    """Switch mail to this address off, and notify the account that has it, once, in the app."""
    user_id = disable_email(address=address, reason=reason, reported_at=reported_at)
    if user_id is not None:
        notify(
            kind=KindName.EMAIL_SWITCHED_OFF,
            recipient=user_id,
            event_key=f"email_switched_off:{uuid.uuid4()}",
            data={},
        )
