"""Test pushes to phones against a Google that verifies the signature, the token and every field of the message."""

import traceback
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from notifications.channels import fcm
from notifications.channels.fcm import FcmSender
from notifications.channels.ports import Envelope, Refused, TargetGone, Unreachable
from testing.fake_push import PROJECT, FakePush, Fault

SEND = f"/v1/projects/{PROJECT}/messages:send"
TIMEOUT = (5.0, 5.0)
NOW = datetime(2026, 5, 1, 10, tzinfo=UTC)


@pytest.fixture
def sender(push: FakePush) -> FcmSender:
    return FcmSender(push.key_file(), PROJECT, push.url, timeout=TIMEOUT)


@pytest.fixture
def token(push: FakePush) -> str:
    return push.fcm.install()


def another(envelope: Envelope) -> Envelope:
    return replace(envelope, delivery_id=uuid4(), body="another")


def test_a_phone_gets_the_text_and_the_ids(push, sender, token, envelope):
    sender.send(envelope, target={"token": token})
    (message,) = push.fcm.sent[token]
    assert message["notification"] == {"title": envelope.title, "body": envelope.body}
    assert message["data"] == {**envelope.data, "kind": "result_ready", "delivery_id": str(envelope.delivery_id)}
    assert message["apns"]["payload"]["aps"]["alert"] == message["notification"]
    assert message["android"]["priority"] == "HIGH"


@pytest.mark.parametrize(("hours", "seconds"), [(2, 7_200), (72, 86_400)])
def test_google_stores_a_push_while_it_is_of_use_and_a_day_at_most(envelope, hours, seconds):
    with time_machine.travel(NOW, tick=False):
        message = fcm._message(replace(envelope, stale_at=NOW + timedelta(hours=hours)), "token")
    assert message["android"]["ttl"] == f"{seconds}s"
    assert message["apns"]["headers"]["apns-expiration"] == str(int(NOW.timestamp()) + seconds)


def test_one_access_token_serves_many_sends(push, sender, token, envelope):
    for _ in range(5):
        sender.send(another(envelope), target={"token": token})
    assert (push.fcm.tokens_issued, len(push.fcm.sent[token])) == (1, 5)


def test_a_token_that_google_revoked_is_replaced(push, sender, token, envelope):
    sender.send(envelope, target={"token": token})
    push.fcm.revoke_access()
    sender.send(another(envelope), target={"token": token})
    assert (push.fcm.tokens_issued, len(push.fcm.sent[token])) == (2, 2)


def test_a_delivery_that_is_repeated_is_shown_once(push, sender, token, envelope):
    push.fail(token, Fault.CUT)
    with pytest.raises(Unreachable):
        sender.send(envelope, target={"token": token})
    sender.send(envelope, target={"token": token})
    sender.send(another(envelope), target={"token": token})
    assert len(push.fcm.sent[token]) == 3
    assert push.fcm.shown(token) == [envelope.body, "another"]


@pytest.mark.parametrize("fault", [Fault.UNREGISTERED, Fault.INVALID_TOKEN])
def test_a_token_that_google_does_not_know_is_gone(push, sender, token, envelope, fault):
    push.fail(token, fault)
    with pytest.raises(TargetGone):
        sender.send(envelope, target={"token": token})


def test_the_token_of_an_app_that_was_removed_is_gone(push, sender, token, envelope):
    push.fcm.uninstall(token)
    for unknown in (token, "never-a-token"):
        with pytest.raises(TargetGone):
            sender.send(envelope, target={"token": unknown})


@pytest.mark.parametrize("fault", [Fault.REJECTED, Fault.WRONG_SENDER, Fault.TOO_LARGE])
def test_a_permanent_error_refuses_the_push_and_ends_no_token(push, sender, token, envelope, fault):
    push.fail(token, fault)
    with pytest.raises(Refused):
        sender.send(envelope, target={"token": token})


def test_a_message_that_is_too_long_is_refused(sender, token, envelope):
    long = replace(envelope, body="x" * 5000)
    with pytest.raises(Refused):
        sender.send(long, target={"token": token})


@pytest.mark.parametrize(
    ("fault", "retry_after"),
    [
        (Fault.LIMITED, 7.0),
        (Fault.LIMITED_SILENTLY, 60.0),
        (Fault.UNAVAILABLE, 30.0),
        (Fault.BROKEN, None),
        (Fault.NOT_ALLOWED, None),
        (Fault.WRONG_PROJECT, None),
        (Fault.NONSENSE, None),
        (Fault.REDIRECT, None),
        (Fault.CUT, None),
    ],
)
def test_an_outage_or_a_configuration_error_is_retried(push, sender, token, envelope, fault, retry_after):
    """A 404 of a wrong project must not end every token."""
    push.fail(token, fault)
    with pytest.raises(Unreachable) as raised:
        sender.send(envelope, target={"token": token})
    assert raised.value.retry_after == retry_after
    sender.send(envelope, target={"token": token})
    assert push.fcm.shown(token) == [envelope.body]
    assert set(push.calls) == {"/token", SEND}


def test_a_server_that_never_answers_times_out(push, token, envelope):
    impatient = FcmSender(push.key_file(), PROJECT, push.url, timeout=(5.0, 0.3))
    push.fail(token, Fault.HANG)
    with pytest.raises(Unreachable, match="ReadTimeout"):
        impatient.send(envelope, target={"token": token})
    assert len(push.fcm.sent[token]) == 1


def test_a_server_that_is_down_is_unreachable(envelope):
    with FakePush() as push:
        sender = FcmSender(push.key_file(), PROJECT, push.url, timeout=TIMEOUT)
    with pytest.raises(Unreachable):
        sender.send(envelope, target={"token": "any"})


def test_an_account_whose_signature_is_wrong_sends_nothing(push, token, envelope):
    with pytest.raises(Unreachable):
        FcmSender(push.key_file("stranger"), PROJECT, push.url, timeout=TIMEOUT).send(envelope, target={"token": token})
    assert (push.fcm.tokens_issued, push.fcm.sent[token]) == (0, [])


def test_an_unknown_project_ends_no_token(push, token, envelope):
    with pytest.raises(Unreachable):
        FcmSender(push.key_file(), "other", push.url, timeout=TIMEOUT).send(envelope, target={"token": token})


@pytest.mark.parametrize(
    "change", [{"tag": "x"}, {"android": {"tag": "x"}}, {"data": {"from": "x"}}, {"data": {"n": 1}}]
)
def test_the_fake_accepts_only_published_fields(push, sender, token, envelope, monkeypatch, change: dict[str, Any]):
    """The control: a field that Google's discovery document lacks would be found."""
    message = fcm._message(envelope, token)
    monkeypatch.setattr(fcm, "_message", lambda *_: {**message, **change})
    with pytest.raises(Refused):
        sender.send(envelope, target={"token": token})


@pytest.mark.parametrize("fault", [*Fault])
def test_no_failure_names_the_token(push, token, envelope, fault):
    impatient = FcmSender(push.key_file(), PROJECT, push.url, timeout=(5.0, 0.3))
    push.fail(token, fault)
    with pytest.raises((Unreachable, Refused, TargetGone)) as raised:
        impatient.send(envelope, target={"token": token})
    logged = "".join(traceback.format_exception(raised.value))
    assert token not in logged
    assert envelope.body not in logged


@pytest.mark.parametrize(
    "url", ["http://fcm.googleapis.com", "http://10.0.0.7", "ftp://127.0.0.1", "fcm.googleapis.com", ""]
)
def test_an_address_without_tls_is_refused(push, url):
    with pytest.raises(ValueError, match="https"):
        FcmSender(push.key_file(), PROJECT, url)
    with pytest.raises(ValueError, match="https"):
        FcmSender({**push.key_file(), "token_uri": url}, PROJECT, push.url)


def test_a_malformed_key_file_is_refused(push):
    for key in ({}, {**push.key_file(), "private_key": "none"}):
        with pytest.raises(ValueError):
            FcmSender(key, PROJECT, push.url)
