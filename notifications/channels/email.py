"""E-mail through Django's mail API: any backend works, a mail server as well as a provider's (django-anymail)."""

import smtplib
from contextlib import suppress
from email.utils import parseaddr
from typing import Any, Final

from anymail.exceptions import AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string

from notifications.channels.outgoing import seconds_to_wait
from notifications.channels.ports import Envelope, OutcomeUnknown, Refused, Unreachable
from notifications.kinds import kind_of

_ERRORS: Final = (smtplib.SMTPException, OSError)  # a provider's HTTP errors are OSErrors too
_TOO_MANY: Final = 429
_FOR_GOOD: Final = range(400, 500)  # of HTTP; a mail server's are from 500 on
_NOT_ACCEPTED: Final = (408, _TOO_MANY, 503)


def send_mail(envelope: Envelope, *, to: tuple[str, ...]) -> None:
    """Send the mail as text and HTML. Raises `Unreachable`, `Refused` or `OutcomeUnknown`.

    The connection is opened first, so that what fails until then was surely not accepted.
    """
    message = compose(envelope, to=to)
    connection = get_connection()
    try:
        connection.open()
    except _ERRORS as exc:
        raise Unreachable(type(exc).__name__) from exc
    message.connection = connection
    try:
        _hand_over(message)
    finally:
        with suppress(*_ERRORS):  # the mail is accepted or refused by then
            connection.close()


def compose(envelope: Envelope, *, to: tuple[str, ...]) -> EmailMultiAlternatives:
    """Return the mail. Its Message-ID is the delivery's, by which a reader's mailbox may drop a second one."""
    frame = {
        "title": envelope.title,
        "paragraphs": envelope.body.split("\n\n"),
        "is_for_staff": kind_of(envelope.kind).is_for_staff,
    }
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    message = EmailMultiAlternatives(
        envelope.title,
        render_to_string(f"notifications/{envelope.locale}/mail.txt", frame),
        settings.DEFAULT_FROM_EMAIL,
        list(to),
        headers={"Message-ID": f"<{envelope.delivery_id}@{domain}>", "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(render_to_string(f"notifications/{envelope.locale}/mail.html", frame), "text/html")
    return message


def _hand_over(message: EmailMultiAlternatives) -> None:
    try:
        accepted = message.send()
    except smtplib.SMTPRecipientsRefused as exc:
        codes = [code for code, _ in exc.recipients.values()]
        raise _answered(max(codes, default=550)) from exc
    except smtplib.SMTPResponseException as exc:
        raise _answered(exc.smtp_code) from exc
    except AnymailRecipientsRefused as exc:
        raise Refused("no recipient") from exc
    except _ERRORS as exc:
        raise _of_http(exc) from exc
    if not accepted:
        raise Refused("no recipient")


def _answered(code: int) -> Exception:
    """Return the error for a mail server's answer: from 500 on it is for good. The text may hold an address."""
    return Refused(f"SMTP {code}") if code >= 500 else Unreachable(f"SMTP {code}")


def _of_http(error: Any) -> Exception:
    """Return the error for a provider's HTTP answer, or for a connection that ended without one."""
    status, answer = getattr(error, "status_code", None), getattr(error, "response", None)
    if status in _NOT_ACCEPTED:
        return Unreachable(f"HTTP {status}", retry_after=None if answer is None else seconds_to_wait(answer))
    return Refused(f"HTTP {status}") if status in _FOR_GOOD else OutcomeUnknown(type(error).__name__)
