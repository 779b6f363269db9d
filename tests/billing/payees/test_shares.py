"""Test the payee's share of an order: it follows the money, and the ledger sums to zero on every path."""

import pytest

from billing import orders
from billing.errors import PayeeNotPayable
from billing.models import LedgerTransaction, PayeePayout, PayeeShare
from billing.payees.register import register_payee
from billing.services.selling import fulfil_service, refund_service
from billing.tasks import sweep_payments
from billing.vocabulary import Account, OrderStatus
from testing.deliverer import PRICE, again, buy_service
from testing.factories import UserFactory
from testing.fake_stripe import fee_of
from testing.web_purchases import deliver_events
from tests.billing.payees.moments import DEBT, OWED, SHARE, delivered, pay_out, payout_of, states_of, sums

pytestmark = pytest.mark.django_db
FEES = {Account.FEES: fee_of(PRICE)}
CASH = PRICE - fee_of(PRICE)


def refund(fake, order, amount=None):
    refund_service(order.pk, cause=f"refund {amount}", amount_minor=amount)
    sweep_payments()
    return fake.world.where("refund")[0]["id"]


def dispute(fake, order, amount=None):
    opened = fake.open_dispute(order.payment_ref, amount, fee_minor=0)["id"]
    fake.withdraw_funds(opened)
    deliver_events(fake)
    return opened


def close(fake, opened, *, won):
    if won:
        fake.reinstate_funds(opened)
    fake.close_dispute(opened, won=won)
    deliver_events(fake)


def test_a_delivered_service_is_split_into_our_fee_and_the_share_of_the_payee(owner, fake, app, payee):
    order = delivered(owner, fake, payee)
    assert order.status == OrderStatus.FULFILLED
    assert sums() == {**FEES, Account.CASH: CASH, Account.REVENUE: -(PRICE - SHARE), OWED: -SHARE}
    assert fulfil_service(order.pk, cause="again", payee_id=payee.pk)
    assert sums()[OWED] == -SHARE
    assert PayeeShare.objects.get().fee_basis_points == 1500


@pytest.mark.parametrize(("basis_points", "price", "share"), [(0, 999, 999), (1500, 999, 850), (3333, 100, 67)])
def test_the_fee_is_a_part_of_the_price_rounded_in_favour_of_the_payee(
    owner, fake, app, payee, settings, basis_points, price, share
):
    settings.SERVICE_FEE_BASIS_POINTS = basis_points
    delivered(owner, fake, payee, price_minor=price)
    assert sums()[OWED] == -share


def test_a_later_change_of_the_fee_does_not_change_a_share(owner, fake, app, payee, settings):
    order = delivered(owner, fake, payee)
    settings.SERVICE_FEE_BASIS_POINTS = 5000
    refund(fake, order, 1000)
    assert sums()[OWED] == -(PRICE - 1000) * 85 // 100


def test_the_share_belongs_to_the_payee_and_the_owner_does_not_see_it(owner, fake, app, payee):
    order = delivered(owner, fake, payee)
    (entry,) = LedgerTransaction.objects.filter(kind="payee_share")
    assert (entry.owner_id, entry.order_id) == (payee.user_id, order.pk)
    kinds = set(LedgerTransaction.objects.filter(owner=owner).values_list("kind", flat=True))
    assert kinds == {"payment_hold", "provider_fee", "release"}


def test_a_refund_before_the_delivery_leaves_a_share_of_the_rest(owner, fake, app, payee):
    order = buy_service(owner, fake)
    refund(fake, order, 5000)
    assert fulfil_service(order.pk, cause="delivered", payee_id=payee.pk)
    assert sums()[OWED] == -(PRICE - 5000) * 85 // 100


def test_a_refunded_service_has_no_share(owner, fake, app, payee):
    order = buy_service(owner, fake)
    refund(fake, order)
    assert not fulfil_service(order.pk, cause="delivered", payee_id=payee.pk)
    assert not PayeeShare.objects.exists()


@pytest.mark.parametrize("amount", [1, 5000, None])
def test_a_refund_after_the_delivery_takes_its_part_of_the_share(owner, fake, app, payee, amount):
    order = delivered(owner, fake, payee)
    refund(fake, order, amount)
    left = PRICE - (amount or PRICE)
    owed = left - left * 1500 // 10_000
    assert sums().get(OWED, 0) == -owed
    assert states_of(order) == (["scheduled"] if owed else ["cancelled"])
    assert not owed or payout_of(order).amount_minor == owed


@pytest.mark.parametrize("amount", [5000, None])
def test_a_refund_after_the_payout_is_a_debt_of_the_payee(owner, fake, app, payee, amount):
    order = delivered(owner, fake, payee)
    pay_out(fake)
    refund(fake, order, amount)
    kept = PRICE - (amount or PRICE)
    assert sums()[DEBT] == SHARE - kept * 85 // 100
    assert OWED not in sums()
    assert states_of(order) == ["settled"]


def test_a_refund_that_comes_back_restores_the_share_and_its_payout(owner, fake, app, payee):
    order = delivered(owner, fake, payee)
    made = refund(fake, order)
    fake.fail_refund(made)
    deliver_events(fake)
    assert again(order).status == OrderStatus.FULFILLED
    assert sums() == {**FEES, Account.CASH: CASH, Account.REVENUE: -(PRICE - SHARE), OWED: -SHARE}
    assert states_of(order) == ["cancelled", "scheduled"]


def test_a_dispute_changes_the_share_only_when_it_is_lost(owner, fake, app, payee):
    won, lost = delivered(owner, fake, payee), delivered(owner, fake, payee)
    for order, is_won in ((won, True), (lost, False)):
        opened = dispute(fake, order)
        assert sums()[OWED] == -2 * SHARE
        close(fake, opened, won=is_won)
    assert sums()[OWED] == -SHARE
    assert sums()[Account.CHARGEBACK_LOSSES] == PRICE
    assert (states_of(won), states_of(lost)) == (["scheduled"], ["cancelled"])


def test_a_part_that_a_bank_keeps_takes_its_part_of_the_share(owner, fake, app, payee):
    order = delivered(owner, fake, payee)
    close(fake, dispute(fake, order, 5000), won=False)
    assert again(order).status == OrderStatus.LOST
    assert sums()[OWED] == -(PRICE - 5000) * 85 // 100


def test_a_service_delivered_after_a_part_was_lost_is_shared(owner, fake, app, payee):
    order = buy_service(owner, fake)
    close(fake, dispute(fake, order, 5000), won=False)
    assert fulfil_service(order.pk, cause="delivered", payee_id=payee.pk)
    assert sums()[OWED] == -(PRICE - 5000) * 85 // 100
    other = buy_service(owner, fake)
    close(fake, dispute(fake, other), won=False)
    assert not fulfil_service(other.pk, cause="delivered", payee_id=payee.pk)


def test_a_contested_service_is_shared_and_the_bank_decides_about_the_share(owner, fake, app, payee):
    order = buy_service(owner, fake)
    opened = dispute(fake, order)
    assert fulfil_service(order.pk, cause="delivered", payee_id=payee.pk)
    assert sums()[OWED] == -SHARE
    close(fake, opened, won=False)
    assert OWED not in sums()
    assert states_of(order) == ["cancelled"]


def test_money_that_is_refunded_and_lost_takes_no_more_than_the_share(owner, fake, app, payee):
    order = delivered(owner, fake, payee)
    opened = dispute(fake, order)
    orders.refund(order.pk, amount_minor=None, refund_ref="by hand", cause="test")
    close(fake, opened, won=False)
    assert OWED not in sums()
    assert DEBT not in sums()


@pytest.mark.parametrize(("currency", "provider"), [("USD", None), ("EUR", "mock")])
def test_an_order_is_not_shared_with_a_payee_who_is_paid_otherwise(owner, fake, app, payee, currency, provider):
    order = buy_service(owner, fake)
    type(payee).objects.update(currency=currency, provider=provider or payee.provider)
    with pytest.raises(PayeeNotPayable):
        fulfil_service(order.pk, cause="delivered", payee_id=payee.pk)
    assert again(order).status == OrderStatus.PAID
    assert not PayeePayout.objects.exists()


def test_a_second_payee_of_an_order_gets_nothing(owner, fake, app, payee):
    order = delivered(owner, fake, payee)
    other = register_payee(user=UserFactory.create(), country="NL", currency="EUR")
    assert fulfil_service(order.pk, cause="again", payee_id=other.pk)
    assert PayeeShare.objects.get().payee == payee
    assert sums()[OWED] == -SHARE
