"""Test payouts: each is sent once and on its day, kept back while it is contested, and netted with what was lost."""

import threading
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from billing import orders
from billing.errors import BadTransition
from billing.models import LedgerTransaction, PayeePayout
from billing.payees import payouts, transitions
from billing.payees.register import change_payee, register_payee
from billing.provider_registry import stripe_transfers
from billing.services.selling import fulfil_service, refund_service
from billing.tasks import sweep_payments
from billing.vocabulary import Account, PayeePayoutState
from notifications.models import Notification
from testing.deliverer import PRICE, buy_service
from testing.factories import UserFactory
from testing.web_purchases import deliver_events
from tests.billing.payees.moments import (
    DEBT,
    OWED,
    SHARE,
    TRANSIT,
    delivered,
    on_day,
    pay_out,
    payout_of,
    states_of,
    sums,
)
from tests.concurrency import at_once

pytestmark = pytest.mark.django_db
SCHEDULED, SENDING, PAID, SETTLED, FAILED, CANCELLED = PayeePayoutState


def sent(fake) -> list[int]:
    return [transfer["amount"] for transfer in reversed(fake.world.where("transfer"))]


def lose(fake, order) -> None:
    dispute = fake.open_dispute(order.payment_ref, fee_minor=0)["id"]
    fake.withdraw_funds(dispute)
    fake.close_dispute(dispute, won=False)
    deliver_events(fake)


def test_a_payout_is_sent_on_the_next_business_day_and_followed_until_it_has_arrived(owner, fake, app, payee):
    order = delivered(owner, fake, payee)
    payout = payout_of(order)
    assert (payout.state, payout.amount_minor) == (SCHEDULED, SHARE)
    assert (payout.scheduled_for, payout.settles_by) == (date(2026, 11, 17), date(2026, 11, 19))
    sweep_payments()
    assert sent(fake) == []
    pay_out(fake, arrives=False)
    assert payout_of(order).state == PAID
    assert (OWED in sums(), TRANSIT in sums()) == (False, False)
    (transfer,) = fake.world.where("transfer")
    assert (transfer["amount"], transfer["destination"]) == (SHARE, payee.account_ref)
    fake.arrive(transfer["id"])
    with on_day(2):
        sweep_payments()
    payout = payout_of(order)
    assert (payout.state, payout.provider_ref) == (SETTLED, transfer["id"])
    assert sums()[Account.REVENUE] == -(PRICE - SHARE)
    kinds = Notification.objects.filter(recipient=payee.user).values_list("kind", flat=True)
    assert list(kinds) == ["payout_sent"]


def test_a_service_without_a_payee_has_no_payout(owner, fake, app):
    order = buy_service(owner, fake)
    fulfil_service(order.pk, cause="delivered")
    assert not PayeePayout.objects.exists()
    assert not payouts.block_payout(order.pk)


@pytest.mark.parametrize("how", ["down", "answer lost", "never answered"])
def test_an_outage_delays_a_payout_and_does_not_repeat_it(owner, fake, app, payee, how):
    order = delivered(owner, fake, payee)
    if how == "down":
        fake.down = True
    else:
        fake.fail_next(10, status=500 if how == "answer lost" else 0, after_effect=True)
    with on_day(1):
        sweep_payments()
    assert payout_of(order).state == SENDING
    assert sums()[TRANSIT] == -SHARE
    fake.down = False
    fake.failures.clear()
    pay_out(fake, days=4)  # the provider has forgotten the key
    assert (payout_of(order).state, sent(fake)) == (SETTLED, [SHARE])
    assert TRANSIT not in sums()


class Died(BaseException):
    """The process was killed."""


@pytest.mark.parametrize("is_guarded", [True, False])
def test_a_transfer_made_in_the_attempt_that_died_is_found(owner, fake, app, payee, monkeypatch, is_guarded):
    """The control does not look for the transfer first."""
    order = delivered(owner, fake, payee)
    sender = stripe_transfers()
    send = sender.send

    def send_and_die(**payout):
        send(**payout)
        raise Died

    monkeypatch.setattr(sender, "send", send_and_die)
    with on_day(1), pytest.raises(Died):
        payouts.carry_out(payout_of(order).pk)
    monkeypatch.setattr(sender, "send", send)
    if not is_guarded:
        monkeypatch.setattr(sender, "transfer_of", lambda _: None)
    fake.world.where("balance_transaction", type="charge")[0]["amount"] *= 2  # or the second one would be refused
    with on_day(4):
        sweep_payments()
    assert sent(fake) == ([SHARE] if is_guarded else [SHARE, SHARE])
    assert payout_of(order).state == PAID


@pytest.mark.parametrize("point", ["begin", "confirm"])
def test_a_worker_that_dies_between_two_steps_leaves_a_payout_that_goes_on(owner, fake, app, payee, monkeypatch, point):
    order = delivered(owner, fake, payee)

    def die(*args, **kwargs):
        raise Died

    with monkeypatch.context() as patched, on_day(1):
        patched.setattr(transitions, point, die)
        with pytest.raises(Died):
            payouts.carry_out(payout_of(order).pk)
    pay_out(fake, days=2)
    assert (payout_of(order).state, sent(fake)) == (SETTLED, [SHARE])


def test_a_refused_payout_fails_and_staff_pay_it_again(owner, fake, app, payee):
    order = delivered(owner, fake, payee)
    fake.restrict_account(payee.account_ref)
    pay_out(fake)
    failed = payout_of(order)
    assert (failed.state, failed.reason) == (
        FAILED,
        "The provider refuses: insufficient_capabilities_for_transfer.",
    )
    assert (sums()[OWED], TRANSIT in sums()) == (-SHARE, False)
    assert set(Notification.objects.values_list("kind", flat=True)) >= {"payout_failed", "payee_payout_failed"}
    with on_day(2):
        sweep_payments()
        assert states_of(order) == [FAILED]
        change_payee(payee.pk, country="NL", account_ref=fake.connect_account(country="NL")["id"])
        assert payouts.pay_again(failed.pk)
        assert not payouts.pay_again(failed.pk)
    pay_out(fake, days=3)
    assert (states_of(order), sent(fake)) == ([FAILED, SETTLED], [SHARE])
    assert not payouts.pay_again(failed.pk)


def test_a_payee_without_an_account_is_paid_when_there_is_one(owner, fake, app):
    payee = register_payee(user=UserFactory.create(), country="DE", currency="EUR")
    order = delivered(owner, fake, payee)
    pay_out(fake)
    failed = payout_of(order)
    assert (failed.state, sums()[OWED]) == (FAILED, -SHARE)
    change_payee(payee.pk, country="DE", account_ref=fake.connect_account()["id"])
    with on_day(2):
        payouts.pay_again(failed.pk)
    pay_out(fake, days=3)
    assert states_of(order) == [FAILED, SETTLED]


@pytest.mark.parametrize("has_arrived", [True, False])
def test_a_transfer_that_is_taken_back_is_owed_again(owner, fake, app, payee, has_arrived):
    order = delivered(owner, fake, payee)
    pay_out(fake, arrives=has_arrived)
    fake.reverse_transfer(fake.world.where("transfer")[0]["id"])
    with on_day(3):
        sweep_payments()
        if has_arrived:  # no worker looks any more: the reconciliation does
            assert payout_of(order).state == SETTLED
            payouts.sync(payout_of(order).pk)
    assert payout_of(order).state == FAILED
    assert sums()[OWED] == -SHARE


def test_a_second_payout_of_a_payment_waits_until_our_balance_suffices(owner, fake, app, payee):
    order = delivered(owner, fake, payee)
    pay_out(fake)
    fake.reverse_transfer(fake.world.where("transfer")[0]["id"])
    payouts.sync(payout_of(order).pk)
    payouts.pay_again(payout_of(order).pk)
    bank = fake.make_payout()["id"]  # empties our balance
    pay_out(fake)
    assert states_of(order) == [FAILED, SENDING]
    fake.advance_payout(bank, "failed")
    pay_out(fake, days=4)
    assert states_of(order) == [FAILED, SETTLED]
    assert [transfer["source_transaction"] for transfer in fake.world.where("transfer")].count(None) == 1


def contested_by_bank(fake, order) -> object:
    dispute = fake.open_dispute(order.payment_ref, fee_minor=0)["id"]
    deliver_events(fake)

    def end() -> None:
        fake.close_dispute(dispute, won=True)
        deliver_events(fake)

    return end


def asked_by_bank(fake, order) -> object:
    inquiry = fake.open_dispute(order.payment_ref, inquiry=True)["id"]
    deliver_events(fake)

    def end() -> None:
        fake.close_dispute(inquiry, won=True)
        deliver_events(fake)

    return end


def complained_about(fake, order) -> object:
    assert payouts.block_payout(order.pk)
    assert payouts.block_payout(order.pk)
    return lambda: payouts.unblock_payout(order.pk)


@pytest.mark.parametrize("contest", [contested_by_bank, asked_by_bank, complained_about])
def test_an_open_dispute_keeps_back_its_own_payout_alone(owner, fake, app, payee, contest):
    order, other = delivered(owner, fake, payee), delivered(owner, fake, payee)
    end = contest(fake, order)
    pay_out(fake)
    assert (payout_of(order).state, payout_of(other).state) == (SCHEDULED, SETTLED)
    end()
    pay_out(fake, days=2)
    assert payout_of(order).state == SETTLED


def test_a_dispute_that_is_opened_during_the_attempt_keeps_the_payout_back(owner, fake, app, payee, monkeypatch):
    """The worker has claimed the payout, and the dispute is recorded before it takes the locks."""
    order = delivered(owner, fake, payee)
    claim = PayeePayout.claim

    def claim_and_dispute(pk):
        found = claim(pk)
        contested_by_bank(fake, order)
        return found

    monkeypatch.setattr(PayeePayout, "claim", claim_and_dispute)
    with on_day(1):
        payouts.carry_out(payout_of(order).pk)
    assert (payout_of(order).state, sent(fake)) == (SCHEDULED, [])


def test_an_open_refund_keeps_the_payout_back_until_the_share_is_known(owner, fake, app, payee):
    order = delivered(owner, fake, payee)
    refund_service(order.pk, cause="complaint", amount_minor=5000)
    with on_day(1):
        payouts.carry_out(payout_of(order).pk)
        assert payout_of(order).state == SCHEDULED
        sweep_payments()
        sweep_payments()
    assert sent(fake) == [(PRICE - 5000) * 85 // 100]


def test_a_loss_after_the_payout_is_netted_against_the_next_payouts(owner, fake, app, payee):
    lost = delivered(owner, fake, payee)
    pay_out(fake)
    lose(fake, lost)
    assert sums()[DEBT] == SHARE
    small, large = delivered(owner, fake, payee, price_minor=10_000), delivered(owner, fake, payee)
    pay_out(fake)
    first, second = payout_of(small), payout_of(large)
    assert (first.state, first.amount_minor, first.netted_minor) == (SETTLED, 8500, 8500)
    assert (second.state, second.amount_minor, second.netted_minor) == (SETTLED, SHARE, SHARE - 8500)
    assert sent(fake) == [SHARE, 8500]
    assert not {DEBT, OWED, TRANSIT} & set(sums())


def test_a_debt_of_one_payee_is_not_netted_against_another(owner, fake, app, payee):
    other = register_payee(
        user=UserFactory.create(), country="DE", currency="EUR", account_ref=fake.connect_account()["id"]
    )
    lost = delivered(owner, fake, payee)
    pay_out(fake)
    lose(fake, lost)
    delivered(owner, fake, other)
    pay_out(fake)
    assert sent(fake) == [SHARE, SHARE]
    assert sums()[DEBT] == SHARE


def test_a_payout_that_fails_after_netting_brings_the_debt_back(owner, fake, app, payee):
    lost = delivered(owner, fake, payee, price_minor=10_000)
    pay_out(fake)
    lose(fake, lost)
    order = delivered(owner, fake, payee)
    fake.restrict_account(payee.account_ref)
    pay_out(fake)
    assert payout_of(order).state == FAILED
    assert (sums()[DEBT], sums()[OWED]) == (8500, -SHARE)


def test_a_debt_that_is_settled_is_owed_again_if_its_refund_comes_back(owner, fake, app, payee):
    order = delivered(owner, fake, payee)
    pay_out(fake)
    refund_service(order.pk, cause="complaint")
    sweep_payments()
    other = delivered(owner, fake, payee)
    pay_out(fake)
    assert payout_of(other).netted_minor == SHARE
    fake.fail_refund(fake.world.where("refund")[0]["id"])
    deliver_events(fake)
    assert sums()[OWED] == -SHARE
    pay_out(fake, days=2)
    assert sent(fake) == [SHARE]  # staff decide first what becomes of the refund
    assert orders.close_failed(order.refund_requests.get().pk)
    pay_out(fake, days=3)
    assert (states_of(order), sent(fake)) == ([SETTLED, SETTLED], [SHARE, SHARE])


def test_the_payouts_of_a_payee_are_listed_newest_first(owner, fake, app, payee, stranger):
    first, second = delivered(owner, fake, payee), delivered(owner, fake, payee)
    assert [row.share.order for row in payouts.payouts_of(payee.user)] == [second, first]
    assert not payouts.payouts_of(stranger).exists()


def test_no_payout_takes_a_step_that_the_table_does_not_have(owner, fake, app, payee):
    order = delivered(owner, fake, payee)
    payout = payout_of(order)
    with pytest.raises(BadTransition):
        transitions.settle(payout_of(order)) if payout.state == SENDING else transitions._move(payout, PAID)
    pay_out(fake)
    with pytest.raises(BadTransition):
        transitions.cancel(payout_of(order))


@pytest.mark.parametrize(
    "values",
    [
        {"state": "lost"},
        {"netted_minor": SHARE + 1},
        {"state": PAID},
        {"state": SETTLED},
        {"state": FAILED},
        {"reason": "why"},
        {"settles_by": date(2026, 11, 17)},
    ],
)
def test_the_database_refuses_a_payout_that_makes_no_sense(owner, fake, app, payee, values):
    order = delivered(owner, fake, payee)
    with pytest.raises(IntegrityError), transaction.atomic():
        PayeePayout.objects.filter(share__order=order).update(**values)


def test_the_database_refuses_a_second_scheduled_payout_and_a_second_one_of_a_transfer(owner, fake, app, payee):
    order, other = delivered(owner, fake, payee), delivered(owner, fake, payee)
    pay_out(fake)
    with pytest.raises(IntegrityError), transaction.atomic():
        PayeePayout.objects.filter(share__order=other).update(provider_ref=payout_of(order).provider_ref)
    third = payout_of(delivered(owner, fake, payee))
    with pytest.raises(IntegrityError), transaction.atomic():
        PayeePayout.objects.create(
            share=third.share,
            payee=payee,
            amount_minor=1,
            currency="EUR",
            scheduled_for=third.scheduled_for,
            settles_by=third.settles_by,
        )


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_sends_a_payout(owner, fake, app, payee):
    order = delivered(owner, fake, payee)
    with on_day(1):
        at_once(6, lambda: payouts.carry_out(payout_of(order).pk))
        sweep_payments()
    assert (payout_of(order).state, sent(fake)) == (PAID, [SHARE])
    assert LedgerTransaction.objects.filter(kind__in=("payee_payout", "payee_transfer")).count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_locked", [True, False])
def test_two_payouts_at_once_net_a_debt_once(owner, fake, app, payee, monkeypatch, is_locked):
    """The control does not lock the payee: both payouts read the same debt."""
    if connection.vendor == "sqlite" and not is_locked:
        pytest.skip("SQLite has one writer")
    lost = delivered(owner, fake, payee)
    pay_out(fake)
    lose(fake, lost)
    pair = [payout_of(delivered(user, fake, payee)).pk for user in (owner, UserFactory.create())]
    if not is_locked:
        _remove_lock(monkeypatch)
    chosen = iter(pair)
    with on_day(1):
        at_once(2, lambda: payouts.carry_out(next(chosen)))
    netted = sum(PayeePayout.objects.filter(pk__in=pair).values_list("netted_minor", flat=True))
    assert netted == (SHARE if is_locked else 2 * SHARE)
    assert sums().get(DEBT, 0) == SHARE - netted


def _remove_lock(monkeypatch) -> None:
    both_have_read = threading.Barrier(2)
    read = transitions.debt_of

    def wait_and_read(payee):
        found = read(payee)
        both_have_read.wait(timeout=10)
        return found

    def unlocked(payout_id):
        found = PayeePayout.objects.select_related("payee", "share__order", "share__payee")
        return found.get(pk=payout_id)

    monkeypatch.setattr(transitions, "debt_of", wait_and_read)
    monkeypatch.setattr(payouts, "_locked", unlocked)


def test_what_is_owed_is_read_from_the_books(owner, fake, app, payee):
    order = delivered(owner, fake, payee)
    assert orders.owed(order) == SHARE
    pay_out(fake)
    assert orders.owed(order) == 0


def test_the_figures_count_what_failed_and_is_owed_and_what_is_late(owner, fake, app, payee):
    order, contested = delivered(owner, fake, payee), delivered(owner, fake, payee)
    contested_by_bank(fake, contested)
    fake.restrict_account(payee.account_ref)
    pay_out(fake)
    assert list(payouts.unpaid()) == [payout_of(order)]
    with on_day(10):
        assert not payouts.late().exists()
        payouts.pay_again(payout_of(order).pk)
    assert not payouts.unpaid().exists()
    with on_day(30):
        assert payouts.late().count() == 1
    PayeePayout.objects.filter(share__order=order, state=SCHEDULED).delete()
    refund_service(order.pk, cause="complaint")
    sweep_payments()
    assert not payouts.unpaid().exists()
