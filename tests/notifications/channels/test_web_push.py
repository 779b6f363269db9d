"""Test pushes to browsers against a service that verifies who sends, and browsers that decrypt what they get."""

import traceback
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import jwt
import pytest
import time_machine
from cryptography.exceptions import InvalidTag

from notifications.channels.ports import Envelope, Refused, TargetGone, Unreachable
from notifications.channels.vapid import Vapid, make_vapid_key
from notifications.channels.web_push import WebPushSender
from testing.fake_push import Browser, FakePush, Fault
from testing.fake_push.browser import decrypt

SUBJECT = "mailto:push@example.org"
KEY, PUBLIC_KEY = make_vapid_key()
NOW = datetime(2026, 5, 1, 10, tzinfo=UTC)


@pytest.fixture
def sender(push: FakePush) -> WebPushSender:
    return WebPushSender(KEY, SUBJECT, [push.url], timeout=(5.0, 5.0))


@pytest.fixture
def browser(push: FakePush) -> Browser:
    return push.subscribe(application_server_key=PUBLIC_KEY)


def test_a_browser_reads_the_text_and_the_ids(sender, browser, envelope):
    sender.send(envelope, target=browser.target)
    assert browser.messages() == [
        {
            "delivery_id": str(envelope.delivery_id),
            "kind": "result_ready",
            "title": envelope.title,
            "body": envelope.body,
            "data": envelope.data,
            "locale": "de",
        }
    ]


def test_another_browser_cannot_read_it(push, sender, browser, envelope):
    sender.send(envelope, target=browser.target)
    other = push.subscribe()
    (taken,) = browser.pushes
    assert envelope.title.encode() not in taken.body
    for key, auth in ((other.key, browser.auth), (browser.key, other.auth)):
        with pytest.raises(InvalidTag):
            decrypt(taken.body, key=key, auth=auth)


def test_no_two_messages_share_a_key_or_a_salt(sender, browser, envelope):
    for _ in range(3):
        sender.send(envelope, target=browser.target)
    assert (
        len({taken.body[:16] for taken in browser.pushes}) == len({taken.body[21:86] for taken in browser.pushes}) == 3
    )


def test_a_delivery_that_is_repeated_replaces_the_first(push, sender, browser, envelope):
    push.fail(browser.endpoint, Fault.CUT)
    with pytest.raises(Unreachable):
        sender.send(envelope, target=browser.target)
    sender.send(envelope, target=browser.target)
    sender.send(replace(envelope, delivery_id=uuid4(), body="another"), target=browser.target)
    assert len(browser.pushes) == 3
    assert browser.shown() == [envelope.body, "another"]


@pytest.mark.parametrize(("hours", "seconds"), [(2, 7_200), (72, 86_400)])
def test_the_service_stores_a_push_while_it_is_of_use_and_a_day_at_most(sender, browser, envelope, hours, seconds):
    with time_machine.travel(NOW, tick=False):
        sender.send(replace(envelope, stale_at=NOW + timedelta(hours=hours)), target=browser.target)
    assert browser.pushes[0].headers["ttl"] == str(seconds)


def test_one_signature_serves_many_sends_for_half_a_day(push, sender, browser, envelope):
    now = datetime.now(UTC)
    for hours in (0, 1, 10):
        with time_machine.travel(now + timedelta(hours=hours)):
            sender.send(envelope, target=browser.target)
    assert len(set(push.web.tokens)) == 1
    with time_machine.travel(now + timedelta(hours=11, minutes=30)):
        sender.send(envelope, target=browser.target)
    assert len(set(push.web.tokens)) == 2


def test_each_service_gets_a_signature_of_its_own():
    vapid = Vapid(KEY, SUBJECT)
    audiences = []
    for host in ("fcm.googleapis.com", "web.push.apple.com", "fcm.googleapis.com"):
        token = vapid.authorization(f"https://{host}/x").split("=")[1].removesuffix(", k")
        audiences.append(jwt.decode(token, options={"verify_signature": False})["aud"])
    assert audiences == ["https://fcm.googleapis.com", "https://web.push.apple.com", "https://fcm.googleapis.com"]


@pytest.mark.parametrize("fault", [Fault.UNREGISTERED, Fault.INVALID_TOKEN])
def test_a_subscription_that_the_service_does_not_know_is_gone(push, sender, browser, envelope, fault):
    push.fail(browser.endpoint, fault)
    with pytest.raises(TargetGone):
        sender.send(envelope, target=browser.target)


def test_a_subscription_that_has_ended_is_gone(sender, browser, envelope):
    browser.unsubscribe()
    with pytest.raises(TargetGone):
        sender.send(envelope, target=browser.target)


@pytest.mark.parametrize("fault", [Fault.REJECTED, Fault.TOO_LARGE])
def test_a_permanent_error_refuses_the_push(push, sender, browser, envelope, fault):
    push.fail(browser.endpoint, fault)
    with pytest.raises(Refused):
        sender.send(envelope, target=browser.target)


def test_the_longest_message_arrives_and_a_longer_one_is_refused(sender, browser, envelope):
    def sized(length: int) -> Envelope:
        return replace(envelope, delivery_id=uuid4(), title="", body="x" * length)

    sender.send(sized(0), target=browser.target)
    most = 4096 - len(browser.pushes[0].body)
    sender.send(sized(most), target=browser.target)
    assert len(browser.pushes[1].body) == 4096
    assert browser.messages()[1]["body"] == "x" * most
    with pytest.raises(Refused):
        sender.send(sized(most + 1), target=browser.target)


@pytest.mark.parametrize(
    ("fault", "retry_after"),
    [
        (Fault.LIMITED, 7.0),
        (Fault.LIMITED_SILENTLY, None),
        (Fault.UNAVAILABLE, 30.0),
        (Fault.BROKEN, None),
        (Fault.NOT_ALLOWED, None),
        (Fault.WRONG_SENDER, None),
        (Fault.NONSENSE, None),
        (Fault.CUT, None),
        (Fault.REDIRECT, None),
    ],
)
def test_an_outage_or_a_configuration_error_is_retried(push, sender, browser, envelope, fault, retry_after):
    push.fail(browser.endpoint, fault)
    with pytest.raises(Unreachable) as raised:
        sender.send(envelope, target=browser.target)
    assert raised.value.retry_after == retry_after
    sender.send(envelope, target=browser.target)
    assert browser.shown() == [envelope.body]
    assert "/elsewhere" not in push.calls


def test_a_service_that_never_answers_times_out(push, browser, envelope):
    push.fail(browser.endpoint, Fault.HANG)
    with pytest.raises(Unreachable, match="ReadTimeout"):
        WebPushSender(KEY, SUBJECT, [push.url], timeout=(5.0, 0.3)).send(envelope, target=browser.target)
    assert len(browser.pushes) == 1


def test_a_service_that_is_down_is_unreachable(envelope):
    with FakePush() as push:
        browser = push.subscribe()
    with pytest.raises(Unreachable):
        WebPushSender(KEY, SUBJECT, [push.url]).send(envelope, target=browser.target)


def test_a_foreign_key_sends_nothing(push, browser, envelope):
    with pytest.raises(Unreachable):
        WebPushSender(make_vapid_key()[0], SUBJECT, [push.url]).send(envelope, target=browser.target)
    assert browser.pushes == []


@pytest.mark.parametrize(
    "wrong",
    [{"aud": "https://elsewhere.example"}, {"exp": 1}, {"exp": 4_102_444_800}, {"sub": "somebody"}],
    ids=str,
)
def test_the_fake_refuses_a_signature_with_wrong_claims(push, sender, browser, envelope, monkeypatch, wrong):
    """The control: audience, end and contact are verified."""
    sign = jwt.encode
    monkeypatch.setattr(
        "notifications.channels.vapid.jwt.encode",
        lambda claims, *rest, **more: sign({**claims, **wrong}, *rest, **more),
    )
    with pytest.raises(Unreachable, match="HTTP 401"):
        sender.send(envelope, target=browser.target)
    assert browser.pushes == []


@pytest.mark.parametrize("services", [[], ["fcm.googleapis.com"], ["*"]])
def test_an_address_off_the_list_is_not_called(push, browser, envelope, services):
    with pytest.raises(Refused):
        WebPushSender(KEY, SUBJECT, services).send(envelope, target=browser.target)
    assert push.calls == []


def test_invalid_keys_are_refused(push, sender, browser, envelope):
    for wrong in ({"p256dh": "AAAA"}, {"p256dh": "?"}, {"auth": "="}):
        with pytest.raises(Refused):
            sender.send(envelope, target={**browser.target, **wrong})
    assert push.calls == []


@pytest.mark.parametrize("fault", [*Fault])
def test_no_failure_names_the_endpoint(push, browser, envelope, fault):
    impatient = WebPushSender(KEY, SUBJECT, [push.url], timeout=(5.0, 0.3))
    push.fail(browser.endpoint, fault)
    with pytest.raises((Unreachable, Refused, TargetGone)) as raised:
        impatient.send(envelope, target=browser.target)
    logged = "".join(traceback.format_exception(raised.value))
    assert browser.endpoint.rpartition("/")[2] not in logged


@pytest.mark.parametrize(
    "key", ["", "guessable", KEY[:-2], "A" * 43, "?" * 43], ids=["empty", "a word", "cut", "zero", "no base64"]
)
def test_a_malformed_key_is_refused(key):
    with pytest.raises(ValueError):
        Vapid(key, SUBJECT)


@pytest.mark.parametrize("subject", ["", "push@example.org", "http://example.org"])
def test_a_subject_that_is_no_contact_is_refused(subject):
    with pytest.raises(ValueError, match="contact"):
        Vapid(KEY, subject)
