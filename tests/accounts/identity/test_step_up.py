"""Test that the right code opens one session for some minutes, and that nothing else does."""

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
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice
from rest_framework.test import APIClient

from accounts.errors import StepUpUnavailable
from accounts.identity import step_up_codes
from accounts.identity.sessions import end_own_session, end_session, end_sessions, start_session
from accounts.identity.step_up import STEP_UPS_PER_DAY, is_open, request_step_up, verify_step_up
from accounts.identity.verification import confirm_address, request_change, request_code
from accounts.models import Session, StepUp, User
from accounts.privacy.retention import RULES
from accounts.staff.second_factor import remove_second_factor
from accounts.tasks import send_pending_mails, send_step_up_code
from accounts.vocabulary import EndReason, StepUpChannel
from tests.accounts.mailed_codes import EMAIL, PASSWORD, code_in, mailed_email_code, other_code
from tests.concurrency import MeetingPoint, at_once

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Session], APIClient]
Mailbox = list[EmailMessage]
SECRET = "3132333435363738393031323334353637383930"  # of RFC 6238


@pytest.fixture
def owner(owner: User) -> User:
    owner.email_verified_at = timezone.now()
    owner.save(update_fields=["email_verified_at"])
    return owner


@pytest.fixture
def authenticator(owner: User) -> TOTPDevice:
    return TOTPDevice.objects.create(user=owner, name="authenticator", key=SECRET)


def ask(client: APIClient) -> Any:
    return client.post("/v1/auth/step-up")


def enter(client: APIClient, code: str) -> Any:
    return client.post("/v1/auth/step-up/verify", {"code": code}, format="json")


def mailed(mailbox: Mailbox, session: Session) -> str:
    """Let the worker mail the session's newest code, and return it from the mail."""
    send_step_up_code(str(StepUp.objects.filter(session=session).latest("requested_at").pk))
    return code_in(mailbox[-1])


def shown(device: TOTPDevice) -> str:
    """Return the code that the app shows now."""
    return f"{TOTP(device.bin_key, device.step).token():06d}"


def refused(answer: Any) -> bool:
    return answer.status_code == 400 and set(answer.json()["fields"]) == {"code"}


def test_a_mailed_code_opens_the_session(client: APIClient, session: Session, mailoutbox: Mailbox) -> None:
    answer = ask(client)
    assert (answer.status_code, answer.json()) == (202, {"channel": "mail", "code_minutes": 10, "tries": 5})
    assert not is_open(session)
    opened = enter(client, mailed(mailoutbox, session))
    assert [mail.to for mail in mailoutbox] == [[EMAIL]]
    assert opened.status_code == 200
    used_at = StepUp.objects.get().used_at
    assert used_at is not None
    assert opened.json() == {"expires_at": (used_at + timedelta(minutes=10)).isoformat().replace("+00:00", "Z")}
    assert is_open(session)


def test_a_request_is_a_row_and_a_hint(client: APIClient, hints: list[Any]) -> None:
    ask(client)
    row = StepUp.objects.get()
    assert (row.code_hash, row.sent_at, row.expires_at) == ("", None, None)
    assert hints == [("accounts.tasks.send_step_up_code", str(row.pk), "housekeeping", 30)]


def test_the_sweep_mails_a_code_once(client: APIClient, mailoutbox: Mailbox) -> None:
    ask(client)
    send_pending_mails()
    send_pending_mails()
    assert len(mailoutbox) == 1


def test_it_is_open_for_the_minutes_of_the_setting(
    client: APIClient, session: Session, mailoutbox: Mailbox, settings: Any
) -> None:
    settings.STEP_UP_MINUTES = 7
    ask(client)
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        enter(client, mailed(mailoutbox, session))
    with time_machine.travel(now + timedelta(minutes=7, seconds=-1), tick=False):
        assert is_open(session)
    with time_machine.travel(now + timedelta(minutes=7), tick=False):
        assert not is_open(session)


def test_the_right_code_is_refused_after_five_wrong_ones(
    client: APIClient, session: Session, mailoutbox: Mailbox
) -> None:
    ask(client)
    code = mailed(mailoutbox, session)
    assert all(refused(enter(client, other_code(code))) for _ in range(5))
    assert refused(enter(client, code))
    assert StepUp.objects.get().tries == 5
    assert not is_open(session)


def test_the_right_code_counts_as_the_fifth_try(client: APIClient, session: Session, mailoutbox: Mailbox) -> None:
    ask(client)
    code = mailed(mailoutbox, session)
    assert all(refused(enter(client, other_code(code))) for _ in range(4))
    assert enter(client, code).status_code == 200


def test_a_code_counts_once(client: APIClient, session: Session, mailoutbox: Mailbox) -> None:
    ask(client)
    code = mailed(mailoutbox, session)
    assert enter(client, code).status_code == 200
    first = StepUp.objects.get().used_at
    assert refused(enter(client, code))
    assert StepUp.objects.get().used_at == first


def test_an_expired_code_is_refused(client: APIClient, session: Session, mailoutbox: Mailbox, settings: Any) -> None:
    ask(client)
    code = mailed(mailoutbox, session)
    StepUp.objects.update(expires_at=timezone.now())
    assert refused(enter(client, code))
    assert StepUp.objects.get().tries == 0


def test_a_new_request_replaces_the_code(client: APIClient, session: Session, mailoutbox: Mailbox) -> None:
    ask(client)
    old = mailed(mailoutbox, session)
    ask(client)
    assert refused(enter(client, old))
    assert enter(client, mailed(mailoutbox, session)).status_code == 200


def test_a_new_request_leaves_an_open_session_open(client: APIClient, session: Session, mailoutbox: Mailbox) -> None:
    ask(client)
    enter(client, mailed(mailoutbox, session))
    ask(client)
    assert is_open(session)


def test_a_code_without_a_request_is_refused(client: APIClient) -> None:
    assert refused(enter(client, "123456"))


def test_a_code_of_another_session_is_refused(
    client: APIClient, session: Session, owner: User, client_of: ClientOf, mailoutbox: Mailbox
) -> None:
    """Both of the same user, and one asked; then both asked, each with a code of its own."""
    other = start_session(user=owner)
    ask(client)
    code = mailed(mailoutbox, session)
    assert refused(enter(client_of(other), code))
    ask(client_of(other))
    mailed(mailoutbox, other)
    if code_in(mailoutbox[-1]) != code:
        assert refused(enter(client_of(other), code))
    assert enter(client, code).status_code == 200
    assert (is_open(session), is_open(other)) == (True, False)


def test_a_code_of_another_user_is_refused(
    client: APIClient, session: Session, client_of: ClientOf, mailoutbox: Mailbox
) -> None:
    neighbour = User.objects.create_user("neighbour@example.org", PASSWORD, email_verified_at=timezone.now())
    theirs = start_session(user=neighbour)
    ask(client)
    code = mailed(mailoutbox, session)
    ask(client_of(theirs))
    StepUp.objects.filter(session=theirs).update(code_hash="0" * 64, expires_at=timezone.now() + timedelta(minutes=9))
    assert refused(enter(client_of(theirs), code))
    assert not is_open(theirs)


@pytest.mark.parametrize("path", ["/v1/auth/step-up", "/v1/auth/step-up/verify"])
def test_an_anonymous_caller_is_refused(anonymous: APIClient, db: None, path: str) -> None:
    answer = anonymous.post(path, {"code": "123456"}, format="json")
    assert (answer.status_code, answer.json()["error_code"]) == (401, "AUTHENTICATION_REQUIRED")


def test_no_code_goes_to_an_address_that_is_not_proven(client: APIClient, owner: User) -> None:
    User.objects.update(email_verified_at=None)
    answer = ask(client)
    assert (answer.status_code, answer.json()["reason"]) == (403, "EMAIL_UNVERIFIED")
    assert not StepUp.objects.exists()


def test_an_account_gets_ten_codes_a_day_over_all_sessions(
    client: APIClient, session: Session, owner: User, client_of: ClientOf, settings: Any
) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "credentials": "100/min"}
    clients = [client, client_of(start_session(user=owner))]
    assert [ask(clients[turn % 2]).status_code for turn in range(STEP_UPS_PER_DAY)] == [202] * STEP_UPS_PER_DAY
    for each in clients:
        answer = ask(each)
        assert (answer.status_code, answer.json()["error_code"]) == (429, "RATE_LIMITED")
        assert int(answer["Retry-After"]) > 0
    assert StepUp.objects.count() == STEP_UPS_PER_DAY


@pytest.mark.parametrize(
    "end",
    [
        lambda session: end_session(session=session, reason=EndReason.LOGGED_OUT),
        lambda session: end_own_session(user=session.user, session_id=session.pk),
        lambda session: end_sessions(user=session.user, reason=EndReason.PASSWORD_RESET),
        lambda session: User.objects.filter(pk=session.user_id).update(is_active=False),
        lambda session: Session.objects.filter(pk=session.pk).delete(),
    ],
    ids=["sign-out", "ended from elsewhere", "password reset", "closed account", "deleted"],
)
def test_the_end_of_the_session_ends_its_step_up(
    client: APIClient, session: Session, mailoutbox: Mailbox, end: Callable[[Session], object]
) -> None:
    ask(client)
    enter(client, mailed(mailoutbox, session))
    assert is_open(session)
    end(session)
    assert not is_open(session)


def test_a_step_up_opens_no_other_session(
    client: APIClient, session: Session, owner: User, mailoutbox: Mailbox
) -> None:
    ask(client)
    enter(client, mailed(mailoutbox, session))
    assert not is_open(start_session(user=owner))


def test_no_code_is_mailed_for_an_ended_session(client: APIClient, session: Session, mailoutbox: Mailbox) -> None:
    ask(client)
    end_session(session=session, reason=EndReason.LOGGED_OUT)
    send_pending_mails()
    assert mailoutbox == []


def test_a_code_sent_to_a_former_address_is_refused(
    client: APIClient, session: Session, owner: User, mailoutbox: Mailbox
) -> None:
    ask(client)
    code = mailed(mailoutbox, session)
    request_change(session=session, password=PASSWORD, new_email="skipper@example.net")
    confirm_address(session=session, code=mailed_email_code(mailoutbox, owner))
    assert refused(enter(client, code))


def change_address(session: Session, mailbox: Mailbox) -> None:
    request_change(session=session, password=PASSWORD, new_email="skipper@example.net")
    confirm_address(session=session, code=mailed_email_code(mailbox, session.user))
    mailbox.clear()


def test_a_new_address_gets_no_code_for_the_hours_of_the_setting(
    client: APIClient, session: Session, mailoutbox: Mailbox, settings: Any
) -> None:
    settings.STEP_UP_NEW_ADDRESS_HOURS = 5
    now = timezone.now().replace(microsecond=0)
    available_at = now + timedelta(hours=5)
    with time_machine.travel(now, tick=False):
        change_address(session, mailoutbox)
        body = ask(client).json()
    assert (body["error_code"], body["reason"]) == ("FORBIDDEN", "EMAIL_CHANGED")
    assert body["available_at"] == available_at.isoformat().replace("+00:00", "Z")
    with time_machine.travel(available_at - timedelta(seconds=1), tick=False), pytest.raises(StepUpUnavailable):
        request_step_up(session=Session.objects.get())
    assert not StepUp.objects.exists()
    with time_machine.travel(available_at, tick=False):
        request_step_up(session=Session.objects.get())
        mailed(mailoutbox, session)
    assert [mail.to for mail in mailoutbox] == [["skipper@example.net"]]


def test_a_request_written_while_the_address_changed_is_not_mailed(session: Session, mailoutbox: Mailbox) -> None:
    """The request knows the account from before the change, and the change does not see the request's row."""
    before = Session.objects.select_related("user").get()
    change_address(session, mailoutbox)
    row = request_step_up(session=before)
    send_step_up_code(str(row.pk))
    send_pending_mails()
    assert [mail.subject for mail in mailoutbox if "skipper@example.net" in mail.to] == []


def test_an_authenticator_works_also_with_a_new_address(
    client: APIClient, session: Session, authenticator: TOTPDevice, mailoutbox: Mailbox
) -> None:
    change_address(session, mailoutbox)
    assert ask(client).json()["channel"] == "authenticator"
    assert enter(client, shown(authenticator)).status_code == 200
    assert is_open(session)


def test_an_address_that_is_proven_later_is_not_new(
    client: APIClient, session: Session, owner: User, mailoutbox: Mailbox
) -> None:
    User.objects.update(email_verified_at=None)
    owner.refresh_from_db()
    with transaction.atomic():
        request_code(user=owner, email=owner.email)
    confirm_address(session=session, code=mailed_email_code(mailoutbox, owner))
    assert User.objects.get().email_changed_at is None
    assert ask(client).status_code == 202


def test_of_two_verifications_at_once_one_counts(
    client: APIClient, session: Session, mailoutbox: Mailbox, transactional_db: None
) -> None:
    ask(client)
    code = mailed(mailoutbox, session)
    outcomes = at_once(2, lambda: verify_step_up(session=session, code=code))
    assert sorted(isinstance(each, str) for each in outcomes) == [False, True]
    assert "VALIDATION_ERROR" in outcomes


def test_without_the_lock_two_verifications_at_once_count(
    client: APIClient, session: Session, mailoutbox: Mailbox, transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the test above: it shows that the race is real."""
    ask(client)
    code = mailed(mailoutbox, session)
    meeting = MeetingPoint(2)
    monkeypatch.setattr("accounts.identity.mailed_codes.is_open", meeting.after(lambda row: row.used_at is None))
    monkeypatch.setattr("accounts.identity.step_up.transaction.atomic", _Nothing)
    with patch.object(QuerySet, "select_for_update", lambda rows, **_: rows):
        outcomes = at_once(2, lambda: verify_step_up(session=session, code=code))
    assert [isinstance(each, str) for each in outcomes] == [False, False]


class _Nothing:
    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


def test_an_authenticator_is_the_channel_and_nothing_is_mailed(
    client: APIClient, session: Session, authenticator: TOTPDevice, mailoutbox: Mailbox, hints: list[Any]
) -> None:
    User.objects.update(email_verified_at=None)  # only a mail needs the address
    assert ask(client).json() == {"channel": "authenticator", "code_minutes": 10, "tries": 5}
    send_pending_mails()
    assert (mailoutbox, hints) == ([], [])
    assert enter(client, shown(authenticator)).status_code == 200
    assert is_open(session)


def test_an_authenticator_that_is_not_confirmed_is_no_channel(client: APIClient, authenticator: TOTPDevice) -> None:
    TOTPDevice.objects.update(confirmed=False)
    assert ask(client).json()["channel"] == "mail"


def test_a_code_of_the_authenticator_counts_once(
    client: APIClient, session: Session, authenticator: TOTPDevice, owner: User, client_of: ClientOf
) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        code, other = shown(authenticator), start_session(user=owner)
        ask(client)
        assert enter(client, code).status_code == 200
        assert refused(enter(client, code))
        ask(client_of(other))
        assert refused(enter(client_of(other), code))
        assert not is_open(other)


def test_of_two_sessions_with_one_code_of_the_authenticator_one_opens(
    session: Session, authenticator: TOTPDevice, owner: User, transactional_db: None
) -> None:
    both = [session, start_session(user=owner)]
    for each in both:
        request_step_up(session=each)
    code, turns = shown(authenticator), iter(both)
    outcomes = at_once(2, lambda: verify_step_up(session=next(turns), code=code))
    assert sorted(isinstance(each, str) for each in outcomes) == [False, True]
    assert sorted(map(is_open, both)) == [False, True]


def test_tries_at_the_authenticator_are_limited(client: APIClient, authenticator: TOTPDevice, settings: Any) -> None:
    settings.OTP_TOTP_THROTTLE_FACTOR = 0  # the library's own pause, which would hide our limit
    ask(client)
    code = shown(authenticator)
    assert all(refused(enter(client, other_code(code))) for _ in range(5))
    assert refused(enter(client, code))
    ask(client)
    assert enter(client, shown(authenticator)).status_code == 200


def test_a_wrong_code_of_the_authenticator_pauses_the_next_try(client: APIClient, authenticator: TOTPDevice) -> None:
    ask(client)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert refused(enter(client, other_code(shown(authenticator))))
        assert refused(enter(client, shown(authenticator)))
        clock.shift(2)
        assert enter(client, shown(authenticator)).status_code == 200


def test_a_request_to_the_authenticator_expires(client: APIClient, authenticator: TOTPDevice) -> None:
    ask(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=10), tick=False):
        assert refused(enter(client, f"{TOTP(authenticator.bin_key, authenticator.step).token():06d}"))


def test_an_authenticator_that_was_removed_opens_nothing(
    client: APIClient, session: Session, authenticator: TOTPDevice, owner: User
) -> None:
    ask(client)
    code = shown(authenticator)
    remove_second_factor(owner)
    assert refused(enter(client, code))


def test_old_requests_are_deleted_except_what_keeps_a_session_open(
    client: APIClient, session: Session, mailoutbox: Mailbox, settings: Any
) -> None:
    ask(client)
    enter(client, mailed(mailoutbox, session))
    ask(client)
    long_ago = timezone.now() - timedelta(hours=settings.RETENTION_RESET_CODE_HOURS, seconds=1)
    StepUp.objects.update(requested_at=long_ago)
    (rule,) = [rule for rule in RULES if rule.what == "codes of step-ups"]
    rule.delete(rule.select())
    assert is_open(session)
    assert StepUp.objects.count() == 1
    StepUp.objects.update(used_at=timezone.now() - step_up_codes.open_time())
    send_pending_mails()
    assert not StepUp.objects.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"channel": "pigeon"},
        {"channel": StepUpChannel.MAIL, "sent_at": timezone.now},
        {"channel": StepUpChannel.MAIL, "used_at": timezone.now, "tries": 1},
        {"channel": StepUpChannel.MAIL, "code_hash": "x"},
        {"channel": StepUpChannel.AUTHENTICATOR},
        {"channel": StepUpChannel.AUTHENTICATOR, "expires_at": timezone.now, "code_hash": "x"},
        {"channel": StepUpChannel.AUTHENTICATOR, "expires_at": timezone.now, "sent_at": timezone.now},
        {"channel": StepUpChannel.AUTHENTICATOR, "expires_at": timezone.now, "used_at": timezone.now},
    ],
)
def test_the_table_refuses_contradictions(session: Session, values: dict[str, Any]) -> None:
    values = {name: value() if callable(value) else value for name, value in values.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        StepUp.objects.create(user=session.user, session=session, requested_at=timezone.now(), **values)
