"""Test one attempt to mail: what a row learns of it, and what the log says."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from accounts.notifications.mail import send_mail
from accounts.notifications.port import (
    ChannelUnavailable,
    Message,
    MessageKind,
    MessageRefused,
    register_channel,
    registered_channel,
)

MESSAGE = Message(MessageKind.RESET_CODE, "skipper@example.org", {"code": "123456"})


class FakeChannel:
    def __init__(self, failure: Exception | None) -> None:
        self.failure = failure
        self.delivered: list[Message] = []

    def deliver(self, message: Message) -> None:
        if self.failure is not None:
            raise self.failure
        self.delivered.append(message)


@pytest.fixture(autouse=True)
def _own_channel() -> Iterator[None]:
    original = registered_channel()
    yield
    register_channel(original)


def test_an_accepted_mail_is_sent_once() -> None:
    channel = FakeChannel(None)
    register_channel(channel)
    assert send_mail(MESSAGE, row_id=uuid4())
    assert channel.delivered == [MESSAGE]


@pytest.mark.parametrize("failure", [ChannelUnavailable("SMTP 451"), MessageRefused("SMTP 550")])
def test_a_mail_that_was_not_accepted_is_logged_without_address_and_code(failure: Exception) -> None:
    register_channel(FakeChannel(failure))
    row_id = uuid4()
    with capture_logs() as lines:
        assert not send_mail(MESSAGE, row_id=row_id)
    (line,) = lines
    assert (line["id"], line["kind"], line["error"]) == (str(row_id), "reset_code", str(failure))
    assert "123456" not in str(line)
    assert "skipper" not in str(line)


def test_an_unexpected_error_is_raised() -> None:
    register_channel(FakeChannel(RuntimeError("a bug")))
    with pytest.raises(RuntimeError):
        send_mail(MESSAGE, row_id=uuid4())
