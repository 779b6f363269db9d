"""Test that only a code mailed to an address verifies it or completes a change to it."""

import logging
import smtplib
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.identity import mailed_codes
from accounts.identity.passwords import confirm_reset
from accounts.identity.sessions import start_session
from accounts.identity.verification import CODES_PER_DAY, confirm_address
from accounts.models import EmailCode, PasswordReset, Session, User
from accounts.tasks import send_email_code, send_pending_mails
from tests.accounts.mailed_codes import (
    EMAIL,
    NEW_PASSWORD,
    PASSWORD,
    code_in,
    mailed_code,
    mailed_email_code,
    newest_email_code,
    other_code,
)
from tests.concurrency import MeetingPoint, at_once
from tests.mail_server import MailServer

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Session], APIClient]
Mailbox = list[EmailMessage]
NEW_EMAIL, TAKEN = "skipper@example.net", "neighbour@example.org"


def resend(client: APIClient) -> Any:
    return client.post("/v1/auth/email/verify/resend")


def verify(client: APIClient, code: str) -> Any:
    return client.post("/v1/auth/email/verify", {"code": code}, format="json")


def change(client: APIClient, new_email: str = NEW_EMAIL, password: str = PASSWORD) -> Any:
    return client.post("/v1/auth/email/change", {"password": password, "new_email": new_email}, format="json")


def address(client: APIClient) -> tuple[str, bool]:
    me = client.get("/v1/auth/me").json()
    return me["email"], me["email_verified"]


def test_registering_mails_a_code_that_verifies(anonymous: APIClient, mailoutbox: Mailbox) -> None:
    pair = {"email": EMAIL, "password": PASSWORD}
    answer_body = anonymous.post("/v1/auth/register", pair, format="json").json()
    assert answer_body["user"]["email_verified"] is False
    send_pending_mails()
    assert [mail.to for mail in mailoutbox] == [[EMAIL]]
    anonymous.credentials(HTTP_AUTHORIZATION=f"Bearer {answer_body['token']['access_token']}")
    assert verify(anonymous, code_in(mailoutbox[0])).status_code == 204
    assert address(anonymous) == (EMAIL, True)
    assert APIClient().post("/v1/auth/login", pair, format="json").json()["user"]["email_verified"] is True


def test_resending_replaces_the_code(client: APIClient, owner: User, mailoutbox: Mailbox) -> None:
    assert resend(client).status_code == 202
    old = mailed_email_code(mailoutbox, owner)
    assert resend(client).status_code == 202
    assert verify(client, old).status_code == 400
    assert verify(client, mailed_email_code(mailoutbox, owner)).status_code == 204


def test_a_verified_address_is_mailed_no_code(client: APIClient, owner: User, mailoutbox: Mailbox) -> None:
    User.objects.filter(pk=owner.pk).update(email_verified_at=timezone.now())
    assert resend(client).status_code == 202
    send_pending_mails()
    assert mailoutbox == []


def test_a_change_of_address_takes_effect_with_its_code(client: APIClient, owner: User, mailoutbox: Mailbox) -> None:
    assert change(client, f" {NEW_EMAIL.upper()} ").status_code == 202
    send_pending_mails()
    send_pending_mails()
    assert sorted(mail.to[0] for mail in mailoutbox) == [NEW_EMAIL, EMAIL]
    assert address(client) == (EMAIL, False)
    (to_new,) = [mail for mail in mailoutbox if mail.to == [NEW_EMAIL]]
    (to_old,) = [mail for mail in mailoutbox if mail.to == [EMAIL]]
    assert code_in(to_new) not in to_old.body
    assert NEW_EMAIL not in to_old.body
    assert verify(client, code_in(to_new)).status_code == 204
    assert address(client) == (NEW_EMAIL, True)
    pair = {"email": NEW_EMAIL, "password": PASSWORD}
    assert APIClient().post("/v1/auth/login", pair, format="json").status_code == 200


def test_a_change_needs_the_password(client: APIClient, owner: User) -> None:
    answer = change(client, password="wrong-password")
    assert (answer.status_code, answer.json()["error_code"]) == (401, "INVALID_CREDENTIALS")
    assert not EmailCode.objects.exists()


@pytest.mark.parametrize("new_email", ["", "skipper", "a@b", "x@erased.invalid", None, [], "a@b.org\x00"])
def test_an_invalid_address_is_refused(client: APIClient, new_email: Any) -> None:
    answer = change(client, new_email)
    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {"new_email"}


def test_only_the_mail_to_a_taken_address_says_that_it_is_taken(
    client: APIClient, owner: User, session: Session, mailoutbox: Mailbox
) -> None:
    User.objects.create_user(TAKEN, PASSWORD)
    free, taken = change(client), change(client, TAKEN)
    assert (free.status_code, free.content) == (taken.status_code, taken.content) == (202, b"")
    send_pending_mails()
    (mail,) = [mail for mail in mailoutbox if mail.to == [TAKEN]]
    assert not any(word.isdecimal() and len(word) == 6 for word in mail.body.split())
    assert "account already" in mail.body


def test_an_address_taken_in_the_meantime_is_refused(client: APIClient, owner: User, mailoutbox: Mailbox) -> None:
    """The holder of the code reads that address's mail: the refusal reveals nothing new."""
    change(client)
    code = mailed_email_code(mailoutbox, owner)
    User.objects.create_user(NEW_EMAIL, PASSWORD)
    answer = verify(client, code)
    assert (answer.status_code, answer.json()["error_code"]) == (409, "EMAIL_TAKEN")
    assert address(client) == (EMAIL, False)
    assert verify(client, code).status_code == 400


def test_a_resend_repeats_the_code_of_a_pending_change(client: APIClient, owner: User, mailoutbox: Mailbox) -> None:
    change(client)
    resend(client)
    assert verify(client, mailed_email_code(mailoutbox, owner)).status_code == 204
    assert address(client) == (NEW_EMAIL, True)


def test_a_change_to_the_current_address_cancels_a_pending_one(
    client: APIClient, owner: User, mailoutbox: Mailbox
) -> None:
    change(client)
    code = mailed_email_code(mailoutbox, owner)
    change(client, EMAIL)
    assert verify(client, code).status_code == 400
    assert verify(client, mailed_email_code(mailoutbox, owner)).status_code == 204
    assert address(client) == (EMAIL, True)


@pytest.mark.parametrize("how", ["reset", "change"])
def test_a_new_password_cancels_a_change_of_address_and_keeps_its_notice(
    session: Session, client: APIClient, owner: User, mailoutbox: Mailbox, client_of: ClientOf, how: str
) -> None:
    """Otherwise a thief who knew the old password could complete the change, or hide it by choosing a new password."""
    change(client)
    code = mailed_email_code(mailoutbox, owner)
    if how == "reset":
        confirm_reset(email=EMAIL, code=mailed_code(mailoutbox), password=NEW_PASSWORD)
    else:
        body = {"old_password": PASSWORD, "new_password": NEW_PASSWORD}
        assert client.post("/v1/auth/password/change", body, format="json").status_code == 204
    assert verify(client_of(start_session(user=owner)), code).status_code == 400
    assert User.objects.get().email == EMAIL
    mailoutbox.clear()
    send_pending_mails()
    assert [mail.to for mail in mailoutbox] == [[EMAIL]]
    assert "another e-mail address" in mailoutbox[0].subject


def test_a_password_reset_verifies_the_address(anonymous: APIClient, owner: User, mailoutbox: Mailbox) -> None:
    confirm_reset(email=EMAIL, code=mailed_code(mailoutbox), password=NEW_PASSWORD)
    owner.refresh_from_db()
    assert owner.email_verified


def test_a_code_to_the_old_address_is_refused_after_a_change(
    client: APIClient, owner: User, mailoutbox: Mailbox
) -> None:
    reset_code = mailed_code(mailoutbox)
    change(client)
    assert verify(client, mailed_email_code(mailoutbox, owner)).status_code == 204
    for email in (EMAIL, NEW_EMAIL):
        body = {"email": email, "code": reset_code, "password": NEW_PASSWORD}
        assert APIClient().post("/v1/auth/password/reset/confirm", body, format="json").status_code == 400
    assert not PasswordReset.objects.filter(user=owner).exists()


def test_a_code_works_for_its_own_account_only(
    client: APIClient, owner: User, client_of: ClientOf, mailoutbox: Mailbox
) -> None:
    change(client)
    code = mailed_email_code(mailoutbox, owner)
    stranger = User.objects.create_user(TAKEN, PASSWORD)
    assert verify(client_of(start_session(user=stranger)), code).status_code == 400
    stranger.refresh_from_db()
    assert (stranger.email, stranger.email_verified) == (TAKEN, False)


def test_five_wrong_tries_lock_the_code(client: APIClient, owner: User, mailoutbox: Mailbox) -> None:
    resend(client)
    code = mailed_email_code(mailoutbox, owner)
    for _ in range(5):
        answer = verify(client, other_code(code))
        assert set(answer.json()["fields"]) == {"code"}
    assert verify(client, code).status_code == 400


def test_a_code_works_once_within_ten_minutes(client: APIClient, owner: User, mailoutbox: Mailbox) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        resend(client)
        code = mailed_email_code(mailoutbox, owner)
        clock.shift(timedelta(minutes=10))
        assert verify(client, code).status_code == 400
        clock.shift(timedelta(seconds=-1))
        assert verify(client, code).status_code == 204
        assert verify(client, code).status_code == 400


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", None, [], "1" * 5000])
def test_a_malformed_code_is_a_bad_request(client: APIClient, code: Any) -> None:
    answer = verify(client, code)
    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {"code"}


def test_an_account_gets_a_limited_number_of_codes_per_day(client: APIClient, owner: User) -> None:
    answers = [resend(client).status_code for _ in range(CODES_PER_DAY)]
    assert set(answers) == {202}
    for refused in (resend(client), change(client)):
        assert (refused.status_code, refused.json()["error_code"]) == (429, "RATE_LIMITED")
        assert int(refused["Retry-After"]) > 80_000


def test_many_accounts_cannot_mail_one_address_beyond_the_daily_limit(client_of: ClientOf) -> None:
    for number in range(CODES_PER_DAY + 2):
        user = User.objects.create_user(f"sailor{number}@example.org", PASSWORD)
        assert change(client_of(start_session(user=user))).status_code == 202
    assert EmailCode.objects.filter(email=NEW_EMAIL).count() == CODES_PER_DAY


def test_other_accounts_do_not_use_up_the_codes_of_the_owner(client: APIClient, client_of: ClientOf) -> None:
    for number in range(CODES_PER_DAY + 2):
        user = User.objects.create_user(f"sailor{number}@example.org", PASSWORD)
        change(client_of(start_session(user=user)), EMAIL)
    resend(client)
    assert newest_email_code(User.objects.get(email=EMAIL)).email == EMAIL


def test_a_mail_that_failed_is_sent_again_with_a_new_code(
    client: APIClient, mailoutbox: Mailbox, mail_server: type[MailServer]
) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        change(client)
        mail_server.before = smtplib.SMTPServerDisconnected()
        send_pending_mails()
        mail_server.before = None
        assert mailoutbox == []
        clock.shift(timedelta(seconds=61))
        send_pending_mails()
        send_pending_mails()
        assert sorted(mail.to[0] for mail in mailoutbox) == [NEW_EMAIL, EMAIL]
        code = next(code_in(mail) for mail in mailoutbox if mail.to == [NEW_EMAIL])
        assert verify(client, code).status_code == 204


def test_one_message_sends_each_of_the_two_mails_once(client: APIClient, owner: User, mailoutbox: Mailbox) -> None:
    change(client)
    for _ in range(2):
        send_email_code(str(newest_email_code(owner).pk))
    assert sorted(mail.to[0] for mail in mailoutbox) == [NEW_EMAIL, EMAIL]


def test_row_message_and_log_hold_no_secret(
    client: APIClient, owner: User, mailoutbox: Mailbox, hints: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    change(client)
    send_pending_mails()
    code = next(code_in(mail) for mail in mailoutbox if mail.to == [NEW_EMAIL])
    verify(client, code)
    text = repr(hints) + "".join(str(record.__dict__) for record in caplog.records if "sql" not in vars(record))
    assert NEW_EMAIL not in text
    assert EMAIL not in text
    assert f"'{code}'" not in text + repr(vars(newest_email_code(owner)))


def test_old_codes_are_deleted(client: APIClient) -> None:
    with time_machine.travel(timezone.now() - timedelta(hours=25)):
        EmailCode.objects.create(user=User.objects.get(), email=EMAIL, requested_at=timezone.now())
    send_pending_mails()
    assert not EmailCode.objects.exists()


def test_the_database_refuses_contradictory_times_of_a_code(owner: User) -> None:
    for wrong in ({"sent_at": timezone.now()}, {"code_hash": "x"}, {"noticed_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            EmailCode.objects.create(user=owner, email=EMAIL, requested_at=timezone.now(), **wrong)


def moved_at_once(owners: list[User], mailbox: Mailbox) -> list[Any]:
    """Two accounts that hold a code for the same address enter it at the same moment."""
    sessions = [start_session(user=user) for user in owners]
    codes = []
    for user in owners:
        EmailCode.objects.create(user=user, email=NEW_EMAIL, requested_at=timezone.now())
        codes.append(mailed_email_code(mailbox, user))
    turns = iter(zip(sessions, codes, strict=True))

    def enter() -> None:
        session, code = next(turns)
        confirm_address(session=session, code=code)

    return at_once(2, enter)


@pytest.mark.django_db(transaction=True)
def test_one_of_two_parallel_changes_to_an_address_succeeds(mailoutbox: Mailbox) -> None:
    owners = [User.objects.create_user(f"sailor{number}@example.org", PASSWORD) for number in range(2)]
    assert sorted(str(outcome) for outcome in moved_at_once(owners, mailoutbox)) == ["EMAIL_TAKEN", "None"]
    assert User.objects.filter(email=NEW_EMAIL, email_verified_at__isnull=False).count() == 1
    assert User.objects.filter(email_verified_at=None).count() == 1


def counted_tries(code: str, session: Session, count: int) -> int:
    meeting = MeetingPoint(count)
    with patch(
        "accounts.identity.verification.try_code",
        lambda row, code: (meeting.wait(), mailed_codes.try_code(row, code))[1],
    ):
        at_once(count, lambda: confirm_address(session=session, code=other_code(code)))
    return EmailCode.objects.get().tries


@pytest.mark.django_db(transaction=True)
def test_every_parallel_wrong_try_is_counted(client: APIClient, session: Session, mailoutbox: Mailbox) -> None:
    resend(client)
    code = mailed_email_code(mailoutbox, session.user)
    assert counted_tries(code, session, 4) == 4


@pytest.mark.django_db(transaction=True)
def test_parallel_wrong_tries_are_lost_without_the_locks(
    client: APIClient, session: Session, mailoutbox: Mailbox, settings: Any
) -> None:
    """The control: the race above is real, if the database allows two writers."""
    if settings.USES_SQLITE:
        pytest.skip("SQLite writes one transaction at a time")
    resend(client)
    code = mailed_email_code(mailoutbox, session.user)
    with patch.object(QuerySet, "select_for_update", lambda rows, *_, **__: rows.all()):
        assert counted_tries(code, session, 4) < 4
