"""Test that staff can find subscriptions and read their explanation, and that the pages offer no action."""

from datetime import timedelta

import pytest
from django.utils import timezone

from billing import orders
from billing.entitlements import subscriptions
from billing.providers.base import SubscriptionFacts
from billing.vocabulary import ProductCode, Provider, SubscriptionState
from tests.billing.admin.states import HOSTILE

pytestmark = pytest.mark.django_db
LIST = "/admin/billing/subscription/"


@pytest.fixture
def subscription(owner):
    now = timezone.now()
    facts = SubscriptionFacts(
        ref=f"sub_{HOSTILE}", plan="monthly", state=SubscriptionState.ACTIVE, ends_at=now + timedelta(days=30)
    )
    begun = subscriptions.record(
        owner_id=owner.pk, provider=Provider.STRIPE, facts=facts, asked_at=now, cause=f"stripe {HOSTILE}"
    )
    purchase = orders.Purchase(
        provider=Provider.STRIPE, provider_ref="in_1", product=ProductCode.CORROSION_MONTHLY, subscription=begun
    )
    orders.record_purchase(owner=owner, purchase=purchase, cause="test")
    return begun


def test_a_search_finds_a_subscription_by_owner_and_reference(support, subscription, owner):
    for query in ({"q": owner.email}, {"q": "sub_"}, {"state": "active"}, {"provider": "stripe"}):
        assert list(support.get(LIST, query).context["cl"].queryset) == [subscription]
    assert not support.get(LIST, {"q": "nobody"}).context["cl"].result_count


def test_the_page_shows_history_and_orders(support, subscription, owner):
    text = support.get(f"{LIST}{subscription.pk}/change/").content.decode()
    assert HOSTILE not in text
    assert "&lt;script&gt;" in text
    assert "in_1" in text
    assert "until 2" in text
    assert "the money for the newest period is ours" in text
    assert owner.email in text
    assert "/act/" not in text


def test_the_page_of_an_order_links_to_its_subscription(support, subscription):
    order = subscription.orders.get()
    assert f"{LIST}{subscription.pk}/" in support.get(f"/admin/billing/order/{order.pk}/change/").content.decode()


def test_a_superuser_cannot_change_a_subscription(boss, subscription):
    for path in (f"{subscription.pk}/change/", f"{subscription.pk}/delete/", "add/"):
        assert boss.post(LIST + path, {"post": "yes", "state": "active"}).status_code == 403
