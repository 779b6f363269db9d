"""Test the money of appointments: the provider's word confirms, and every other end returns it or shares it."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from accounts.staff.step_up_flags import flag_account
from accounts.tasks import send_pending_mails
from billing.models import Order, Payee, PayeePayout, RefundRequest
from billing.tasks import sweep_payments
from notifications.models import Notification
from surveys.models import Appointment, AppointmentOrder
from surveys.tasks import sweep_appointments
from testing.phone import Phone
from testing.surveys import held_of, slot_of
from testing.web_purchases import deliver_events
from tests.contract.refusals import refused
from tests.surveys.conftest import MONDAY

pytestmark = pytest.mark.django_db


def checkout(phone: Phone, row: Appointment):
    return phone.post(f"/appointments/{row.pk}/checkout")


def pay(fake, phone: Phone, row: Appointment) -> Order:
    """Open the page of an appointment and pay it."""
    page = checkout(phone, row)
    assert page.status_code == 201, page.content
    return pay_page(fake, Order.objects.get(pk=page.json()["session_id"]))


def pay_page(fake, order: Order) -> Order:
    since = len(fake.events)
    fake.pay(order.provider_ref)
    deliver_events(fake, since=since)
    order.refresh_from_db()
    return order


def status_of(row: Appointment) -> str:
    row.refresh_from_db()
    return row.status


def later(**time: int):
    return time_machine.travel(MONDAY + timedelta(**time))


def test_a_paid_hold_is_confirmed_and_both_are_notified(fake, phone, owner, paid_surveyor):
    row = held_of(owner, slot_of(paid_surveyor))
    order = pay(fake, phone, row)
    assert (order.status, order.price_minor, status_of(row)) == ("paid", row.price_minor, "confirmed")
    kinds = Notification.objects.filter(data__appointment_id=str(row.pk)).values_list("recipient", "kind")
    assert set(kinds) == {(owner.pk, "appointment_confirmed"), (paid_surveyor.user_id, "appointment_booked")}


def test_asking_for_the_page_again_gives_the_same_page(fake, phone, owner, paid_surveyor):
    row = held_of(owner, slot_of(paid_surveyor))
    first, second = checkout(phone, row), checkout(phone, row)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert Order.objects.count() == 1


def test_after_a_declined_payment_the_hold_can_be_paid_with_another_order(fake, phone, owner, paid_surveyor):
    row = held_of(owner, slot_of(paid_surveyor))
    checkout(phone, row)
    first = Order.objects.get()
    fake.expire(first.provider_ref)
    deliver_events(fake)
    pay(fake, phone, row)
    assert status_of(row) == "confirmed"
    assert AppointmentOrder.objects.filter(appointment=row, paid_at__isnull=False).count() == 1


def test_a_payment_after_the_release_confirms_while_the_slot_is_free(fake, phone, owner, paid_surveyor):
    row = held_of(owner, slot_of(paid_surveyor))
    checkout(phone, row)
    order = Order.objects.get()
    since = len(fake.events)
    fake.pay(order.provider_ref)  # its word arrives late
    with later(minutes=6):
        sweep_appointments()
        assert status_of(row) == "released"
        deliver_events(fake, since=since)
        assert status_of(row) == "confirmed"


def test_a_payment_after_the_release_is_refunded_if_somebody_else_has_the_slot(
    fake, phone, owner, stranger, paid_surveyor
):
    slot = slot_of(paid_surveyor)
    row = held_of(owner, slot)
    checkout(phone, row)
    order = Order.objects.get()
    since = len(fake.events)
    fake.pay(order.provider_ref)
    with later(minutes=6):
        other = held_of(stranger, slot)  # also without a sweep
        assert status_of(row) == "released"
        deliver_events(fake, since=since)
        sweep_payments()
        deliver_events(fake)
        order.refresh_from_db()
        assert (status_of(row), status_of(other), order.status) == ("released", "held", "refunded")


def test_the_page_of_a_released_hold_is_closed(fake, phone, owner, paid_surveyor):
    row = held_of(owner, slot_of(paid_surveyor))
    checkout(phone, row)
    with later(minutes=6):
        sweep_appointments()
        order = Order.objects.get()
        assert (status_of(row), order.status) == ("released", "cancelled")
        assert refused(checkout(phone, row), 409, "NOT_ELIGIBLE")["reason"] == "NOT_HELD"


def test_a_surveyor_who_is_paid_at_another_provider_is_not_sold(fake, phone, owner, paid_surveyor):
    row = held_of(owner, slot_of(paid_surveyor))
    Payee.objects.update(provider="mock")
    assert refused(checkout(phone, row), 409, "NOT_ELIGIBLE")["reason"] == "NOT_PAYABLE"
    assert not Order.objects.exists()


def test_its_order_cannot_be_cancelled_by_itself(fake, phone, owner, paid_surveyor):
    order = pay(fake, phone, held_of(owner, slot_of(paid_surveyor)))
    refused(phone.post(f"/orders/{order.pk}/cancel"), 409, "ORDER_NOT_CANCELLABLE")


def test_an_early_cancellation_returns_all(fake, phone, owner, paid_surveyor):
    row = held_of(owner, slot_of(paid_surveyor, starts_in=timedelta(hours=49)))
    order = pay(fake, phone, row)
    answer = phone.post(f"/appointments/{row.pk}/cancel").json()
    assert (answer["status"], answer["cancelled_by"], answer["refund_minor"]) == ("cancelled", "owner", row.price_minor)
    sweep_payments()
    deliver_events(fake)
    order.refresh_from_db()
    assert order.status == "refunded"
    assert not PayeePayout.objects.exists()


def test_a_late_cancellation_by_the_owner_returns_nothing_and_pays_the_surveyor(fake, phone, owner, paid_surveyor):
    row = held_of(owner, slot_of(paid_surveyor, starts_in=timedelta(hours=47)))
    order = pay(fake, phone, row)
    assert phone.post(f"/appointments/{row.pk}/cancel").json()["refund_minor"] == 0
    order.refresh_from_db()
    assert order.status == "fulfilled"
    assert PayeePayout.objects.get().amount_minor == row.price_minor * 85 // 100
    assert not RefundRequest.objects.exists()


def test_a_cancellation_by_the_surveyor_returns_all_at_any_time_and_ends_the_slot(fake, phone, owner, paid_surveyor):
    slot = slot_of(paid_surveyor, starts_in=timedelta(hours=2))
    row = held_of(owner, slot)
    pay(fake, phone, row)
    answer = Phone.of(paid_surveyor.user).post(f"/appointments/{row.pk}/cancel").json()
    assert (answer["cancelled_by"], answer["refund_minor"]) == ("surveyor", row.price_minor)
    slot.refresh_from_db()
    assert slot.withdrawn_at is not None
    assert RefundRequest.objects.get().amount_minor == row.price_minor


def test_money_that_a_bank_takes_back_cancels_an_appointment_that_has_not_begun(fake, phone, owner, paid_surveyor):
    row = held_of(owner, slot_of(paid_surveyor))
    order = pay(fake, phone, row)
    dispute = fake.open_dispute(order.payment_ref, fee_minor=0)["id"]
    deliver_events(fake)
    assert status_of(row) == "confirmed"  # a bank only asks
    fake.withdraw_funds(dispute)
    fake.close_dispute(dispute, won=False)
    deliver_events(fake)
    assert (status_of(row), row.cancelled_by) == ("cancelled", "")


def test_a_completed_appointment_is_shared_and_paid_out_on_the_next_business_day(fake, phone, owner, paid_surveyor):
    row = held_of(owner, slot_of(paid_surveyor, starts_in=timedelta(hours=2)))
    pay(fake, phone, row)
    with later(hours=28, minutes=1):  # without a mark
        sweep_appointments()
        assert status_of(row) == "no_show"
        (payout,) = Phone.of(paid_surveyor.user).get("/surveyors/me/payouts").json()["results"]
    assert (payout["amount_minor"], payout["status"], payout["blocked"]) == (17_000, "scheduled", False)
    assert payout["scheduled_for"] == "2026-11-18"


def test_the_reminder_is_written_once_a_day_before(fake, phone, owner, paid_surveyor):
    row = held_of(owner, slot_of(paid_surveyor))
    pay(fake, phone, row)
    for hours, count in ((95, 0), (96, 1), (97, 1)):
        with later(hours=hours, minutes=1):
            sweep_appointments()
        assert Notification.objects.filter(kind="appointment_tomorrow").count() == count
    assert timezone.now() < row.starts_at


def test_a_flagged_account_pays_only_after_a_step_up_in_this_session(fake, phone, owner, staff, paid_surveyor):
    row = held_of(owner, slot_of(paid_surveyor))
    flag_account(staff=staff, user=owner, reason="Several cards.")
    assert refused(checkout(phone, row), 403, "FORBIDDEN")["reason"] == "STEP_UP_REQUIRED"
    assert not Order.objects.exists()
    other = Phone.of(owner)
    prove(other)
    assert refused(checkout(phone, row), 403, "FORBIDDEN")["reason"] == "STEP_UP_REQUIRED"
    assert checkout(other, row).status_code == 201


def prove(phone: Phone) -> None:
    """Ask for a code in this session, and enter the one that is mailed."""
    phone.post("/auth/step-up")
    send_pending_mails()
    code = re.search(r"\b\d{6}\b", mail.outbox[-1].body)
    assert code is not None
    assert phone.post("/auth/step-up/verify", {"code": code[0]}).status_code == 200
