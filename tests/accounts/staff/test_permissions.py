"""Test what staff can do, and the record of it."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.errors import ReasonRequired
from accounts.identity.sessions import start_session
from accounts.models import Consent, Device, Session, StaffAction, StaffInvitation, User
from accounts.staff.audit import record_staff_action
from accounts.staff.invitations import accept_invitation
from testing.database_role import as_owner
from testing.fake_push import Browser
from tests.accounts.mailed_codes import EMAIL, PASSWORD, token_of

pytestmark = pytest.mark.django_db
STAFF = "staff@example.org"


@pytest.fixture
def staff(db: None) -> User:
    """An invited colleague who has chosen a password."""
    call_command("create_staff", STAFF, stdout=io.StringIO())
    accept_invitation(token=token_of(StaffInvitation.objects.get()), password=PASSWORD)
    with as_owner():
        StaffInvitation.objects.all().delete()
        StaffAction.objects.all().delete()
    return User.objects.get(email=STAFF)


def end_sessions(reason: str, staff: str = STAFF, email: str = EMAIL) -> None:
    call_command("end_sessions", email, "--staff", staff, "--reason", reason, stdout=io.StringIO())


def test_a_staff_action_is_stored_with_its_reason(staff: User, owner: User) -> None:
    action = record_staff_action(staff=staff, action="look", subject=owner, reason=" asked by phone ", detail={"n": 1})
    row = StaffAction.objects.get()
    assert row == action
    assert (row.staff, row.subject_type, row.subject_id) == (staff, "accounts.user", str(owner.pk))
    assert (row.reason, row.detail) == ("asked by phone", {"n": 1})


@pytest.mark.parametrize("reason", ["", "  ", "\n\t"])
def test_a_staff_action_without_a_reason_is_refused(staff: User, owner: User, reason: str) -> None:
    with pytest.raises(ReasonRequired):
        record_staff_action(staff=staff, action="look", subject=owner, reason=reason)


@pytest.mark.parametrize("reason", ["", "   "])
def test_the_database_refuses_a_staff_action_without_a_reason(staff: User, reason: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        StaffAction.objects.create(staff=staff, action="look", subject_type="x", subject_id="1", reason=reason)


def test_ending_sessions_leaves_a_record(staff: User, session: Session) -> None:
    end_sessions("phone lost at sea")
    session.refresh_from_db()
    assert session.end_reason == "ended_by_staff"
    assert StaffAction.objects.get().detail == {"ended": 1}


@pytest.mark.parametrize(
    "call",
    [
        lambda: end_sessions(" "),
        lambda: end_sessions("why", staff=EMAIL),
        lambda: end_sessions("why", email="nobody@example.org"),
    ],
)
def test_ending_sessions_needs_staff_a_reason_and_a_user(
    staff: User, session: Session, call: Callable[[], None]
) -> None:
    with pytest.raises(CommandError):
        call()
    session.refresh_from_db()
    assert session.ended_at is None


ACTS_OF_SUPPORT = {
    "add_capturepolicy",
    "add_order",
    "add_product",
    "add_slot",
    "add_stepupflag",
    "add_stepuprule",
    "add_subscription",
    "change_appointment",
    "change_appointmentdispute",
    "change_comparison",
    "change_delivery",
    "change_dispute",
    "change_dossier",
    "change_entitlement",
    "change_finding",
    "change_handover",
    "change_inferencejob",
    "change_order",
    "change_payeepayout",
    "change_providerevent",
    "change_refundrequest",
    "change_review",
    "change_slot",
    "change_stepupflag",
    "change_stepuprule",
    "change_surveyor",
}


def test_new_staff_can_view_our_tables_and_take_the_registered_actions(staff: User) -> None:
    codenames = set(Group.objects.get(name="support").permissions.values_list("codename", flat=True))
    assert {"view_user", "view_device", "view_staffaction"} <= codenames
    assert {codename for codename in codenames if not codename.startswith("view_")} == ACTS_OF_SUPPORT
    assert "view_logentry" not in codenames
    assert staff.is_staff
    assert not staff.is_superuser


def log_in(client: Client, email: str = STAFF, password: str = PASSWORD) -> Any:
    return client.post("/admin/login/?next=/admin/", {"username": email, "password": password})


def test_staff_sign_in_to_the_admin_with_their_address(staff: User) -> None:
    assert log_in(Client(), email=STAFF.upper()).status_code == 302


def test_an_owner_cannot_sign_in_to_the_admin(owner: User) -> None:
    assert log_in(Client(), email=EMAIL).status_code == 200


def test_the_admin_sign_in_is_limited_like_the_api(staff: User, settings: Any) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"credentials": "2/min"}
    client = Client(REMOTE_ADDR="198.51.100.7")
    for _ in range(2):
        log_in(client, password="wrong-password")
    assert log_in(client).status_code == 200
    assert log_in(Client(REMOTE_ADDR="198.51.100.8")).status_code == 302


def test_support_can_view_lists_and_change_nothing(staff: User, owner: User) -> None:
    start_session(user=owner)
    device = Device.objects.create(user=owner, platform="ios", push_token="secret-push-token")
    browser = Browser("https://web.push.apple.com/secret-of-a-browser")
    web = Device.objects.create(user=owner, platform="web", **browser.target)
    Consent.objects.create(user=owner, document="disclaimer", version="1")
    record_staff_action(staff=staff, action="look", subject=owner, reason="test")
    client = Client()
    log_in(client)
    for name in ("user", "session", "device", "consent", "staffaction"):
        assert client.get(f"/admin/accounts/{name}/?q=x").status_code == 200
        assert client.get(f"/admin/accounts/{name}/").status_code == 200
        assert client.get(f"/admin/accounts/{name}/add/").status_code == 403
    page = client.get(f"/admin/accounts/user/{owner.pk}/change/")
    assert owner.password not in page.content.decode()
    assert client.post(f"/admin/accounts/user/{owner.pk}/change/", {"email": "x@y.org"}).status_code == 403
    assert client.post(f"/admin/accounts/user/{owner.pk}/delete/", {"post": "yes"}).status_code == 403
    assert "secret-push-token" not in client.get(f"/admin/accounts/device/{device.pk}/change/").content.decode()
    page = client.get(f"/admin/accounts/device/{web.pk}/change/").content.decode()
    assert "Web" in page
    assert not [secret for secret in browser.target.values() if secret in page]
