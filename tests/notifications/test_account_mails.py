"""Test the mails that accounts send: their words, their headers, and the errors of the channel."""

import smtplib
from collections.abc import Mapping
from typing import Any

import pytest
from django.core import mail

from accounts.notifications.port import (
    ChannelUnavailable,
    Message,
    MessageKind,
    MessageRefused,
    registered_channel,
)
from tests.mail_server import MailServer

CONTEXTS: Mapping[MessageKind, dict[str, str]] = {
    MessageKind.RESET_CODE: {"code": "123456", "minutes": "10"},
    MessageKind.EMAIL_CODE: {"code": "123456", "minutes": "10"},
    MessageKind.STEP_UP_CODE: {"code": "123456", "minutes": "10"},
    MessageKind.ADDRESS_TAKEN: {},
    MessageKind.ADDRESS_CHANGE_NOTICE: {},
    MessageKind.HANDOVER_CODE_OF_SELLER: {"code": "123456", "until": "2026-05-04 10:00 UTC"},
    MessageKind.HANDOVER_CODE_OF_BUYER: {"code": "123456", "until": "2026-05-04 10:00 UTC"},
    MessageKind.HANDOVER_INVITATION: {"until": "2026-05-04 10:00 UTC"},
    MessageKind.STAFF_LINK: {"link": "https://api.example.org/admin/x/?a=1&b=2", "hours": "24"},
}


def message_of(kind: MessageKind) -> Message:
    return Message(kind, "new@example.org", CONTEXTS[kind])


@pytest.mark.parametrize("kind", MessageKind)
def test_every_mail_has_a_subject_and_the_values_of_its_context(kind: MessageKind) -> None:
    registered_channel().deliver(message_of(kind))
    (sent,) = mail.outbox
    assert sent.to == ["new@example.org"]
    assert sent.subject.startswith("Your ")
    assert [value for value in CONTEXTS[kind].values() if value not in sent.body] == []
    assert "{" not in sent.subject + str(sent.body)


def test_a_mail_has_the_sender_and_headers_of_every_mail(settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Maretech <no-reply@maretech.example>"
    registered_channel().deliver(message_of(MessageKind.RESET_CODE))
    (sent,) = mail.outbox
    assert sent.from_email == "Maretech <no-reply@maretech.example>"
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
    assert sent.extra_headers["Message-ID"].endswith("@maretech.example>")


def test_a_second_mail_has_another_message_id() -> None:
    """A mailbox may drop a mail with a known id, and the second mail holds another code."""
    for _ in range(2):
        registered_channel().deliver(message_of(MessageKind.RESET_CODE))
    first, second = (sent.extra_headers["Message-ID"] for sent in mail.outbox)
    assert first != second


@pytest.mark.parametrize(
    ("point", "failure", "expected", "text"),
    [
        ("opens", ConnectionRefusedError(), ChannelUnavailable, "ConnectionRefusedError"),
        ("before", smtplib.SMTPDataError(451, b"later"), ChannelUnavailable, "SMTP 451"),
        ("before", smtplib.SMTPServerDisconnected("gone"), ChannelUnavailable, "SMTPServerDisconnected"),
        ("after", TimeoutError(), ChannelUnavailable, "TimeoutError"),
        (
            "before",
            smtplib.SMTPRecipientsRefused({"new@example.org": (550, b"new@example.org?")}),
            MessageRefused,
            "SMTP 550",
        ),
    ],
)
def test_an_error_of_the_mail_server_is_one_of_the_port(
    mail_server: type[MailServer], point: str, failure: Exception, expected: type[Exception], text: str
) -> None:
    setattr(mail_server, point, failure)
    with pytest.raises(expected) as caught:
        registered_channel().deliver(message_of(MessageKind.EMAIL_CODE))
    assert str(caught.value) == text


def test_the_representation_of_a_message_holds_no_code() -> None:
    assert "123456" not in repr(message_of(MessageKind.RESET_CODE))
