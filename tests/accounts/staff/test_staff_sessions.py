"""Test cookie sessions of staff: how they begin, how long they last, and what ends them."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.identity.sessions import start_session
from accounts.models import Session as PhoneSession
from maretech.common.work.retention import apply_retention
from testing.factories import PASSWORD
from tests.conftest import browser

pytestmark = pytest.mark.django_db


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def log_in(client: Client, email: str, password: str = PASSWORD):
    return client.post("/admin/login/", {"username": email, "password": password})


def test_signing_in_gives_a_new_session_each_time(staff):
    client = browser(staff)
    keys = [client.session.session_key]
    for _ in range(2):
        log_in(client, staff.email)
        keys.append(client.session.session_key)
    assert len(set(keys)) == 3
    assert Session.objects.count() == 1  # earlier sessions are deleted on the server, not only in this browser


def test_an_idle_session_ends(settings, staff):
    settings.ADMIN_IDLE_MINUTES = 10
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = browser(staff)
        for _ in range(3):
            clock.shift(timedelta(minutes=9))
            assert is_in(client)
        clock.shift(timedelta(minutes=11))
        assert not is_in(client)


def test_a_busy_session_ends_after_its_longest_time(settings, staff):
    settings.ADMIN_IDLE_MINUTES, settings.ADMIN_SESSION_HOURS = 60, 2
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = browser(staff)
        for _ in range(3):
            clock.shift(timedelta(minutes=39))
            assert is_in(client)
        clock.shift(timedelta(minutes=4))
        assert not is_in(client)


def test_requests_do_not_postpone_the_end_of_a_session(settings, staff):
    settings.ADMIN_IDLE_MINUTES = settings.ADMIN_SESSION_HOURS * 60
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = browser(staff)
        clock.shift(timedelta(hours=settings.ADMIN_SESSION_HOURS, seconds=-2))
        was_in = []
        for _ in range(8):
            was_in.append(is_in(client))
            clock.shift(timedelta(seconds=0.5))
    assert was_in[0]
    assert was_in == sorted(was_in, reverse=True)
    assert not was_in[-1]


def test_the_session_row_expires_with_its_cookie(settings, staff):
    settings.ADMIN_IDLE_MINUTES = 10
    with time_machine.travel(timezone.now(), tick=False) as clock:
        thief = Client()
        thief.cookies = browser(staff).cookies
        for cookie in thief.cookies.values():
            cookie["max-age"] = cookie["expires"] = ""
        clock.shift(timedelta(minutes=11))
        assert not is_in(thief)


def test_ended_sessions_are_deleted(settings, staff):
    settings.ADMIN_IDLE_MINUTES = 10
    with time_machine.travel(timezone.now() - timedelta(minutes=11)):
        browser(staff)
    living = browser(staff)
    apply_retention()
    assert [row.session_key for row in Session.objects.all()] == [living.session.session_key]


@pytest.mark.parametrize("loss", [{"is_staff": False}, {"is_active": False}])
def test_a_removed_staff_account_is_signed_out_at_once(staff, loss):
    client = browser(staff)
    assert is_in(client)
    type(staff).objects.filter(pk=staff.pk).update(**loss)
    assert not is_in(client)


def test_a_new_password_ends_every_other_session_and_those_of_phones(staff):
    phone = start_session(user=staff)
    client, elsewhere = browser(staff), browser(staff)
    chosen = "anchor-and-chain-9"
    sent = {"old_password": PASSWORD, "new_password1": chosen, "new_password2": chosen}
    assert client.post("/admin/password_change/", sent).status_code == 302
    assert is_in(client)
    assert not is_in(elsewhere)
    assert PhoneSession.objects.get(pk=phone.pk).end_reason == "password_changed"


def test_guesses_of_the_old_password_are_limited(settings, staff):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"account": "2/hour"}
    client = browser(staff)
    for _ in range(2):
        client.post("/admin/password_change/", {"old_password": "wrong"})
    assert b"Too many tries" in client.post("/admin/password_change/", {"old_password": PASSWORD}).content


def test_guesses_from_many_addresses_lock_the_account(settings, staff, anonymous):
    """The lock is shared with the API: tries made there count here."""
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"account": "4/hour"}
    for number in range(2):
        guess = {"username": staff.email.upper(), "password": "wrong"}
        Client(REMOTE_ADDR=f"198.51.100.{number}").post("/admin/login/", guess)
        body = {"email": staff.email, "password": "wrong"}
        anonymous.post("/v1/auth/login", body, format="json", REMOTE_ADDR=f"203.0.113.{number}")
    browser = Client(REMOTE_ADDR="192.0.2.1")
    assert "Too many tries" in log_in(browser, staff.email).content.decode()
    assert not is_in(browser)
    body = {"email": staff.email, "password": PASSWORD}
    answer = anonymous.post("/v1/auth/login", body, format="json", REMOTE_ADDR="192.0.2.1")
    assert (answer.status_code, answer.json()["error_code"]) == (429, "RATE_LIMITED")


def test_an_unknown_address_is_locked_like_a_known_one(settings, anonymous):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"account": "1/hour"}
    body = {"email": "nobody@example.org", "password": "wrong"}
    answers = [anonymous.post("/v1/auth/login", body, format="json").status_code for _ in range(2)]
    assert answers == [401, 429]


def test_the_sign_in_page_requires_its_csrf_token(staff):
    client = Client(enforce_csrf_checks=True)
    assert log_in(client, staff.email).status_code == 403
