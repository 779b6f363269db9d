"""Test the pages of payees, payouts and refunds: what staff see, what they do, and that each step has a reason."""

import pytest
from django.contrib.auth.models import Permission

from accounts.models import StaffAction
from billing.models import Payee, PayeePayout, RefundRequest
from billing.payees import payouts
from billing.payees.register import register_payee
from billing.services.selling import refund_service
from billing.tasks import sweep_payments
from testing.deliverer import buy_service, delivering
from testing.factories import UserFactory
from testing.web_purchases import deliver_events, selling
from tests.billing.payees.moments import delivered, pay_out, payout_of, states_of

pytestmark = pytest.mark.django_db
REASON = {"reason": "as agreed on the phone"}


@pytest.fixture
def fake(settings):
    with selling(settings) as fake, delivering():
        yield fake


@pytest.fixture
def payee(db, fake) -> Payee:
    account = fake.connect_account()["id"]
    return register_payee(user=UserFactory.create(), country="DE", currency="EUR", account_ref=account)


@pytest.fixture
def cashier(staff, desk):
    """May also keep payees, which support may not."""
    staff.user_permissions.add(*Permission.objects.filter(codename__in=("add_payee", "change_payee")))
    return desk


def text(client, path: str) -> str:
    answer = client.get(f"/admin/billing/{path}")
    assert answer.status_code == 200
    return answer.content.decode()


def act(client, path: str, name: str, **data):
    return client.post(f"/admin/billing/{path}/act/{name}/", {**REASON, **data}, follow=True)


def test_a_user_becomes_a_payee_once_with_a_reason(cashier, owner):
    page = f"entitlement/{owner.pk}"
    values = {"country": "DE", "currency": "EUR", "account_ref": "acct_1"}
    assert b"is paid in EUR" in act(cashier, page, "register_payee", **values).content
    payee = Payee.objects.get(user=owner)
    assert (payee.country, payee.account_ref) == ("DE", "acct_1")
    assert StaffAction.objects.get().reason == REASON["reason"]
    assert b"is a payee already" in act(cashier, page, "register_payee", **values).content


@pytest.mark.parametrize("values", [{"country": "XX"}, {"currency": "eur"}, {"account_ref": "a b"}])
def test_a_payee_who_cannot_be_paid_is_refused(cashier, owner, values):
    whole = {"country": "DE", "currency": "EUR", "account_ref": "acct_1"} | values
    answer = act(cashier, f"entitlement/{owner.pk}", "register_payee", **whole)
    assert answer.context["form"].errors
    assert not Payee.objects.exists()
    assert not StaffAction.objects.exists()


def test_a_taken_account_is_refused(cashier, owner, payee):
    values = {"country": "DE", "currency": "EUR", "account_ref": payee.account_ref}
    answer = act(cashier, f"entitlement/{owner.pk}", "register_payee", **values)
    assert answer.context["form"].non_field_errors() == ["This account belongs to another payee."]


def test_the_account_of_a_payee_changes_after_a_confirmation(cashier, payee):
    page, values = f"payee/{payee.pk}", {"country": "NL", "account_ref": "acct_2"}
    shown = act(cashier, page, "change_payee", **values).content.decode()
    assert "is paid at acct_2" in shown
    assert Payee.objects.get().country == "DE"
    act(cashier, page, "change_payee", confirmed="yes", **values)
    assert (Payee.objects.get().country, Payee.objects.get().account_ref) == ("NL", "acct_2")
    unchanged = act(cashier, page, "change_payee", confirmed="yes", **values)
    assert unchanged.context["form"].non_field_errors() == ["No change: these are the current values."]


def test_support_may_not_keep_payees(desk, support, payee, owner):
    for client in (desk, support):
        for path in (f"entitlement/{owner.pk}/act/register_payee", f"payee/{payee.pk}/act/change_payee"):
            assert client.post(f"/admin/billing/{path}/", REASON).status_code == 403


def test_a_failed_payout_is_paid_again_with_a_reason(desk, owner, fake, payee):
    order = delivered(owner, fake, payee)
    fake.restrict_account(payee.account_ref)
    PayeePayout.objects.update(due_at=order.created_at)
    payouts.carry_out(payout_of(order).pk)
    page = f"payeepayout/{payout_of(order).pk}"
    shown = text(desk, f"{page}/change/")
    assert "insufficient_capabilities_for_transfer" in shown
    assert "170.00 EUR" in shown
    assert b"is scheduled for" in act(desk, page, "pay_again").content
    assert states_of(order) == ["failed", "scheduled"]
    assert "scheduled already" in act(desk, page, "pay_again").context["form"].non_field_errors()[0]
    assert StaffAction.objects.filter(action="pay_again").count() == 1


def test_a_payout_that_did_not_fail_is_not_paid_again(desk, owner, fake, payee):
    order = delivered(owner, fake, payee)
    answer = act(desk, f"payeepayout/{payout_of(order).pk}", "pay_again")
    assert b"it did not fail" in answer.content
    assert states_of(order) == ["scheduled"]


def test_a_payout_shows_that_it_is_kept_back_and_the_list_finds_it(desk, owner, fake, payee):
    order, other = delivered(owner, fake, payee), delivered(owner, fake, payee)
    payouts.block_payout(order.pk)
    assert "the end of a dispute" in text(desk, f"payeepayout/{payout_of(order).pk}/change/")
    found = desk.get("/admin/billing/payeepayout/?blocked=yes").context["cl"].queryset
    assert list(found) == [payout_of(order)]
    assert "the end of a dispute" not in text(desk, f"payeepayout/{payout_of(other).pk}/change/")


def test_the_pages_lead_from_the_order_to_its_share_its_payout_and_its_payee(desk, owner, fake, payee):
    order = delivered(owner, fake, payee)
    pay_out(fake, days=30)
    payout = payout_of(order)
    assert f"/admin/billing/payeepayout/{payout.pk}/change/" in text(desk, f"order/{order.pk}/change/")
    shown = text(desk, f"payeepayout/{payout.pk}/change/")
    assert f"/admin/billing/order/{order.pk}/change/" in shown
    assert f"/admin/billing/payee/{payee.pk}/change/" in shown
    assert payout.provider_ref in shown
    page = text(desk, f"payee/{payee.pk}/change/")
    assert f"/admin/accounts/user/{payee.user_id}/change/" in page
    assert f"/admin/billing/payeepayout/{payout.pk}/change/" in page
    share = text(desk, f"payeeshare/{payout.share_id}/change/")
    assert "15 %" in share
    assert f"/admin/billing/order/{order.pk}/change/" in share


def test_the_payouts_of_a_user_are_only_theirs(desk, owner, fake, payee):
    order = delivered(owner, fake, payee)
    other = register_payee(user=UserFactory.create(), country="DE", currency="EUR")
    delivered(owner, fake, other)
    found = desk.get(f"/admin/billing/payeepayout/?payee__user__id__exact={payee.user_id}").context["cl"].queryset
    assert list(found) == [payout_of(order)]


def test_a_refund_that_came_back_is_requested_again_with_a_reason(desk, owner, fake):
    order = buy_service(owner, fake)
    refund_service(order.pk, cause="cancelled")
    assert "cancelled" in text(desk, f"order/{order.pk}/change/")
    refused = act(desk, f"order/{order.pk}", "refund", amount="1")
    assert b"the refund of the rest is in progress" in refused.content
    sweep_payments()
    fake.fail_refund(fake.world.where("refund")[0]["id"])
    deliver_events(fake)
    page = f"refundrequest/{RefundRequest.objects.get().pk}"
    assert f"/admin/billing/order/{order.pk}/change/" in text(desk, f"{page}/change/")
    assert b"is requested again" in act(desk, page, "request_again").content
    assert RefundRequest.objects.filter(state="open").count() == 1
    assert StaffAction.objects.get().action == "request_again"
    made = RefundRequest.objects.get(state="open")
    assert b"did not come back" in act(desk, f"refundrequest/{made.pk}", "request_again").content
    assert b"is requested again already" in act(desk, page, "close_refund_request").content


def test_a_refund_that_the_owner_got_in_another_way_is_closed_with_a_reason(desk, owner, fake):
    order = buy_service(owner, fake)
    refund_service(order.pk, cause="cancelled")
    sweep_payments()
    page = f"refundrequest/{RefundRequest.objects.get().pk}"
    assert b"did not come back" in act(desk, page, "close_refund_request").content
    fake.fail_refund(fake.world.where("refund")[0]["id"])
    deliver_events(fake)
    assert b"is closed" in act(desk, page, "close_refund_request").content
    assert (RefundRequest.objects.get().state, StaffAction.objects.get().action) == ("dropped", "close_refund_request")


def test_staff_read_what_a_refund_of_a_service_does(desk, owner, fake, payee):
    order = delivered(owner, fake, payee)
    assert "gives up the same part of its share" in text(desk, f"order/{order.pk}/act/refund/")
