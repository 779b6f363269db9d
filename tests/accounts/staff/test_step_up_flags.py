"""Test that staff flag an account for step-ups and lift the flag, each with a reason in the audit."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.errors import ReasonRequired
from accounts.identity.step_up import is_flagged
from accounts.models import StaffAction, StepUpFlag, User
from accounts.privacy.retention import RULES
from accounts.staff.step_up_flags import FlagRefused, flag_account, lift_flag
from testing.factories import UserFactory
from tests.concurrency import at_once

pytestmark = pytest.mark.django_db
REASON = "a stolen card"


@pytest.fixture
def staff(db: None) -> User:
    user = UserFactory.create(is_staff=True)
    wanted = ("view_user", "add_stepupflag", "change_stepupflag")
    user.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    return user


@pytest.fixture
def desk(staff: User) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def page(user: User) -> str:
    return f"/admin/accounts/user/{user.pk}"


def act(client: Client, user: User, name: str, reason: str = REASON) -> str:
    return client.post(f"{page(user)}/act/{name}/", {"reason": reason}, follow=True).content.decode()


def test_staff_flag_an_account_and_lift_the_flag(desk: Client, staff: User, owner: User) -> None:
    assert "Flag for step-ups…" in desk.get(f"{page(owner)}/change/").content.decode()
    act(desk, owner, "flag_for_step_up")
    assert is_flagged(owner)
    shown = desk.get(f"{page(owner)}/change/").content.decode()
    assert "Lift the flag for step-ups…" in shown
    assert "Flag for step-ups…" not in shown
    act(desk, owner, "lift_step_up_flag", reason="the bank was wrong")
    assert not is_flagged(owner)
    actions = StaffAction.objects.order_by("at").values_list("staff", "action", "subject_id", "reason")
    assert list(actions) == [
        (staff.pk, "flag_for_step_up", str(owner.pk), REASON),
        (staff.pk, "lift_step_up_flag", str(owner.pk), "the bank was wrong"),
    ]
    assert StepUpFlag.objects.get().action.reason == REASON


def test_a_flag_needs_a_reason(desk: Client, staff: User, owner: User) -> None:
    assert "This field is required" in act(desk, owner, "flag_for_step_up", reason=" ")
    with pytest.raises(ReasonRequired):
        flag_account(user=owner, staff=staff, reason=" ")
    flag_account(user=owner, staff=staff, reason=REASON)
    with pytest.raises(ReasonRequired):
        lift_flag(user=owner, staff=staff, reason="")
    assert is_flagged(owner)


def test_an_account_is_flagged_once_at_a_time(desk: Client, staff: User, owner: User) -> None:
    with pytest.raises(FlagRefused, match="not flagged"):
        lift_flag(user=owner, staff=staff, reason=REASON)
    flag_account(user=owner, staff=staff, reason=REASON)
    with pytest.raises(FlagRefused, match="already"):
        flag_account(user=owner, staff=staff, reason=REASON)
    assert "is flagged already" in act(desk, owner, "flag_for_step_up")
    lift_flag(user=owner, staff=staff, reason=REASON)
    flag_account(user=owner, staff=staff, reason=REASON)
    assert StepUpFlag.objects.count() == 2


def test_of_two_flags_at_once_one_is_set(staff: User, owner: User, transactional_db: None) -> None:
    def flag() -> str:
        try:
            flag_account(user=owner, staff=staff, reason=REASON)
        except FlagRefused:
            return "refused"
        return "set"

    assert sorted(at_once(2, flag)) == ["refused", "set"]
    assert StaffAction.objects.count() == 1


def test_an_erased_account_is_not_flagged(staff: User, owner: User) -> None:
    User.objects.filter(pk=owner.pk).update(erased_at=timezone.now(), is_active=False, email="x@erased.invalid")
    with pytest.raises(FlagRefused, match="erased"):
        flag_account(user=owner, staff=staff, reason=REASON)


@pytest.mark.parametrize("name", ["flag_for_step_up", "lift_step_up_flag"])
def test_only_staff_with_the_permission_do_it(staff: User, desk: Client, owner: User, name: str) -> None:
    staff.user_permissions.set(Permission.objects.filter(codename="view_user"))
    assert desk.post(f"{page(owner)}/act/{name}/", {"reason": REASON}).status_code == 403
    assert not StepUpFlag.objects.exists()


def test_lifted_flags_are_deleted_and_the_audit_stays(staff: User, owner: User, settings: object) -> None:
    flag_account(user=owner, staff=staff, reason=REASON)
    long_ago = timezone.now() - timedelta(days=91)
    (rule,) = [rule for rule in RULES if rule.what == "lifted step-up flags"]
    StepUpFlag.objects.update(set_at=long_ago)
    assert not rule.select().exists()
    StepUpFlag.objects.update(lifted_at=long_ago)
    rule.delete(rule.select())
    assert not StepUpFlag.objects.exists()
    assert StaffAction.objects.exists()


def test_the_table_refuses_a_second_flag_and_an_end_before_the_beginning(staff: User, owner: User) -> None:
    flag = flag_account(user=owner, staff=staff, reason=REASON)
    action = StaffAction.objects.create(
        staff=staff, action="x", subject_type="accounts.user", subject_id="x", reason="x"
    )
    for values in ({}, {"lifted_at": flag.set_at - timedelta(seconds=1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            StepUpFlag.objects.create(user=owner, action=action, set_at=flag.set_at, **values)
