"""Test that staff give a credit, or time, through the rules of orders and subscriptions, once per form."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import StaffAction
from billing.entitlements import entitlements
from billing.ledger import inspection_credits, journal
from billing.models import Entitlement, Subscription, SubscriptionEvent
from billing.vocabulary import Account

pytestmark = pytest.mark.django_db


def page(owner):
    return f"/admin/billing/entitlement/{owner.pk}/change/"


def act(client, owner, name, **fields):
    values = {"key": str(uuid4()), "reason": "our mistake"} | fields
    return client.post(f"/admin/billing/entitlement/{owner.pk}/act/{name}/", values, follow=True)


def grant(client, owner, **fields):
    return act(client, owner, "grant_credit", **fields)


def extend(client, owner, days=30, **fields):
    until = (timezone.now() + timedelta(days=days)).date().isoformat()
    return act(client, owner, "extend_subscription", **{"plan": "monthly", "until": until} | fields)


def test_a_credit_is_granted_as_an_order_that_costs_nothing(desk, staff, owner):
    assert "Grant a credit: done." in grant(desk, owner).content.decode()
    order = owner.orders.get()
    assert (order.provider, order.price_minor, order.status) == ("staff", 0, "paid")
    assert inspection_credits.balance_of(owner).available == 1
    assert journal.balances_of_owner(owner, unit="EUR")[Account.CASH] == 0
    action = StaffAction.objects.get()
    assert (action.staff, action.action, action.reason) == (staff, "grant_credit", "our mistake")
    assert (action.detail["order"], action.subject_id) == (str(order.pk), str(owner.pk))
    assert str(order.pk) in desk.get(page(owner)).content.decode()


def test_a_subscription_is_extended_until_the_end_of_a_day(desk, staff, owner):
    assert extend(desk, owner, plan="yearly").status_code == 200
    given = Subscription.objects.get()
    ends_at = timezone.now() + timedelta(days=31)
    assert (given.provider, given.plan, given.ends_at.date(), given.ends_at.hour) == (
        "staff",
        "yearly",
        ends_at.date(),
        0,
    )
    entitlement = entitlements.corrosion_entitlement(owner)
    assert (entitlement.subscribed, entitlement.ends_at) == (True, given.ends_at)
    assert SubscriptionEvent.objects.get().cause == "given by staff"
    action = StaffAction.objects.get()
    assert (action.staff, action.action, action.detail["plan"]) == (staff, "extend_subscription", "yearly")
    text = desk.get(page(owner)).content.decode()
    assert "Subscribed" in text
    assert str(given.pk) in text


def test_a_form_sent_twice_grants_once(desk, owner):
    key = str(uuid4())
    for _ in range(2):
        assert "done" in grant(desk, owner, key=key).content.decode()
        assert "done" in extend(desk, owner, key=key).content.decode()
    assert (inspection_credits.balance_of(owner).available, Subscription.objects.count()) == (1, 1)
    assert StaffAction.objects.count() == 2


@pytest.mark.parametrize("fields", [{"reason": ""}, {"reason": " \n"}, {"key": ""}])
def test_a_grant_needs_a_reason_and_a_key(desk, owner, fields):
    for give in (grant, extend):
        assert give(desk, owner, **fields).context["form"].errors.keys() == fields.keys()
    assert not Entitlement.objects.exists()
    assert not StaffAction.objects.exists()


@pytest.mark.parametrize(
    "fields", [{"days": -1}, {"days": 800}, {"until": "soon"}, {"until": "9999-12-31"}, {"plan": "lifetime"}]
)
def test_an_invalid_end_or_plan_is_refused(desk, owner, fields):
    assert extend(desk, owner, **fields).context["form"].errors
    assert not Subscription.objects.exists()
    assert not StaffAction.objects.exists()


def test_a_subscription_with_a_later_end_is_not_extended(desk, owner):
    extend(desk, owner, days=60)
    assert "already" in extend(desk, owner, days=30).context["form"].non_field_errors()[0]
    entitlements.set_mock_corrosion_subscription(owner=owner, active=True)
    assert "no end" in extend(desk, owner, days=90).context["form"].non_field_errors()[0]
    assert (Subscription.objects.count(), StaffAction.objects.count()) == (1, 1)


def test_an_onlooker_can_grant_nothing(onlooker, owner):
    for give in (grant, extend):
        assert give(onlooker, owner).status_code == 403
    assert "/act/" not in onlooker.get(page(owner)).content.decode()
    assert not StaffAction.objects.exists()


def test_support_is_offered_both_grants(support, owner):
    text = support.get(page(owner)).content.decode()
    assert "/act/grant_credit/" in text
    assert "/act/extend_subscription/" in text
