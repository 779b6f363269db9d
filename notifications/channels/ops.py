"""Notifications for staff: by a chat's webhook if one is set, else by mail."""

from typing import Final

import requests
from django.conf import settings

from notifications.channels.email import mail_of, send_mail
from notifications.channels.outgoing import seconds_to_wait
from notifications.channels.ports import Envelope, OutcomeUnknown, Refused, Unreachable

_TIMEOUT_SECONDS: Final = 10


def is_configured() -> bool:
    return bool(settings.OPS_WEBHOOK_URL or settings.OPS_EMAIL)


def send_to_staff(envelope: Envelope) -> None:
    """Send the message to the chat, or to the mailboxes. Raises `Unreachable`, `Refused` or `OutcomeUnknown`."""
    if settings.OPS_WEBHOOK_URL:
        _post(settings.OPS_WEBHOOK_URL, f"{envelope.title}\n{envelope.body}")
    else:
        send_mail(mail_of(envelope, to=tuple(settings.OPS_EMAIL)))


def _post(url: str, text: str) -> None:
    """Post in the form that Slack, Mattermost and the like accept. The address is a secret: no error names it."""
    try:
        answer = requests.post(url, json={"text": text}, timeout=_TIMEOUT_SECONDS, allow_redirects=False)
    except requests.RequestException as exc:
        raise OutcomeUnknown(type(exc).__name__) from None
    if answer.ok and not answer.is_redirect:
        return
    if answer.status_code == 429 or answer.status_code >= 500:
        raise Unreachable(f"HTTP {answer.status_code}", retry_after=seconds_to_wait(answer))
    raise Refused(f"HTTP {answer.status_code}")
