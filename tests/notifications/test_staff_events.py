"""Test that staff are notified of each event that needs a person, once per cause, with a link that works."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.utils import timezone

from billing.models import Finding, Order
from billing.providers.base import ProviderRefused
from billing.providers.stripe.client import StripeProvider
from billing.reconciliation import reconcile
from billing.sync import polling
from billing.tasks import reconcile_yesterday
from billing.vocabulary import Provider
from inspections.engines.stub import StubEngine
from inspections.lifecycle import failures
from inspections.objects import garbage_collection
from inspections.tasks import sweep_objects
from maretech.common.observability.metrics import ISOLATED_FAILURES
from maretech.common.storage import object_store
from notifications.models import Delivery, Notification
from testing.phone import Phone, work
from testing.web_purchases import buy, deliver_events, order_of, selling
from tests.billing.entitlements.test_one_subscription import from_a_store

pytestmark = pytest.mark.django_db


def staff_notifications(kind: str) -> list[Notification]:
    return list(Notification.objects.filter(kind=kind, recipient=None).order_by("created_at"))


def linked(notification: Notification) -> str:
    """Return the path of the admin page that the notification names."""
    (url,) = re.findall(r"https?://[^/]+(/admin/\S+)", notification.body)
    return url


@pytest.fixture
def fake(settings):
    with selling(settings) as fake:
        yield fake


@pytest.fixture
def paid(phone, fake) -> Order:
    page = buy(phone)
    fake.pay(order_of(page).provider_ref)
    deliver_events(fake)
    return order_of(page)


def fail_analyses(phone: Phone, monkeypatch, error: Exception, *, times: int) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    phone.subscribe()
    with monkeypatch.context() as patched:
        patched.setattr(StubEngine, "examine", fail)
        for seed in range(times):
            opened = phone.open()
            phone.shoot(opened["uploads"], seed=10 * seed)
            phone.send(f"/inspections/{opened['inspection_id']}/submit")
            for _ in range(3):
                with pytest.raises(type(error)):
                    work(opened["inspection_id"])


def test_a_failed_analysis_is_reported_once_a_day_per_kind_of_error(phone, monkeypatch, support) -> None:
    fail_analyses(phone, monkeypatch, RuntimeError("of the first model"), times=2)
    (found,) = staff_notifications("analysis_failed")
    assert support.get(linked(found)).status_code == 200
    fail_analyses(phone, monkeypatch, LookupError("another"), times=1)
    assert len(staff_notifications("analysis_failed")) == 2
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        fail_analyses(Phone.of(phone.owner), monkeypatch, RuntimeError("of the first model"), times=1)
    assert len(staff_notifications("analysis_failed")) == 3
    assert Delivery.objects.filter(channel="ops").count() == 3


def test_an_inspection_that_expires_or_is_deleted_needs_no_person(phone) -> None:
    first, second = phone.open("osmosis"), phone.open()
    assert phone.delete(f"/inspections/{first['inspection_id']}").status_code == 204
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        failures.expire(UUID(second["inspection_id"]))
    assert Notification.objects.filter(kind="inspection_failed").exists()
    assert not Notification.objects.filter(recipient=None).exists()


def test_a_second_subscription_is_reported_once(owner, support) -> None:
    for provider in (Provider.APP_STORE, Provider.PLAY_STORE, Provider.PLAY_STORE):
        from_a_store(owner, provider=provider)
    (found,) = staff_notifications("second_subscription")
    assert found.data == {"finding_id": str(Finding.objects.get().pk)}
    assert support.get(linked(found)).status_code == 200


def test_a_refund_that_came_back_is_reported_once(phone, fake, paid, support) -> None:
    done = len(fake.events)
    refund = fake.refund(paid.payment_ref, 900)
    fake.fail_refund(refund["id"])
    deliver_events(fake, times=2, since=done)
    (found,) = staff_notifications("refund_failed")
    assert found.data == {"order_id": str(paid.pk)}
    assert support.get(linked(found)).status_code == 200
    assert refund["id"] not in found.event_key


def test_a_cancelled_order_that_the_provider_does_not_refund_is_reported_once(phone, paid, monkeypatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ProviderRefused("the balance is too low")

    monkeypatch.setattr(StripeProvider, "refund", refuse)
    assert phone.post(f"/orders/{paid.pk}/cancel").status_code == 503
    for _ in range(2):
        with pytest.raises(ProviderRefused):
            polling.sync_order(paid.pk)
    assert [found.data for found in staff_notifications("refund_failed")] == [{"order_id": str(paid.pk)}]


def test_a_failed_payout_is_reported_once(fake, paid, support) -> None:
    payout = fake.make_payout()
    fake.advance_payout(payout["id"], "failed")
    for _ in range(2):
        reconcile(Provider.STRIPE, timezone.now().date())
    (found,) = staff_notifications("bank_payout_failed")
    assert support.get(linked(found)).status_code == 200


def test_the_store_of_another_database_is_reported_once_a_day(phone, settings) -> None:
    settings.ORPHAN_AGE_HOURS = -1
    for number in range(garbage_collection.MAX_UNKNOWN + 1):
        object_store().write(f"inspections/{number}/x", b"x", content_type="image/jpeg")
    garbage_collection.collect_garbage(dry_run=True)
    assert not staff_notifications("foreign_store")
    for _ in range(2):
        sweep_objects()
    (found,) = staff_notifications("foreign_store")
    assert found.data == {"day": str(timezone.now().date())}


def test_a_day_that_cannot_be_compared_counts_as_an_isolated_failure(fake) -> None:
    before = ISOLATED_FAILURES._value.get()
    fake.down = True
    reconcile_yesterday()
    assert ISOLATED_FAILURES._value.get() == before + 2
