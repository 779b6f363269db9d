"""Test what a late payment, a refund that comes back and a change of the offer do to an appointment."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from billing import orders
from billing.models import Order, PayeePayout, RefundRequest
from billing.tasks import sweep_payments
from surveys.appointments.ending import cancel_all_of, mark_completed
from surveys.check_ins.scanning import scan
from surveys.check_ins.tokens import make_token
from surveys.directory.slots import withdraw_slot
from surveys.disputes import cases
from surveys.models import Appointment, AppointmentDispute, Surveyor
from surveys.tasks import sweep_appointments
from surveys.vocabulary import Outcome
from testing.factories import UserFactory
from testing.phone import Phone
from testing.surveys import confirmed_of, held_of, place_of, slot_of
from testing.web_purchases import deliver_events
from tests.surveys.conftest import MONDAY
from tests.surveys.test_paying import checkout, later, pay, pay_page, status_of

pytestmark = pytest.mark.django_db
SOON = timedelta(hours=2)


def refund(order: Order, fake) -> str:
    """Have the worker ask for the requested refund; return its name at the provider."""
    sweep_payments()
    deliver_events(fake)
    return fake.world.where("refund")[0]["id"]


def owed(row: Appointment) -> list[tuple[int, bool]]:
    found = PayeePayout.objects.filter(share__order__owner=row.owner, state="scheduled")
    return [(each.amount_minor, PayeePayout.blocked().filter(pk=each.pk).exists()) for each in found]


def test_a_late_payment_of_a_closed_account_goes_back(fake, phone, owner, paid_surveyor):
    row = held_of(owner, slot_of(paid_surveyor, starts_in=timedelta(hours=20)))
    checkout(phone, row)
    order = Order.objects.get()
    cancel_all_of(owner.pk)
    User.objects.filter(pk=owner.pk).update(is_active=False)
    pay_page(fake, order)
    assert status_of(row) == "released"
    assert RefundRequest.objects.get().amount_minor == row.price_minor


@pytest.mark.parametrize("withdraw", ["slot", "surveyor"])
def test_what_is_held_stays_on_offer_for_its_owner_and_what_is_released_does_not(
    fake, phone, owner, paid_surveyor, withdraw
):
    held, released = (held_of(owner, slot_of(paid_surveyor, starts_in=timedelta(days=day))) for day in (3, 4))
    pages = [Order.objects.get(pk=checkout(phone, row).json()["session_id"]) for row in (held, released)]
    Appointment.objects.filter(pk=released.pk).update(held_until=timezone.now())
    sweep_appointments()
    if withdraw == "slot":
        withdraw_slot(held.slot_id)
        withdraw_slot(released.slot_id)
    else:
        Surveyor.objects.update(is_listed=False)
    for page in pages:
        pay_page(fake, page)
    assert (status_of(held), status_of(released)) == ("confirmed", "released")
    assert RefundRequest.objects.get().order == pages[1]


def test_a_late_payment_of_a_withdrawn_slot_goes_back_though_no_sweep_released_it(fake, phone, owner, paid_surveyor):
    slot = slot_of(paid_surveyor)
    late = held_of(owner, slot)
    page = Order.objects.get(pk=checkout(phone, late).json()["session_id"])
    Appointment.objects.filter(pk=late.pk).update(held_until=timezone.now())
    withdraw_slot(slot.pk)
    other = confirmed_of(UserFactory.create(email_verified_at=timezone.now()), slot_of(paid_surveyor))
    assert late.starts_at == other.starts_at
    pay_page(fake, page)
    assert (Appointment.objects.get(pk=late.pk).current_status, status_of(other)) == ("released", "confirmed")
    assert RefundRequest.objects.get().order == page


def test_money_that_goes_after_the_start_leaves_the_appointment_to_its_end(fake, phone, owner, staff, paid_surveyor):
    row = held_of(owner, slot_of(paid_surveyor, starts_in=SOON))
    order = pay(fake, phone, row)
    with later(hours=3):
        orders.refund(order.pk, amount_minor=None, refund_ref="by staff", cause="test")
        assert status_of(row) == "confirmed"
    with later(hours=29):
        sweep_appointments()
        assert status_of(row) == "no_show"
    assert not PayeePayout.objects.exists()


def test_a_surveyor_is_paid_after_staff_decided_about_a_refund_that_came_back(fake, phone, owner, staff, paid_surveyor):
    row = held_of(owner, slot_of(paid_surveyor, starts_in=SOON))
    order = pay(fake, phone, row)
    with later(hours=29):
        sweep_appointments()
        case = cases.open_dispute(owner=owner, appointment_id=row.pk, reason="Late.")
        cases.resolve(staff=staff, dispute_id=case.pk, outcome=Outcome.PART, refund_minor=15_000, reason="Late.")
        ref = refund(order, fake)
        assert owed(row) == [(4_250, False)]
        fake.fail_refund(ref)
        deliver_events(fake)
        assert owed(row) == [(17_000, True)]
        assert not RefundRequest.objects.filter(order=order, state="open").exists()
        assert orders.request_again(RefundRequest.objects.get(order=order).pk)
        assert owed(row) == [(17_000, True)]
        sweep_payments()
        deliver_events(fake)
        assert owed(row) == [(4_250, False)]
    assert AppointmentDispute.objects.get().outcome == Outcome.PART


def test_a_part_is_refunded_once_though_a_bank_held_the_money_meanwhile(fake, phone, owner, staff, paid_surveyor):
    row = held_of(owner, slot_of(paid_surveyor, starts_in=SOON))
    order = pay(fake, phone, row)
    with later(hours=29):
        sweep_appointments()
        held = fake.open_dispute(order.payment_ref, fee_minor=0)["id"]
        fake.withdraw_funds(held)
        deliver_events(fake)
        case = cases.open_dispute(owner=owner, appointment_id=row.pk, reason="Late.")
        cases.resolve(staff=staff, dispute_id=case.pk, outcome=Outcome.PART, refund_minor=15_000, reason="Late.")
        fake.close_dispute(held, won=True)
        deliver_events(fake)
        assert RefundRequest.objects.get().amount_minor == 15_000
        assert owed(row) == [(17_000, True)]


def test_a_surveyor_is_paid_when_the_refund_of_a_completed_appointment_comes_back(fake, phone, owner, paid_surveyor):
    row = held_of(owner, slot_of(paid_surveyor, starts_in=SOON))
    order = pay(fake, phone, row)
    scan(surveyor=paid_surveyor, token=make_token(row), place_id=place_of(paid_surveyor).pk)
    orders.refund(order.pk, amount_minor=None, refund_ref="by staff", cause="test")
    with later(hours=3):
        mark_completed(surveyor=paid_surveyor.user, appointment_id=row.pk)
        assert owed(row) == []
        orders.reverse_refund(order.pk, refund_ref="by staff", cause="the bank sent it back")
        assert owed(row) == [(17_000, False)]


def test_the_order_of_an_appointment_is_the_one_that_paid_it(fake, phone, owner, paid_surveyor):
    row = held_of(owner, slot_of(paid_surveyor))
    first = Order.objects.get(pk=checkout(phone, row).json()["session_id"])
    since = len(fake.events)
    fake.pay(first.provider_ref)
    orders.close_unpaid(first.pk, to="expired", cause="test")
    second = Order.objects.get(pk=checkout(phone, row).json()["session_id"])
    orders.close_unpaid(second.pk, to="expired", cause="test")
    deliver_events(fake, since=since)
    answer = phone.get(f"/appointments/{row.pk}").json()
    assert (answer["status"], answer["order_id"]) == ("confirmed", str(first.pk))


def test_the_surveyor_cancels_after_the_start_and_the_owner_does_not(fake, phone, owner, paid_surveyor):
    row = held_of(owner, slot_of(paid_surveyor, starts_in=SOON))
    pay(fake, phone, row)
    with time_machine.travel(MONDAY + SOON + timedelta(minutes=5), tick=False):
        assert Phone.of(owner).post(f"/appointments/{row.pk}/cancel").json()["reason"] == "BEGUN"
        assert Phone.of(paid_surveyor.user).post(f"/appointments/{row.pk}/cancel").json()["refund_minor"] == 20_000
