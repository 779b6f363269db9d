"""Test changing and resetting a password."""

import contextlib
import logging
import smtplib
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.errors import OldPasswordWrong
from accounts.identity import passwords
from accounts.identity.passwords import RESETS_PER_DAY, change_password, confirm_reset, request_reset
from accounts.identity.sessions import start_session
from accounts.models import PasswordReset, Session, User
from accounts.tasks import send_pending_reset_codes, send_reset_code
from accounts.vocabulary import EndReason
from tests.accounts.mailed_codes import EMAIL, NEW_PASSWORD, PASSWORD, code_in, mailed_code, other_code
from tests.concurrency import MeetingPoint, at_once
from tests.mail_server import MailServer

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Session], APIClient]
Mailbox = list[EmailMessage]


def change(client: APIClient, old: str = PASSWORD, new: str = NEW_PASSWORD) -> Any:
    return client.post("/v1/auth/password/change", {"old_password": old, "new_password": new}, format="json")


def request_code(client: APIClient, email: str = EMAIL) -> Any:
    return client.post("/v1/auth/password/reset", {"email": email}, format="json")


def confirm(client: APIClient, code: str, email: str = EMAIL, password: str = NEW_PASSWORD) -> Any:
    body = {"email": email, "code": code, "password": password}
    return client.post("/v1/auth/password/reset/confirm", body, format="json")


def test_changing_the_password_ends_the_other_sessions(
    client: APIClient, session: Session, owner: User, client_of: ClientOf
) -> None:
    other = start_session(user=owner)
    assert change(client).status_code == 204
    owner.refresh_from_db()
    assert owner.check_password(NEW_PASSWORD)
    assert client.get("/v1/auth/me").status_code == 200
    assert client_of(other).get("/v1/auth/me").status_code == 401
    other.refresh_from_db()
    assert other.end_reason == EndReason.PASSWORD_CHANGED


def test_a_password_changed_on_the_command_line_ends_all_sessions(
    client: APIClient, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/v1/auth/me").status_code == 200
    monkeypatch.setattr("getpass.getpass", lambda *_, **__: NEW_PASSWORD)
    call_command("changepassword", owner.email, stdout=StringIO())
    owner.refresh_from_db()
    assert owner.check_password(NEW_PASSWORD)
    assert client.get("/v1/auth/me").status_code == 401
    assert set(Session.objects.values_list("end_reason", flat=True)) == {EndReason.PASSWORD_CHANGED}


def test_saving_an_account_without_a_new_password_ends_no_session(client: APIClient, owner: User) -> None:
    owner.is_staff = True
    owner.save()
    assert client.get("/v1/auth/me").status_code == 200


def test_a_wrong_old_password_changes_nothing(client: APIClient, owner: User) -> None:
    answer = change(client, old="wrong-password")
    assert (answer.status_code, answer.json()["error_code"]) == (401, "INVALID_CREDENTIALS")
    owner.refresh_from_db()
    assert owner.check_password(PASSWORD)


def test_password_guesses_of_one_session_are_limited_per_account(
    client: APIClient, anonymous: APIClient, owner: User, settings: Any, client_of: ClientOf
) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"account": "2/hour"}
    for _ in range(2):
        assert change(client, old="wrong-password").status_code == 401
    for refused in (change(client), client.post("/v1/auth/me/erasure", {"password": PASSWORD}, format="json")):
        assert (refused.status_code, refused.json()["error_code"]) == (429, "RATE_LIMITED")
        assert int(refused["Retry-After"]) > 0
    owner.refresh_from_db()
    assert owner.is_active
    assert owner.check_password(PASSWORD)
    assert anonymous.post("/v1/auth/login", {"email": EMAIL, "password": PASSWORD}, format="json").status_code == 200
    assert change(client_of(start_session(user=owner))).status_code == 204  # the owner's own phone


def test_a_weak_new_password_is_refused_under_its_field(client: APIClient) -> None:
    answer = change(client, new="short")
    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {"new_password"}


def test_one_of_two_parallel_changes_wins(session: Session) -> None:
    late = Session.objects.select_related("user").get(pk=session.pk)
    late.user.check_password(PASSWORD)
    change_password(session=session, old_password=PASSWORD, new_password=NEW_PASSWORD)
    with pytest.raises(OldPasswordWrong):
        change_password(session=late, old_password=PASSWORD, new_password="the-late-one-loses")


def test_a_password_change_invalidates_a_mailed_code(client: APIClient, session: Session, mailoutbox: Mailbox) -> None:
    code = mailed_code(mailoutbox)
    change(client)
    assert confirm(client, code, password="something-else-1").status_code == 400


def test_a_reset_ends_all_sessions(anonymous: APIClient, client: APIClient, owner: User, mailoutbox: Mailbox) -> None:
    start_session(user=owner)
    assert confirm(anonymous, mailed_code(mailoutbox)).status_code == 204
    owner.refresh_from_db()
    assert owner.check_password(NEW_PASSWORD)
    assert client.get("/v1/auth/me").status_code == 401
    assert set(Session.objects.values_list("end_reason", flat=True)) == {EndReason.PASSWORD_RESET}


@pytest.mark.parametrize(("spoilt", "status"), [(str, 200), (other_code, 429)], ids=["right code", "wrong code"])
def test_a_reset_lifts_the_lock_that_guesses_caused(
    anonymous: APIClient, owner: User, mailoutbox: Mailbox, settings: Any, spoilt: Callable[[str], str], status: int
) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"account": "2/hour"}
    for number in range(3):
        guess = {"email": EMAIL, "password": "wrong"}
        anonymous.post("/v1/auth/login", guess, format="json", REMOTE_ADDR=f"198.51.100.{number}")
    confirm(anonymous, spoilt(mailed_code(mailoutbox)), email=EMAIL.upper())
    body = {"email": EMAIL, "password": NEW_PASSWORD}
    assert anonymous.post("/v1/auth/login", body, format="json").status_code == status


def test_known_and_unknown_addresses_get_the_same_answer_and_cost(
    anonymous: APIClient, owner: User, hints: list[Any]
) -> None:
    answers, statements = [], []
    for email in (EMAIL, "nobody@example.org"):
        with CaptureQueriesContext(connection) as queries:
            answers.append(request_code(anonymous, email))
        statements.append([query["sql"].split()[0] for query in queries])
    assert [(answer.status_code, answer.content) for answer in answers] == [(202, b"")] * 2
    assert statements[0] == statements[1]
    assert [hint[0] for hint in hints] == ["accounts.tasks.send_reset_code"] * 2
    assert {hint[2:] for hint in hints} == {("housekeeping", 30)}


def test_unknown_and_inactive_addresses_get_no_mail(anonymous: APIClient, mailoutbox: Mailbox) -> None:
    User.objects.create_user("gone@example.org", PASSWORD, is_active=False)
    for email in ("nobody@example.org", "gone@example.org"):
        assert request_code(anonymous, email).status_code == 202
    send_pending_reset_codes()
    assert mailoutbox == []
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        send_pending_reset_codes()
    assert not PasswordReset.objects.exists()


def test_the_sweep_mails_a_code_once_after_the_broker_lost_its_message(
    anonymous: APIClient, owner: User, mailoutbox: Mailbox
) -> None:
    request_code(anonymous)
    reset = PasswordReset.objects.get()
    send_pending_reset_codes()
    send_pending_reset_codes()
    send_reset_code(str(reset.pk))
    assert [mail.to for mail in mailoutbox] == [[EMAIL]]
    assert confirm(anonymous, code_in(mailoutbox[0])).status_code == 204


def test_a_mail_that_failed_is_sent_again_with_a_new_code(
    anonymous: APIClient, owner: User, mailoutbox: Mailbox, mail_server: type[MailServer]
) -> None:
    request_code(anonymous)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        mail_server.before = smtplib.SMTPServerDisconnected()
        send_pending_reset_codes()
        assert PasswordReset.objects.get().sent_at is None
        mail_server.before = None
        clock.shift(timedelta(seconds=61))
        send_pending_reset_codes()
        assert confirm(anonymous, code_in(mailoutbox[0])).status_code == 204


def test_row_message_and_log_hold_no_secret(
    anonymous: APIClient, owner: User, mailoutbox: Mailbox, hints: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    request_code(anonymous)
    send_pending_reset_codes()
    code, reset = code_in(mailoutbox[0]), PasswordReset.objects.get()
    confirm(anonymous, other_code(code))
    confirm(anonymous, code)
    written = repr([vars(reset), hints]) + "".join(
        str(record.__dict__) for record in caplog.records if "sql" not in vars(record)
    )
    assert EMAIL not in written
    assert f" {code}" not in written
    assert f"'{code}'" not in written


def test_a_code_is_valid_for_ten_minutes_from_its_mail(anonymous: APIClient, owner: User, mailoutbox: Mailbox) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        request_code(anonymous)
        clock.shift(timedelta(minutes=30))
        send_pending_reset_codes()
        clock.shift(timedelta(minutes=10))
        assert confirm(anonymous, code_in(mailoutbox[0])).status_code == 400
        clock.shift(timedelta(seconds=-1))
        assert confirm(anonymous, code_in(mailoutbox[0])).status_code == 204


def test_a_code_works_once(anonymous: APIClient, owner: User, mailoutbox: Mailbox) -> None:
    code = mailed_code(mailoutbox)
    assert confirm(anonymous, code).status_code == 204
    assert confirm(anonymous, code, password="yet-another-one-2").status_code == 400


def test_a_new_request_replaces_the_old_at_once(anonymous: APIClient, owner: User, mailoutbox: Mailbox) -> None:
    old = mailed_code(mailoutbox)
    request_code(anonymous)
    assert confirm(anonymous, old).status_code == 400
    send_pending_reset_codes()
    assert confirm(anonymous, code_in(mailoutbox[-1])).status_code == 204


def test_five_wrong_tries_lock_the_code(anonymous: APIClient, owner: User, mailoutbox: Mailbox) -> None:
    code = mailed_code(mailoutbox)
    for _ in range(5):
        assert confirm(anonymous, other_code(code)).status_code == 400
    answer = confirm(anonymous, code)
    assert (answer.status_code, answer.json()["error_code"]) == (400, "VALIDATION_ERROR")
    assert set(answer.json()["fields"]) == {"code"}


def test_the_fifth_try_can_succeed(anonymous: APIClient, owner: User, mailoutbox: Mailbox) -> None:
    code = mailed_code(mailoutbox)
    for _ in range(4):
        confirm(anonymous, other_code(code))
    assert confirm(anonymous, code).status_code == 204


def test_every_failed_confirmation_gets_the_same_answer(anonymous: APIClient, owner: User, mailoutbox: Mailbox) -> None:
    code = mailed_code(mailoutbox)
    answers = [confirm(anonymous, other_code(code)), confirm(anonymous, code, email="nobody@example.org")]
    assert [answer.json() | {"request_id": ""} for answer in answers[1:]] == [answers[0].json() | {"request_id": ""}]


def test_a_weak_password_does_not_count_as_a_try(anonymous: APIClient, owner: User, mailoutbox: Mailbox) -> None:
    code = mailed_code(mailoutbox)
    answer = confirm(anonymous, code, password="short")
    assert set(answer.json()["fields"]) == {"password"}
    assert PasswordReset.objects.get().tries == 0


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "12345\n6", "١٢٣٤٥٦", None, [], "1" * 5000])
def test_a_malformed_code_is_a_bad_request(anonymous: APIClient, code: Any) -> None:
    answer = confirm(anonymous, code)
    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {"code"}


def test_guesses_are_limited_per_account_from_any_number_of_addresses(owner: User) -> None:
    for _ in range(RESETS_PER_DAY + 3):
        request_reset(email=EMAIL)
    assert PasswordReset.objects.count() == RESETS_PER_DAY


@pytest.mark.django_db(transaction=True)
def test_one_of_twenty_parallel_confirmations_succeeds(owner: User, mailoutbox: Mailbox) -> None:
    code = mailed_code(mailoutbox)
    outcomes = at_once(20, lambda: confirm_reset(email=EMAIL, code=code, password=NEW_PASSWORD))
    assert outcomes.count(None) == 1
    assert outcomes.count("VALIDATION_ERROR") == 19


def wrong_tries(code: str, newest: Callable[[str], PasswordReset | None], count: int) -> int:
    """Return how many of the simultaneous wrong tries were counted, each held after it has read the row."""
    meeting = MeetingPoint(count)
    with patch.object(passwords, "_locked_newest_reset", meeting.after(newest)):
        at_once(count, lambda: confirm_reset(email=EMAIL, code=other_code(code), password=NEW_PASSWORD))
    return PasswordReset.objects.get().tries


@pytest.mark.django_db(transaction=True)
def test_every_parallel_wrong_try_is_counted(owner: User, mailoutbox: Mailbox) -> None:
    assert wrong_tries(mailed_code(mailoutbox), passwords._locked_newest_reset, 5) == 5


@pytest.mark.django_db(transaction=True)
def test_parallel_wrong_tries_are_lost_without_the_lock(owner: User, mailoutbox: Mailbox) -> None:
    """The control: the race above is real."""
    code = mailed_code(mailoutbox)

    def unlocked(email: str) -> PasswordReset | None:
        return PasswordReset.objects.filter(user__email=email).first()

    with (
        patch.object(passwords, "transaction", SimpleNamespace(atomic=contextlib.nullcontext)),
        patch.object(passwords, "_locked_account", lambda email: User.objects.get(email=email)),
    ):
        assert wrong_tries(code, unlocked, 5) < 5


@pytest.mark.django_db(transaction=True)
def test_two_parallel_workers_make_one_code(owner: User, mailoutbox: Mailbox) -> None:
    request_reset(email=EMAIL)
    at_once(4, send_pending_reset_codes)
    assert len(mailoutbox) == 1
    assert not transaction.get_connection().in_atomic_block
