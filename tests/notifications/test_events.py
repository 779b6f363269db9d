"""Test that events of the other apps are notified once, in their own transaction."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.utils import timezone

from accounts.identity.passwords import change_password
from accounts.identity.sessions import sign_in, start_session
from billing import orders
from billing.inbox import events
from billing.models import Order, Product, ProviderEvent
from billing.providers.base import Event, EventSubject
from billing.reconciliation.differences import Difference, store
from billing.vocabulary import FindingKind, Provider
from inspections.lifecycle import failures, notices
from inspections.models import Inspection
from inspections.work import photo_check
from inspections.work.photo_check import check_uploaded_photo
from notifications.models import Notification
from testing.factories import PASSWORD

pytestmark = pytest.mark.django_db


def notifications_of(kind: str) -> list[Notification]:
    return list(Notification.objects.filter(kind=kind).order_by("created_at"))


# --- inspections -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("mode", ["osmosis", "corrosion"])
def test_a_delivered_result_notifies_in_the_words_of_its_mode(phone, mode) -> None:
    inspection_id = phone.complete(mode)
    (found,) = notifications_of("result_ready")
    assert (found.recipient, found.variant, found.data) == (phone.owner, mode, {"inspection_id": inspection_id})
    assert mode in found.title


def test_an_inspection_not_submitted_in_time_notifies_once(phone) -> None:
    opened = phone.open()
    with time_machine.travel(timezone.now() + timedelta(hours=73)):
        for _ in range(2):
            failures.expire(UUID(opened["inspection_id"]))
    (found,) = notifications_of("inspection_failed")
    assert found.data == {"inspection_id": opened["inspection_id"]}


def test_an_inspection_that_its_owner_deleted_does_not_notify(phone) -> None:
    opened = phone.open()
    assert phone.delete(f"/inspections/{opened['inspection_id']}").status_code == 204
    assert not notifications_of("inspection_failed")


def test_a_returned_credit_notifies(phone) -> None:
    phone.buy()
    opened = phone.post("/inspections", {"mode": "osmosis"}).json()
    assert phone.delete(f"/inspections/{opened['inspection_id']}").status_code == 204
    (found,) = notifications_of("credit_returned")
    assert found.data == {"inspection_id": opened["inspection_id"]}


def test_photos_to_retake_notify_once_per_point(phone) -> None:
    opened = phone.open()
    for upload in opened["uploads"][:2]:
        phone.upload(upload, b"not a picture")
        phone.send(f"/assets/{upload['asset_id']}/uploaded")
        check_uploaded_photo(UUID(upload["asset_id"]))
    (found,) = notifications_of("photos_to_retake")
    assert found.data == {"inspection_id": opened["inspection_id"], "slot_id": opened["uploads"][0]["slot_id"]}


def reject_during(phone, monkeypatch, change: Callable[[dict, dict], object]) -> None:
    """Upload what is no picture; `change` comes between the reading of the photo and its verdict."""
    opened = phone.open()
    upload, check = opened["uploads"][0], photo_check._check

    def change_and_check(*args: Any) -> None:
        change(opened, upload)
        check(*args)

    phone.upload(upload, b"not a picture")
    phone.send(f"/assets/{upload['asset_id']}/uploaded")
    with monkeypatch.context() as patched:
        patched.setattr(photo_check, "_check", change_and_check)
        check_uploaded_photo(UUID(upload["asset_id"]))


@pytest.mark.parametrize("change", ["submitted", "deleted", "expired"])
def test_a_photo_of_an_inspection_that_is_no_longer_open_is_not_to_be_retaken(phone, monkeypatch, change) -> None:
    def end(opened: dict, upload: dict) -> None:
        inspection_id = opened["inspection_id"]
        if change == "submitted":
            phone.send(f"/inspections/{inspection_id}/submit", {"accept_incomplete": True})
        elif change == "deleted":
            phone.delete(f"/inspections/{inspection_id}")
        else:
            Inspection.objects.update(expires_at=timezone.now() - timedelta(days=2))
            failures.expire(UUID(inspection_id))

    reject_during(phone, monkeypatch, end)
    assert not notifications_of("photos_to_retake")


def test_a_photo_that_was_replaced_does_not_use_up_the_notification_of_its_point(phone, monkeypatch) -> None:
    replaced_by = []

    def replace(_: dict, upload: dict) -> None:
        replaced_by.append(phone.declare_and_upload(upload["slot_id"], upload["angle"], b"not a picture either"))

    reject_during(phone, monkeypatch, replace)
    assert not notifications_of("photos_to_retake")
    check_uploaded_photo(UUID(replaced_by[0]))
    assert len(notifications_of("photos_to_retake")) == 1


def test_an_inspection_that_ends_soon_notifies_once(phone) -> None:
    opened = phone.open()
    assert not notices.expiring_inspections()
    with time_machine.travel(timezone.now() + timedelta(hours=49)):
        for _ in range(2):
            for pk in notices.expiring_inspections():
                notices.notify_of_expiry(pk)
    (found,) = notifications_of("inspection_expiring")
    assert found.data == {"inspection_id": opened["inspection_id"]}


def test_a_submitted_inspection_does_not_notify_of_its_expiry(phone) -> None:
    inspection_id = phone.complete()
    notices.notify_of_expiry(UUID(inspection_id))
    assert not notifications_of("inspection_expiring")
    assert Inspection.objects.get().status == "completed"


# --- payments --------------------------------------------------------------------------------------------------------
def bought(owner) -> Order:
    purchase = orders.Purchase(Provider.APP_STORE, "tx-1", "osmosis_inspection")
    order = orders.record_purchase(owner=owner, purchase=purchase, cause="test")
    assert order is not None
    return order


def test_a_payment_and_its_refund_notify_once(owner) -> None:
    order = bought(owner)
    for _ in range(2):
        orders.pay(order.pk, cause="again")
        orders.refund(order.pk, amount_minor=100, refund_ref="r1", cause="test")
    orders.refund(order.pk, amount_minor=None, refund_ref="r2", cause="test")
    assert [found.data for found in notifications_of("payment_received")] == [{"order_id": str(order.pk)}]
    assert len(notifications_of("payment_refunded")) == 2
    assert not Notification.objects.filter(event_key__contains="r1").exists()


def test_a_grant_by_staff_does_not_notify_of_a_payment(owner) -> None:
    orders.grant_by_staff(owner=owner, product=Product.objects.get(code="osmosis_inspection"), cause="a grant")
    assert not notifications_of("payment_received")


# --- the account -----------------------------------------------------------------------------------------------------
def test_a_sign_in_notifies_and_a_registration_does_not(owner, client) -> None:
    session = sign_in(email=owner.email, password=PASSWORD)
    (found,) = notifications_of("security")
    assert (found.recipient, found.variant) == (owner, "new_sign_in")
    assert str(session.pk) in found.event_key
    pair = {"email": "new@example.org", "password": "keel-and-rudder-7"}
    assert client.post("/v1/auth/register", pair, format="json").status_code == 201
    assert len(notifications_of("security")) == 1


def test_a_changed_password_notifies(owner) -> None:
    change_password(session=start_session(user=owner), old_password=PASSWORD, new_password="another-keel-2027")
    assert [found.variant for found in notifications_of("security")] == ["password_changed"]


# --- staff -----------------------------------------------------------------------------------------------------------
def test_a_dead_letter_notifies_staff(monkeypatch) -> None:
    event = Event(id="evt_1", kind="paid", verdict="v1", about=EventSubject.PAYMENT, ref="pi_1")
    pk = events.store(Provider.STRIPE, event, body=b"{}", headers={})
    ProviderEvent.objects.update(attempts=5)
    events.process_event(pk)
    assert [found.data for found in notifications_of("webhook_dead_letter")] == [{"event_id": str(pk)}]


def test_a_day_with_differences_notifies_staff_once(db) -> None:
    day = timezone.now().date()
    for ref in ("a", "b"):
        store(
            Provider.STRIPE,
            day,
            [Difference(kind=FindingKind.NOT_IN_LEDGER, ref=ref, detail="unknown")],
        )
    store(Provider.STRIPE, day - timedelta(days=1), [])
    assert [found.data for found in notifications_of("differences_found")] == [{"provider": "stripe", "day": str(day)}]
