"""Test how an account becomes staff: only the reader of the address's mail does, never an earlier holder."""

import io
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from rest_framework.test import APIClient

from accounts.errors import CodeInvalid, LinkInvalid
from accounts.identity.passwords import confirm_reset
from accounts.identity.sessions import start_session
from accounts.identity.verification import confirm_address, request_change
from accounts.models import Device, Session, StaffAction, StaffInvitation, User
from accounts.staff.invitations import accept_invitation, invite_staff
from accounts.staff.second_factor import new_secret, store_second_factor
from accounts.tasks import send_pending_mails
from tests.accounts.mailed_codes import EMAIL, NEW_PASSWORD, PASSWORD, mailed_code, mailed_email_code, token_of
from tests.concurrency import at_once
from tests.mail_server import MailServer

pytestmark = pytest.mark.django_db
BOSS, COLLEAGUE = "boss@example.org", "colleague@example.org"
ROOT = Path(__file__).resolve().parents[3]


def create_staff(email: str, *options: str) -> str:
    out = io.StringIO()
    call_command("create_staff", email, *options, stdout=out)
    return out.getvalue()


def link_to(email: str) -> str:
    """Return the path of the newest link mailed to this address."""
    invitation = StaffInvitation.objects.filter(user__email=email).latest("requested_at")
    return f"/admin/set-password/{token_of(invitation)}/"


def choose(path: str, password: str = NEW_PASSWORD, again: str | None = None, client: Client | None = None) -> Any:
    sent = {"password": password, "again": password if again is None else again}
    return (client or Client()).post(path, sent)


def sign_in_to_admin(email: str, password: str) -> bool:
    client = Client()
    client.post("/admin/login/?next=/admin/", {"username": email, "password": password})
    return client.get("/admin/").status_code == 200


@pytest.fixture
def boss(db: None) -> User:
    create_staff(BOSS, "--superuser")
    choose(link_to(BOSS))
    return User.objects.get(email=BOSS)


@pytest.fixture
def squatter(anonymous: APIClient) -> APIClient:
    """An account that took a colleague's address first, with a phone, a way into the admin and an app for its codes."""
    token = anonymous.post("/v1/auth/register", {"email": COLLEAGUE, "password": PASSWORD}, format="json").json()
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token['token']['access_token']}")
    client.post("/v1/auth/me/devices", {"platform": "ios", "push_token": "of the squatter"}, format="json")
    store_second_factor(user=User.objects.get(email=COLLEAGUE), secret=new_secret())
    return client


def test_an_earlier_holder_of_the_address_loses_all_access(squatter: APIClient, anonymous: APIClient) -> None:
    create_staff(COLLEAGUE, "--superuser")
    assert squatter.get("/v1/auth/me").status_code == 401
    pair = {"email": COLLEAGUE, "password": PASSWORD}
    assert anonymous.post("/v1/auth/login", pair, format="json").status_code == 401
    assert not sign_in_to_admin(COLLEAGUE, PASSWORD)
    user = User.objects.get(email=COLLEAGUE)
    assert (user.is_staff, user.is_superuser, user.email_verified) == (False, False, False)
    assert not Device.objects.exists()
    assert not TOTPDevice.objects.exists()
    assert not StaticDevice.objects.exists()


def test_the_link_makes_the_account_staff_and_ends_earlier_sessions(squatter: APIClient) -> None:
    create_staff(COLLEAGUE, "--superuser")
    user = User.objects.get(email=COLLEAGUE)
    between = start_session(user=user)
    assert choose(link_to(COLLEAGUE)).status_code == 302
    user.refresh_from_db()
    assert (user.is_staff, user.is_superuser, user.email_verified) == (True, True, True)
    assert sign_in_to_admin(COLLEAGUE, NEW_PASSWORD)
    assert not sign_in_to_admin(COLLEAGUE, PASSWORD)
    assert not Session.objects.filter(pk=between.pk, ended_at=None).exists()


def test_an_invitation_ends_open_admin_sessions(boss: User) -> None:
    client = Client()
    client.post("/admin/login/", {"username": BOSS, "password": NEW_PASSWORD})
    assert client.get("/admin/").status_code == 200
    User.objects.filter(pk=boss.pk).update(is_superuser=False)
    create_staff(BOSS, "--superuser", "--staff", BOSS, "--reason", "may do everything now")
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("right", [{"is_staff": True}, {"is_staff": True, "is_superuser": True}])
def test_the_admin_requires_a_verified_address_of_any_staff_account(owner: User, right: dict[str, bool]) -> None:
    User.objects.filter(pk=owner.pk).update(**right)
    assert not sign_in_to_admin(EMAIL, PASSWORD)
    client = Client()
    client.force_login(owner)
    assert client.get("/admin/").status_code == 302
    assert client.get("/admin/second-factor/").url == "/admin/login/"
    User.objects.filter(pk=owner.pk).update(email_verified_at=timezone.now())
    assert client.get("/admin/").status_code == 200


def test_createsuperuser_is_refused(db: None) -> None:
    with pytest.raises(CommandError, match="create_staff"):
        call_command("createsuperuser", email=COLLEAGUE, interactive=False)
    assert not User.objects.exists()


def test_no_admin_form_makes_an_account_staff(boss: User, owner: User) -> None:
    client = Client()
    client.force_login(boss)
    sent = {"email": EMAIL, "is_staff": "on", "is_superuser": "on", "is_active": "on"}
    assert client.post(f"/admin/accounts/user/{owner.pk}/change/", sent).status_code == 403
    assert client.post("/admin/accounts/user/add/", sent).status_code == 403
    owner.refresh_from_db()
    assert (owner.is_staff, owner.is_superuser) == (False, False)


def test_the_audit_log_records_inviter_reason_and_outcome(boss: User) -> None:
    create_staff(COLLEAGUE, "--staff", BOSS, "--reason", "joins support")
    record = StaffAction.objects.get(subject_id=str(User.objects.get(email=COLLEAGUE).pk))
    assert (record.staff, record.action, record.reason) == (boss, "invite_staff", "joins support")
    assert record.detail == {"superuser": False, "outcome": "asked"}
    choose(link_to(COLLEAGUE))
    record.refresh_from_db()
    assert record.detail == {"superuser": False, "outcome": "accepted"}


def test_the_first_staff_account_needs_no_inviter(boss: User) -> None:
    record = StaffAction.objects.get()
    assert (record.staff, record.subject_id, record.reason) == (boss, str(boss.pk), "the first member of staff")


@pytest.mark.parametrize(
    "options", [(), ("--reason", "why"), ("--staff", BOSS), ("--staff", EMAIL, "--reason", "why"), ("--staff", "x")]
)
def test_later_staff_accounts_need_an_inviter_and_a_reason(boss: User, owner: User, options: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        create_staff(COLLEAGUE, *options)
    assert not User.objects.filter(email=COLLEAGUE).exists()


@pytest.mark.parametrize("wrong", ["nobody", "", "a@b", "x@erased.invalid"])
def test_staff_needs_an_address(wrong: str, db: None) -> None:
    with pytest.raises(CommandError):
        create_staff(wrong)
    assert not User.objects.exists()


def test_an_account_under_erasure_cannot_be_invited(owner: User) -> None:
    User.objects.filter(pk=owner.pk).update(is_active=False)
    with pytest.raises(CommandError, match="erased"):
        create_staff(EMAIL)
    owner.refresh_from_db()
    assert not owner.is_active


def test_an_invitation_of_existing_staff_changes_nothing(boss: User) -> None:
    assert "already" in create_staff(BOSS)
    boss.refresh_from_db()
    assert boss.is_superuser
    assert boss.check_password(NEW_PASSWORD)


@pytest.mark.anywhere  # its processes have a database of their own
def test_create_staff_prints_the_link_without_a_terminal(migrated_var_dir: Path) -> None:
    """As in a pipe: no prompt, no traceback, and the link if mail goes to the console."""
    env = {"VAR_DIR": str(migrated_var_dir), "ENV_FILE": "/dev/null", "PATH": "/usr/bin:/bin", "PORT": "8123"}

    def manage(*arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        return subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)

    done = manage("create_staff", COLLEAGUE, "--superuser")
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    assert re.search(
        r"^http://127\.0\.0\.1:8123/admin/set-password/[0-9a-f]{32}-[0-9a-f]{64}/$", done.stdout, re.MULTILINE
    )


def test_only_the_mail_has_the_link_where_mail_is_set_up(settings: Any, mailoutbox: list[EmailMessage]) -> None:
    settings.PUBLIC_URL = "https://admin.example.org"
    output = create_staff(COLLEAGUE)
    assert "set-password" not in output
    send_pending_mails()
    send_pending_mails()
    (mail,) = mailoutbox
    assert mail.to == [COLLEAGUE]
    assert f"https://admin.example.org{link_to(COLLEAGUE)}" in mail.body


def test_opening_the_link_keeps_it_valid_and_using_it_does_not(db: None) -> None:
    create_staff(COLLEAGUE)
    path, client = link_to(COLLEAGUE), Client()
    for _ in range(2):
        page = client.get(path)
        assert page.status_code == 200
        assert COLLEAGUE in page.content.decode()
        assert page["Cache-Control"].startswith("max-age=0")
    assert choose(path).status_code == 302
    assert choose(path, "another-long-secret-3").status_code == client.get(path).status_code == 404
    assert User.objects.get().check_password(NEW_PASSWORD)


def test_a_link_is_valid_for_a_day(db: None) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        create_staff(COLLEAGUE)
        path = link_to(COLLEAGUE)
        clock.shift(timedelta(hours=24))
        assert choose(path).status_code == Client().get(path).status_code == 404
        clock.shift(timedelta(seconds=-1))
        assert choose(path).status_code == 302


def test_a_new_invitation_replaces_the_old(db: None) -> None:
    create_staff(COLLEAGUE)
    old = link_to(COLLEAGUE)
    create_staff(COLLEAGUE)
    assert choose(old).status_code == 404
    assert choose(link_to(COLLEAGUE)).status_code == 302


def test_a_changed_password_ends_the_link(mailoutbox: list[EmailMessage]) -> None:
    create_staff(COLLEAGUE)
    path = link_to(COLLEAGUE)
    confirm_reset(email=COLLEAGUE, code=mailed_code(mailoutbox, COLLEAGUE), password=PASSWORD)
    assert choose(path).status_code == 404
    assert not User.objects.get().is_staff


def test_a_changed_address_ends_the_link(mailoutbox: list[EmailMessage]) -> None:
    create_staff(COLLEAGUE)
    path, user = link_to(COLLEAGUE), User.objects.get()
    User.objects.filter(pk=user.pk).update(email="elsewhere@example.org")
    assert choose(path).status_code == 404


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: f"{text[:-1]}{'1' if text[-1] == '0' else '0'}",
        lambda text: text[:32],
        lambda _: "x",
        lambda _: "é" * 40,
    ],
)
def test_a_forged_link_is_refused(db: None, spoil: Any) -> None:
    create_staff(COLLEAGUE)
    token = token_of(StaffInvitation.objects.get())
    assert choose(f"/admin/set-password/{spoil(token)}/").status_code == 404
    assert not User.objects.get().is_staff


def test_a_link_works_for_its_own_account_only(boss: User) -> None:
    for email in (COLLEAGUE, "other@example.org"):
        create_staff(email, "--staff", BOSS, "--reason", "joins")
    first, second = (token_of(row) for row in StaffInvitation.objects.filter(used_at=None).order_by("requested_at"))
    mixed = f"{first.partition('-')[0]}-{second.partition('-')[2]}"
    assert choose(f"/admin/set-password/{mixed}/").status_code == 404


@pytest.mark.parametrize("passwords", [("short", "short"), (NEW_PASSWORD, "another"), ("", ""), (COLLEAGUE, COLLEAGUE)])
def test_a_weak_or_mistyped_password_is_refused_on_the_page(db: None, passwords: tuple[str, str]) -> None:
    create_staff(COLLEAGUE)
    answer = choose(link_to(COLLEAGUE), passwords[0], passwords[1])
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert not User.objects.get().is_staff
    assert choose(link_to(COLLEAGUE)).status_code == 302


def test_the_password_page_is_rate_limited(settings: Any, db: None) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"credentials": "2/min"}
    create_staff(COLLEAGUE)
    client = Client(REMOTE_ADDR="198.51.100.7")
    for _ in range(2):
        client.get("/admin/set-password/guess/")
    answer = choose(link_to(COLLEAGUE), client=client)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert not User.objects.get().is_staff


def test_the_password_page_requires_its_csrf_token(db: None) -> None:
    create_staff(COLLEAGUE)
    answer = choose(link_to(COLLEAGUE), client=Client(enforce_csrf_checks=True))
    assert answer.status_code == 403
    assert not User.objects.get().is_staff


@pytest.mark.django_db(transaction=True)
def test_one_of_eight_parallel_uses_of_a_link_succeeds(db: None) -> None:
    invitation = invite_staff(email=COLLEAGUE, is_superuser=False, staff=None, reason="first")
    token = token_of(invitation)
    passwords = iter([f"long-enough-secret-{n}" for n in range(8)])
    outcomes = at_once(8, lambda: accept_invitation(token=token, password=next(passwords)).email)
    assert outcomes.count(COLLEAGUE) == 1
    assert outcomes.count(LinkInvalid.error_code) == 7


def test_an_account_registered_during_an_invitation_is_taken_over(db: None) -> None:
    """The address is registered between the lookup and the insert."""
    User.objects.create_user(COLLEAGUE, PASSWORD)
    first, looks = QuerySet.first, iter([None])

    def looked_too_early(rows: Any) -> Any:
        return next(looks, first(rows))

    with patch.object(QuerySet, "first", looked_too_early):
        invite_staff(email=COLLEAGUE, is_superuser=True, staff=None, reason="first")
    assert not User.objects.get().has_usable_password()


def test_an_invitation_cancels_a_pending_change_of_address(
    client: APIClient, session: Session, owner: User, mailoutbox: list[EmailMessage]
) -> None:
    """An address change that was pending when the account was invited has no effect."""
    request_change(session=session, password=PASSWORD, new_email="mine@example.net")
    code = mailed_email_code(mailoutbox, owner)
    create_staff(EMAIL)
    path = link_to(EMAIL)
    with pytest.raises(CodeInvalid):
        confirm_address(session=session, code=code)
    assert choose(path).status_code == 302
    assert User.objects.get(pk=owner.pk).email == EMAIL


def test_an_invitation_is_mailed_again_after_a_failure(
    mailoutbox: list[EmailMessage], mail_server: type[MailServer]
) -> None:
    create_staff(COLLEAGUE)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        mail_server.opens = OSError()
        send_pending_mails()
        mail_server.opens = None
        clock.shift(timedelta(seconds=61))
        send_pending_mails()
    assert len(mailoutbox) == 1
    assert not StaffInvitation.awaited().exists()
