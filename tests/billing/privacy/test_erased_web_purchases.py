"""Test an erasure after web purchases: billing ends, the books remain, and late events restore no owner."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Erasure
from accounts.tasks import resume_privacy_work
from billing.models import Finding, Order, ProviderEvent, Subscription
from billing.reconciliation import reconcile
from billing.vocabulary import OrderStatus, SubscriptionState
from drills.money.random_steps import faults_of_all
from testing.phone import Phone
from testing.web_purchases import buy, order_of, post, work_off
from tests.accounts.privacy.full_account import erase, found

pytestmark = pytest.mark.django_db
BUYER, CUSTOMER = "wilhelmine@petersen.example", "cus_Wilhelmine1"
NUMBER = "+49 4343 1234"
SAID = {"email": BUYER, "name": "Wilhelmine Petersen", "phone": NUMBER}


def with_the_buyer(event: dict[str, Any]) -> dict[str, Any]:
    """Return the event with its payer, as the real Stripe sends it."""
    thing = {**event["data"]["object"], "customer": CUSTOMER, "customer_details": SAID, "billing_details": SAID}
    return {**event, "data": {**event["data"], "object": thing}}


def deliver(fake, *, since: int = 0) -> None:
    for event in fake.events[since:]:
        assert post(fake, with_the_buyer(event)).status_code == 200
    work_off()


def paid(phone: Phone, fake, product: str = "osmosis_inspection") -> Order:
    order = order_of(buy(phone, product))
    fake.pay(order.provider_ref)
    deliver(fake)
    order.refresh_from_db()
    assert order.status == OrderStatus.PAID
    return order


@pytest.fixture
def bodies_of_a_neighbour(stranger, fake) -> list[bytes]:
    paid(Phone.of(stranger), fake)
    return [bytes(body) for body in ProviderEvent.objects.order_by("pk").values_list("body", flat=True)]


def test_data_of_the_provider_about_the_buyer_are_blanked(phone, fake):
    paid(phone, fake)
    assert set(found(BUYER, CUSTOMER, "Petersen", NUMBER)) == {BUYER, CUSTOMER, "Petersen", NUMBER}
    before = ProviderEvent.objects.count()
    erase(phone)
    assert found(BUYER, CUSTOMER, "Petersen", NUMBER) == []
    assert ProviderEvent.objects.count() == before  # their arrival is stored: none counts twice


def test_events_with_only_the_customer_id_are_blanked(phone, fake):
    paid(phone, fake)
    data = {"id": CUSTOMER, "object": "subscription", **SAID}
    event = {"id": "evt_customer", "type": "customer.subscription.updated", "data": {"object": data}}
    ProviderEvent.objects.create(
        provider="stripe",
        event_id="evt_customer",
        kind="x",
        verdict="x",
        due_at=timezone.now(),
        body=repr(event).replace("'", '"').encode(),
    )
    erase(phone)
    assert found(BUYER, CUSTOMER) == []


def test_the_body_of_an_unused_event_is_not_stored(fake):
    event = {
        "id": "evt_9",
        "type": "customer.created",
        "data": {"object": {"id": CUSTOMER, "object": "customer", **SAID}},
    }
    assert post(fake, event).status_code == 200
    assert bytes(ProviderEvent.objects.get().body) == b""


def test_events_of_another_owner_are_not_changed(bodies_of_a_neighbour, phone, fake):
    before = fake.events
    order = order_of(buy(phone))
    fake.pay(order.provider_ref)
    for event in fake.events[len(before) :]:
        data = {**with_the_buyer(event)["data"]["object"], "customer": "cus_Another1"}
        post(fake, {**event, "data": {"object": data}})
    work_off()
    erase(phone)
    assert all(body in [bytes(row.body) for row in ProviderEvent.objects.all()] for body in bodies_of_a_neighbour)


def test_a_late_event_is_booked_without_the_owner(phone, fake):
    with time_machine.travel(timezone.now() - timedelta(days=3)):
        order = paid(phone, fake)
    done = len(fake.events)
    erase(Phone.of(phone.owner))
    order.refresh_from_db()
    assert order.status == OrderStatus.PAID  # too late to cancel
    dispute = fake.open_dispute(order.payment_ref)
    fake.withdraw_funds(dispute["id"])
    deliver(fake, since=done)
    order.refresh_from_db()
    assert order.status == OrderStatus.DISPUTED
    assert found(BUYER, CUSTOMER, "Petersen") == []
    assert faults_of_all() == []


def test_a_waiting_event_is_processed_and_blanked(phone, fake):
    order = order_of(buy(phone))
    fake.pay(order.provider_ref)
    for event in fake.events:
        post(fake, with_the_buyer(event))
    erase(phone)
    assert found(BUYER, CUSTOMER) == []
    work_off()
    assert set(ProviderEvent.objects.values_list("state", flat=True)) == {"done"}
    assert found(BUYER, CUSTOMER) == []


def test_an_unused_purchase_is_refunded_within_its_hours(phone, fake):
    order = paid(phone, fake)
    erase(phone)
    order.refresh_from_db()
    assert order.status == OrderStatus.REFUNDED
    assert faults_of_all() == []


def test_the_erasure_closes_an_open_page(phone, fake):
    order = order_of(buy(phone))
    erase(phone)
    order.refresh_from_db()
    assert order.status == OrderStatus.CANCELLED
    assert fake.seen("checkout.session", order.provider_ref)["status"] == "expired"


def test_the_erasure_ends_a_subscription_at_the_provider(phone, fake):
    paid(phone, fake, "corrosion_monthly")
    subscription = Subscription.objects.get()
    assert erase(phone).done_at is not None
    subscription.refresh_from_db()
    assert subscription.state == SubscriptionState.LAPSED
    assert fake.seen("subscription", subscription.provider_ref)["status"] == "canceled"
    deliver(fake)
    assert found(BUYER, CUSTOMER) == []


def test_an_outage_of_the_provider_delays_only_the_end_of_the_erasure(phone, fake, owner):
    paid(phone, fake, "corrosion_monthly")
    fake.set_faults(down=True)
    receipt = erase(phone)
    assert receipt.done_at is None
    assert found(owner.email, BUYER) == []
    fake.set_faults(down=False)
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        resume_privacy_work()
    assert Erasure.objects.get().done_at is not None
    assert Subscription.objects.get().state == SubscriptionState.LAPSED


def test_reconciliation_after_the_erasure_has_no_difference(phone, fake):
    with time_machine.travel(timezone.now() - timedelta(days=3)):
        paid(phone, fake)
    erase(Phone.of(phone.owner))
    day = (timezone.now() - timedelta(days=3)).date()
    reconcile("stripe", day)
    assert list(Finding.objects.all()) == []
