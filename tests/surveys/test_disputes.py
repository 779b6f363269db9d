"""Test disputes of appointments: deadlines, blocked payouts, decisions, and the money of each."""

from datetime import timedelta

import pytest
import time_machine

from accounts.errors import ReasonRequired
from billing.models import Order, PayeePayout
from billing.tasks import sweep_payments
from notifications.models import Notification
from surveys.disputes import cases
from surveys.models import AppointmentDispute
from surveys.tasks import sweep_appointments
from surveys.vocabulary import Outcome
from testing.phone import Phone
from testing.surveys import confirmed_of, held_of, over_of, slot_of
from testing.web_purchases import deliver_events
from tests.billing.payees.moments import sums
from tests.contract.refusals import refused
from tests.surveys.conftest import MONDAY
from tests.surveys.test_paying import pay

pytestmark = pytest.mark.django_db
SHARE = 17_000


def dispute(phone: Phone, row, reason: str = "Nobody came."):
    return phone.post(f"/appointments/{row.pk}/dispute", {"reason": reason})


def decide(staff, case: AppointmentDispute, outcome: Outcome, refund_minor: int | None = None) -> None:
    cases.resolve(staff=staff, dispute_id=case.pk, outcome=outcome, refund_minor=refund_minor, reason="Seen it.")


@pytest.fixture
def paid_and_missed(fake, phone, owner, paid_surveyor):
    """An appointment that was paid, and closed without a mark, with its owner's phone a day later."""
    row = held_of(owner, slot_of(paid_surveyor, starts_in=timedelta(hours=2)))
    pay(fake, phone, row)
    with time_machine.travel(MONDAY + timedelta(hours=29)):
        sweep_appointments()
        row.refresh_from_db()
        yield row, Phone.of(owner)


@pytest.mark.parametrize("checked_in", [True, False])
def test_an_appointment_that_is_over_can_be_disputed_once(phone, owner, surveyor, checked_in):
    row = over_of(owner, slot_of(surveyor), checked_in=checked_in)
    first, again = dispute(phone, row), dispute(phone, row, "Again.")
    assert (first.status_code, first.json()) == (201, again.json())
    found = first.json()
    assert (found["status"], found["escalated"], found["appointment_id"]) == ("open", False, str(row.pk))
    assert found["acknowledge_by"] < found["triage_by"] < found["resolve_by"]
    assert phone.get(f"/disputes/{found['dispute_id']}").json() == found
    assert phone.get(f"/appointments/{row.pk}").json()["dispute_id"] == found["dispute_id"]
    kinds = Notification.objects.filter(kind__startswith="appointment_").values_list("kind", "recipient")
    assert set(kinds) == {("appointment_disputed", surveyor.user_id), ("appointment_to_decide", None)}


def test_what_is_not_over_or_is_over_for_long_cannot_be_disputed(phone, owner, surveyor):
    upcoming = confirmed_of(owner, slot_of(surveyor))
    assert refused(dispute(phone, upcoming), 409, "NOT_ELIGIBLE")["reason"] == "NOT_OVER"
    over = over_of(owner, slot_of(surveyor, starts_in=timedelta(days=6)))
    with time_machine.travel(over.ends_at + timedelta(days=14, seconds=1)):
        late = dispute(Phone.of(owner), over)
    assert refused(late, 409, "NOT_ELIGIBLE")["reason"] == "TOO_LATE"
    refused(dispute(Phone.of(surveyor.user), over), 404, "NOT_FOUND")


def test_a_dispute_keeps_the_payout_back_until_it_is_decided(paid_and_missed, fake, staff):
    row, phone = paid_and_missed
    dispute(phone, row)
    (payout,) = Phone.of(row.surveyor.user).get("/surveyors/me/payouts").json()["results"]
    assert payout["blocked"] is True
    with time_machine.travel(MONDAY + timedelta(days=3)):
        sweep_payments()
        assert not fake.world.where("transfer")
        decide(staff, AppointmentDispute.objects.get(), Outcome.NONE)
        sweep_payments()
    assert [transfer["amount"] for transfer in fake.world.where("transfer")] == [SHARE]


@pytest.mark.parametrize(
    ("outcome", "part", "returned", "share"),
    [(Outcome.FULL, None, 20_000, 0), (Outcome.PART, 5_000, 5_000, 12_750), (Outcome.NONE, None, 0, SHARE)],
)
def test_a_decision_returns_its_part_and_shares_the_rest(paid_and_missed, fake, staff, outcome, part, returned, share):
    row, phone = paid_and_missed
    found = dispute(phone, row).json()
    decide(staff, AppointmentDispute.objects.get(), outcome, part)
    with time_machine.travel(MONDAY + timedelta(days=3)):
        for _ in range(2):
            sweep_payments()
            deliver_events(fake)
    decided = phone.get(f"/disputes/{found['dispute_id']}").json()
    assert (decided["status"], decided["outcome"], decided["refund_minor"]) == ("resolved", outcome, returned)
    assert sum(refund["amount"] for refund in fake.world.where("refund")) == returned
    assert sum(transfer["amount"] for transfer in fake.world.where("transfer")) == share
    assert sums()["cash"] == 20_000 - returned - share - _fees()


def _fees() -> int:
    return sums().get("fees", 0)


def test_a_refund_after_the_payout_is_netted_against_later_ones(paid_and_missed, fake, staff):
    row, _ = paid_and_missed
    with time_machine.travel(MONDAY + timedelta(days=3)):
        sweep_payments()
        dispute(Phone.of(row.owner), row)
        decide(staff, AppointmentDispute.objects.get(), Outcome.FULL)
        for _ in range(2):
            sweep_payments()
            deliver_events(fake)
    assert Order.objects.get().status == "refunded"
    assert sums()["payees_debt"] == SHARE
    assert PayeePayout.objects.get().state == "paid"


def test_a_part_is_less_than_the_whole(phone, owner, surveyor, staff):
    dispute(phone, over_of(owner, slot_of(surveyor)))
    case = AppointmentDispute.objects.get()
    for amount in (None, 0, 20_000):
        with pytest.raises(cases.NotOpen):
            decide(staff, case, Outcome.PART, amount)
    with pytest.raises(ReasonRequired):
        cases.resolve(staff=staff, dispute_id=case.pk, outcome=Outcome.NONE, refund_minor=None, reason=" ")
    case.refresh_from_db()
    assert case.resolved_at is None


def test_a_decided_dispute_is_final(phone, owner, surveyor, staff):
    row = over_of(owner, slot_of(surveyor))
    dispute(phone, row)
    case = AppointmentDispute.objects.get()
    decide(staff, case, Outcome.NONE)
    with pytest.raises(cases.NotOpen):
        decide(staff, case, Outcome.FULL)
    assert refused(dispute(phone, row), 409, "NOT_ELIGIBLE")["reason"] == "DECIDED"
    explained = phone.post(f"/disputes/{case.pk}/recovery-attempts", {"explanation": "Wait."})
    assert refused(explained, 409, "NOT_ELIGIBLE")["reason"] == "RESOLVED"
    assert Notification.objects.filter(kind="appointment_decided").count() == 2


def test_each_deadline_that_passes_escalates(phone, owner, surveyor, staff):
    dispute(phone, over_of(owner, slot_of(surveyor)))
    case = AppointmentDispute.objects.get()
    moments = [(case.acknowledge_by, cases.acknowledge), (case.triage_by, cases.triage), (case.resolve_by, None)]
    for deadline, meet in moments:
        with time_machine.travel(deadline - timedelta(seconds=1)):
            sweep_appointments()
            case.refresh_from_db()
            assert not case.is_escalated
            if meet is not None:
                meet(staff=staff, dispute_id=case.pk, reason="Seen.")
    with time_machine.travel(case.resolve_by):
        sweep_appointments()
    case.refresh_from_db()
    assert case.is_escalated
    assert phone.get(f"/disputes/{case.pk}").json()["escalated"] is True


def test_both_parties_explain_and_read_only_their_own(phone, owner, stranger, surveyor):
    found = dispute(phone, over_of(owner, slot_of(surveyor))).json()
    path = f"/disputes/{found['dispute_id']}"
    desk = Phone.of(surveyor.user)
    assert phone.post(f"{path}/recovery-attempts", {"explanation": "Rain."}).status_code == 201
    assert desk.post(f"{path}/recovery-attempts", {"explanation": "I was there."}).status_code == 201
    assert [each["explanation"] for each in phone.get(path).json()["attempts"]] == ["Rain."]
    assert [each["explanation"] for each in desk.get(path).json()["attempts"]] == ["I was there."]
    for call in (
        Phone.of(stranger).get(path),
        Phone.of(stranger).post(f"{path}/recovery-attempts", {"explanation": "x"}),
    ):
        refused(call, 404, "NOT_FOUND")


def test_a_dispute_has_a_limited_number_of_explanations(phone, owner, surveyor, monkeypatch):
    monkeypatch.setattr(cases, "MAX_ATTEMPTS", 1)
    path = f"/disputes/{dispute(phone, over_of(owner, slot_of(surveyor))).json()['dispute_id']}/recovery-attempts"
    assert phone.post(path, {"explanation": "Rain."}).status_code == 201
    assert refused(phone.post(path, {"explanation": "Rain."}), 409, "NOT_ELIGIBLE")["reason"] == "TOO_MANY_ATTEMPTS"
    assert Phone.of(surveyor.user).post(path, {"explanation": "I was there."}).status_code == 201


def test_the_owner_of_a_contested_payment_sees_and_explains_it(fake, phone, owner, stranger, paid_surveyor):
    order = pay(fake, phone, held_of(owner, slot_of(paid_surveyor)))
    fake.open_dispute(order.payment_ref, fee_minor=0)
    deliver_events(fake)
    path = f"/disputes/{order.disputes.get().pk}"
    assert phone.post(f"{path}/recovery-attempts", {"explanation": "My card was copied."}).status_code == 201
    found = phone.get(path).json()
    assert (found["order_id"], found["appointment_id"], found["status"]) == (str(order.pk), None, "open")
    assert [each["explanation"] for each in found["attempts"]] == ["My card was copied."]
    refused(Phone.of(stranger).get(path), 404, "NOT_FOUND")
    refused(Phone.of(paid_surveyor.user).get(path), 404, "NOT_FOUND")
