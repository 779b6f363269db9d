"""Test the wait that `Retry-After` names, and the command that makes a key."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from io import StringIO

import pytest
import requests
import time_machine
from django.core.management import call_command

from notifications.channels.outgoing import require_safe_url, seconds_to_live, seconds_to_wait
from notifications.channels.vapid import Vapid

NOW = datetime(2026, 5, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        (" 120 ", 120.0),
        ("0", 0.0),
        ("9" * 400, 86_400.0),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(NOW - timedelta(hours=1), usegmt=True), 0.0),
        ("Fri, 01 May 2026 10:00:05 -0000", 5.0),
        ("Fri, 01 May 2099 10:00:00 GMT", 86_400.0),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
        ("²", None),
    ],
)
def test_retry_after_is_seconds_or_a_time(header: str, seconds: float | None):
    answer = requests.Response()
    answer.headers["Retry-After"] = header
    with time_machine.travel(NOW, tick=False):
        assert seconds_to_wait(answer) == seconds


def test_without_retry_after_there_is_no_wait():
    assert seconds_to_wait(requests.Response()) is None


@pytest.mark.parametrize(
    ("left", "seconds"),
    [(timedelta(hours=2), 7_200), (timedelta(days=7), 86_400), (timedelta(milliseconds=1), 1), (-timedelta(days=1), 1)],
)
def test_a_push_lives_until_it_is_of_no_use_from_a_second_to_a_day(envelope, left: timedelta, seconds: int):
    with time_machine.travel(NOW, tick=False):
        assert seconds_to_live(replace(envelope, stale_at=NOW + left)) == seconds


@pytest.mark.parametrize(
    "url", ["https://fcm.googleapis.com/", "http://127.0.0.1:1", "http://[::1]:1", "http://localhost:1"]
)
def test_https_and_this_machine_are_safe(url: str):
    assert require_safe_url(url) == url.rstrip("/")


def test_the_command_prints_a_key_that_signs():
    out = StringIO()
    call_command("make_vapid_key", stdout=out)
    comment, line = out.getvalue().splitlines()
    name, _, key = line.partition("=")
    assert name == "VAPID_PRIVATE_KEY"
    assert comment.split()[-1] == Vapid(key, "mailto:push@example.org").public_key
    again = StringIO()
    call_command("make_vapid_key", stdout=again)
    assert again.getvalue() != out.getvalue()
