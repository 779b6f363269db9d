"""Mails about an account: one attempt each. The rows that request a mail also say when it is due again."""

import uuid

import structlog

from accounts.notifications.port import ChannelUnavailable, Message, MessageRefused, registered_channel

log = structlog.get_logger(__name__)


def send_mail(message: Message, *, row_id: uuid.UUID) -> bool:
    """Send the mail. Returns True if the mail server accepted it; the sweep resends a mail that was not accepted.

    A refusal is retried too: a mail server may refuse now and accept later. The row's deadline ends the retries.
    """
    try:
        registered_channel().deliver(message)
    except (ChannelUnavailable, MessageRefused) as exc:
        log.warning("mail not sent, the sweep will retry", id=str(row_id), kind=message.kind, error=str(exc))
        return False
    return True
