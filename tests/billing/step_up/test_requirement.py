"""Test when a purchase needs a step-up, at the boundary of each rule, and that an open session needs none."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.errors import StepUpUnavailable
from accounts.identity.sessions import end_session, start_session
from accounts.models import Session, StepUp, User
from accounts.staff.step_up_flags import flag_account, lift_flag
from accounts.tasks import send_step_up_code
from accounts.vocabulary import EndReason
from billing import orders, step_up
from billing.errors import StepUpRequired
from billing.models import Order, StepUpRule
from billing.vocabulary import OrderStatus, StepUpRuleKind
from maretech.common.http.exception_handler import body_of, json_refusal
from testing.factories import UserFactory
from testing.phone import Phone
from tests.accounts.mailed_codes import code_in
from tests.billing.buying import unpaid_order

pytestmark = pytest.mark.django_db
EUROS, CHEAP, HIGH = "EUR", 49_999, 50_000  # the first rule calls 500.00 EUR high


@pytest.fixture
def owner(db) -> User:
    return UserFactory.create(email_verified_at=timezone.now())


@pytest.fixture
def phone(owner) -> Phone:
    return Phone.of(owner)


@pytest.fixture
def session(phone) -> Session:
    """A session that is not new: it began two days ago."""
    Session.objects.update(created_at=timezone.now() - timedelta(days=2))
    return Session.objects.get()


@pytest.fixture
def now() -> Iterator[Any]:
    moment = timezone.now()
    with time_machine.travel(moment, tick=False):
        yield moment


def needs(session: Session, price_minor: int = HIGH, currency: str = EUROS) -> bool:
    try:
        step_up.require(user=session.user, session=session, price_minor=price_minor, currency=currency)
    except StepUpRequired:
        return True
    return False


def aged(session: Session, **age: float) -> Session:
    session.created_at = timezone.now() - timedelta(**age)
    session.save(update_fields=["created_at"])
    return session


def fail(owner: User, count: int, **age: float) -> list[Order]:
    """Return orders with a payment that failed that long ago."""
    with time_machine.travel(timezone.now() - timedelta(**age), tick=False):
        failed = [unpaid_order(owner) for _ in range(count)]
        for order in failed:
            assert orders.close_unpaid(order.pk, to=OrderStatus.FAILED, cause="test")
    return failed


def rule(kind: StepUpRuleKind, currency: str = "") -> StepUpRule:
    return StepUpRule.objects.get(kind=kind, currency=currency)


def change(kind: StepUpRuleKind, currency: str = "", **values: Any) -> None:
    StepUpRule.objects.filter(kind=kind, currency=currency).update(**values)


def test_a_usual_purchase_needs_none(session):
    assert not needs(session)


def test_the_first_rules():
    shown = StepUpRule.objects.order_by("kind", "currency").values_list(
        "currency", "failed_payments", "window_days", "device_age_hours", "amount_minor", "is_enabled"
    )
    assert list(shown) == [
        ("", 3, 7, None, None, True),
        ("", None, None, 24, 0, True),
        ("EUR", None, None, 24, 50_000, True),
        ("GBP", None, None, 24, 45_000, True),
        ("USD", None, None, 24, 55_000, True),
    ]


def test_several_failed_payments_need_one(session, owner):
    fail(owner, 2)
    assert not needs(session, CHEAP)
    fail(owner, 1)
    assert needs(session, CHEAP)


def test_failed_payments_count_within_the_days_of_the_rule(session, owner, now):
    fail(owner, 3, days=7)
    assert not needs(session)
    fail(owner, 2)
    assert not needs(session)
    fail(owner, 1, days=6, hours=23, minutes=59)
    assert needs(session)


def test_a_payment_counts_from_its_failure_and_not_from_the_order(session, owner, now):
    with time_machine.travel(now - timedelta(days=9), tick=False):
        old = [unpaid_order(owner) for _ in range(3)]
    for order in old:
        orders.close_unpaid(order.pk, to=OrderStatus.FAILED, cause="test")
    assert needs(session)


@pytest.mark.parametrize("to", [OrderStatus.EXPIRED, OrderStatus.CANCELLED])
def test_other_ends_of_an_order_are_no_failed_payments(session, owner, to):
    for _ in range(3):
        orders.close_unpaid(unpaid_order(owner).pk, to=to, cause="test")
    assert not needs(session)


def test_a_payment_that_came_after_all_is_no_failed_one(session, owner):
    failed = fail(owner, 3)
    assert needs(session)
    orders.pay(failed[0].pk, cause="test")
    assert not needs(session)


def test_failed_payments_of_others_do_not_count(session, stranger):
    fail(stranger, 3)
    assert not needs(session)


def test_the_numbers_of_failed_payments_are_data(session, owner):
    change(StepUpRuleKind.FAILED_PAYMENTS, failed_payments=1)
    fail(owner, 1, days=3)
    assert needs(session)
    change(StepUpRuleKind.FAILED_PAYMENTS, window_days=2)
    assert not needs(session)


def test_a_high_amount_on_a_new_device_needs_one(session, now):
    assert needs(aged(session, hours=23, minutes=59), HIGH)
    assert not needs(session, HIGH - 1)


def test_a_device_is_new_for_the_hours_of_the_rule(session, now):
    assert not needs(aged(session, hours=24), HIGH * 10)
    change(StepUpRuleKind.NEW_DEVICE_AND_HIGH_AMOUNT, EUROS, device_age_hours=25)
    assert needs(session, HIGH)


def test_a_new_sign_in_is_a_new_device(session, owner):
    assert not needs(session)
    assert needs(start_session(user=owner))


def test_each_currency_has_its_own_amount(session):
    aged(session, hours=1)
    assert needs(session, 45_000, "GBP")
    assert not needs(session, 45_000, "USD")
    assert not needs(session, 45_000, "EUR")


def test_any_amount_is_high_in_a_currency_without_a_rule(session):
    assert needs(aged(session, hours=1), 1, "SEK")
    assert not needs(aged(session, hours=24), 10**6, "SEK")


def test_a_rule_that_is_not_enabled_fires_for_nothing(session, owner):
    aged(session, hours=1)
    change(StepUpRuleKind.NEW_DEVICE_AND_HIGH_AMOUNT, EUROS, is_enabled=False)
    assert not needs(session, HIGH, EUROS)  # the rule for other currencies does not take its place
    assert needs(session, HIGH, "SEK")
    fail(owner, 3)
    change(StepUpRuleKind.FAILED_PAYMENTS, is_enabled=False)
    assert not needs(session, HIGH, EUROS)


def test_a_flag_of_staff_needs_one_until_it_is_lifted(session, owner, staff):
    flag_account(user=owner, staff=staff, reason="a stolen card")
    assert needs(session, 1)
    lift_flag(user=owner, staff=staff, reason="the bank was wrong")
    assert not needs(session, 1)
    flag_account(user=owner, staff=staff, reason="once more")
    assert needs(session, 1)


def test_a_flag_of_another_account_does_not_count(session, staff, stranger):
    flag_account(user=stranger, staff=staff, reason="a stolen card")
    assert not needs(session)


def test_the_refusal_names_no_rule(session, owner, staff):
    flag_account(user=owner, staff=staff, reason="a stolen card")
    with pytest.raises(StepUpRequired) as raised:
        step_up.require(user=owner, session=session, price_minor=1, currency=EUROS)
    answer = json_refusal(raised.value)
    assert answer.status_code == 403
    body = body_of(raised.value)
    assert {name: body[name] for name in ("error_code", "reason")} == {
        "error_code": "FORBIDDEN",
        "reason": "STEP_UP_REQUIRED",
    }
    assert set(body) == {"error_code", "reason", "message", "request_id"}
    assert "card" not in body["message"]


def test_the_refusal_says_when_a_code_can_reach_a_new_address(phone, session, owner, staff, mailoutbox, now):
    flag_account(user=owner, staff=staff, reason="a stolen card")
    User.objects.update(email_changed_at=now - timedelta(hours=23))
    session = Session.objects.select_related("user").get()
    with pytest.raises(StepUpUnavailable) as raised:
        needs(session)
    body = body_of(raised.value)
    assert (json_refusal(raised.value).status_code, body["error_code"], body["reason"]) == (
        403,
        "FORBIDDEN",
        "EMAIL_CHANGED",
    )
    assert body["available_at"] == (now + timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    assert "card" not in body["message"]
    User.objects.update(email_changed_at=now - timedelta(hours=24))
    session = Session.objects.select_related("user").get()
    assert needs(session)
    step_up_by(phone, mailoutbox)
    User.objects.update(email_changed_at=now)
    session = Session.objects.select_related("user").get()
    assert not needs(session)  # it is open by a code that went to the former address


def test_an_authenticator_is_asked_also_with_a_new_address(session, owner, staff, now):
    flag_account(user=owner, staff=staff, reason="a stolen card")
    User.objects.update(email_changed_at=now)
    TOTPDevice.objects.create(user=owner, name="authenticator")
    assert needs(Session.objects.select_related("user").get())


def step_up_by(phone: Phone, mailbox: list[Any]) -> None:
    assert phone.post("/auth/step-up").status_code == 202
    send_step_up_code(str(StepUp.objects.latest("requested_at").pk))
    assert phone.post("/auth/step-up/verify", {"code": code_in(mailbox[-1])}).status_code == 200


@pytest.fixture
def flagged(owner, staff) -> User:
    flag_account(user=owner, staff=staff, reason="a stolen card")
    return owner


@pytest.mark.usefixtures("flagged")
def test_the_right_code_allows_purchases_for_ten_minutes(phone, session, mailoutbox, settings):
    moment = timezone.now()
    with time_machine.travel(moment, tick=False):
        assert needs(session)
        step_up_by(phone, mailoutbox)
        assert not needs(session)
    with time_machine.travel(moment + timedelta(minutes=9, seconds=59), tick=False):
        assert not needs(session)
    with time_machine.travel(moment + timedelta(minutes=10), tick=False):
        assert needs(session)


def test_the_right_code_allows_purchases_in_spite_of_the_rules(phone, session, owner, mailoutbox):
    fail(owner, 3)
    aged(session, hours=1)
    assert needs(session)
    step_up_by(phone, mailoutbox)
    assert not needs(session)


@pytest.mark.usefixtures("flagged")
def test_the_right_code_allows_nothing_in_another_session(phone, session, owner, mailoutbox):
    step_up_by(phone, mailoutbox)
    assert needs(start_session(user=owner))


@pytest.mark.usefixtures("flagged")
def test_signing_out_ends_it(phone, session, mailoutbox):
    step_up_by(phone, mailoutbox)
    end_session(session=session, reason=EndReason.LOGGED_OUT)
    assert needs(session)


def test_a_session_of_another_user_is_an_error(session, stranger):
    with pytest.raises(ValueError, match="another user"):
        step_up.require(user=stranger, session=session, price_minor=1, currency=EUROS)


def statements(session: Session) -> int:
    with CaptureQueriesContext(connection) as made:
        needs(session)
    return len(made)


def test_the_statements_do_not_grow_with_the_orders(session, owner):
    session = Session.objects.select_related("user").get()
    fail(owner, 1)
    few = statements(session)
    fail(owner, 9)
    assert few == 3  # flag, rules, failed payments
    assert statements(session) == 4  # and whether the session is open


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "full_moon"},
        {"kind": "failed_payments", "failed_payments": 3},
        {"kind": "failed_payments", "failed_payments": 0, "window_days": 7},
        {"kind": "failed_payments", "failed_payments": 3, "window_days": 7, "currency": "EUR"},
        {"kind": "failed_payments", "failed_payments": 3, "window_days": 7, "amount_minor": 1},
        {"kind": "new_device_and_high_amount", "device_age_hours": 24, "currency": "CHF"},
        {"kind": "new_device_and_high_amount", "device_age_hours": 0, "amount_minor": 1, "currency": "CHF"},
        {"kind": "new_device_and_high_amount", "device_age_hours": 24, "amount_minor": 1, "currency": "chf"},
        {"kind": "new_device_and_high_amount", "device_age_hours": 24, "amount_minor": 1, "currency": "EUR"},
    ],
)
def test_the_table_refuses_incomplete_and_repeated_rules(db, values):
    if values.get("currency") != EUROS:
        StepUpRule.objects.all().delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        StepUpRule.objects.create(**values)
