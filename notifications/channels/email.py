"""E-mail through Django's mail API: any backend works, a mail server as well as a provider's (django-anymail).

Every mail of the project is composed and sent here.
"""

import smtplib
from contextlib import suppress
from dataclasses import dataclass, field
from email.encoders import encode_base64
from email.mime.base import MIMEBase
from email.mime.nonmultipart import MIMENonMultipart
from email.utils import parseaddr
from typing import Any, Final
from uuid import UUID

from anymail.exceptions import AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string

from notifications.catalogue.attachments import Attachment, attachment_of
from notifications.catalogue.kinds import kind_of
from notifications.channels.outgoing import seconds_to_wait
from notifications.channels.ports import Envelope, OutcomeUnknown, Refused, Unreachable
from notifications.vocabulary import KindName

_ERRORS: Final = (smtplib.SMTPException, OSError)  # a provider's HTTP errors are OSErrors too
_CLIENT_ERRORS: Final = range(400, 500)  # of HTTP: the provider will never accept the mail
_NOT_ACCEPTED: Final = (408, 429, 503)


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail. A reader's mailbox may drop a second one with the same id."""

    id: UUID
    to: tuple[str, ...]
    subject: str
    text: str = field(repr=False)  # it may hold a code
    html: str = field(default="", repr=False)
    attachment: Attachment | None = None


def mail_of(envelope: Envelope, *, to: tuple[str, ...]) -> Mail:
    """Return the mail of a notification as text and HTML."""
    frame = {
        "title": envelope.title,
        "paragraphs": envelope.body.split("\n\n"),
        "is_for_staff": kind_of(envelope.kind).is_for_staff,
    }
    text, html = (render_to_string(f"notifications/{envelope.locale}/mail.{end}", frame) for end in ("txt", "html"))
    attachment = attachment_of(KindName(envelope.kind), envelope.data)
    return Mail(id=envelope.delivery_id, to=to, subject=envelope.title, text=text, html=html, attachment=attachment)


def send_mail(mail: Mail) -> None:
    """Send the mail. Raises `Unreachable`, `Refused` or `OutcomeUnknown`; none of them holds an address.

    The connection is opened first, so that what fails until then was surely not accepted.
    """
    message = _compose(mail)
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


def _compose(mail: Mail) -> EmailMultiAlternatives:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    headers = {"Message-ID": f"<{mail.id}@{domain}>", "Auto-Submitted": "auto-generated"}
    message = EmailMultiAlternatives(
        mail.subject, mail.text, settings.DEFAULT_FROM_EMAIL, list(mail.to), headers=headers
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    if mail.attachment is not None:
        message.attach(_part_of(mail.attachment))
    return message


def _part_of(attachment: Attachment) -> MIMEBase:
    """Return the file as a part of a mail. Django's own drops the parameters of a content type."""
    part = MIMENonMultipart(*attachment.content_type.partition(";")[0].split("/"))
    part.set_payload(attachment.content)
    encode_base64(part)
    part.replace_header("Content-Type", attachment.content_type)
    part.add_header("Content-Disposition", "attachment", filename=attachment.name)
    return part


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
    """Return the error for a mail server's answer: permanent from 500 on. The answer's text may hold an address."""
    return Refused(f"SMTP {code}") if code >= 500 else Unreachable(f"SMTP {code}")


def _of_http(error: Any) -> Exception:
    """Return the error for a provider's HTTP answer, or for a connection that ended without one."""
    status, answer = getattr(error, "status_code", None), getattr(error, "response", None)
    if status in _NOT_ACCEPTED:
        return Unreachable(f"HTTP {status}", retry_after=None if answer is None else seconds_to_wait(answer))
    return Refused(f"HTTP {status}") if status in _CLIENT_ERRORS else OutcomeUnknown(type(error).__name__)
