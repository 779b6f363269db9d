"""Whatever happens in whatever order: the books balance, and what is read is what can be counted."""

from collections import Counter
from contextlib import suppress
from random import Random
from uuid import UUID, uuid4

import pytest
from django.db.models import Sum

from billing import credits, orders
from billing.choices import Account, Booking, OrderStatus
from billing.errors import BadTransition, OrderNotCancellable, OsmosisCreditRequired, RefundTooHigh
from billing.ledger import CREDIT
from billing.models import LedgerEntry, LedgerTransaction, Order
from tests.billing.buying import paid_order

STEPS = 400


class Owner:
    """Does at random what owners, inspections and staff do."""

    def __init__(self, user, rng: Random) -> None:
        self.user = user
        self.rng = rng
        self.open: list[UUID] = []
        self.ended: list[UUID] = []

    def step(self) -> None:
        steps = (self.buy, self.hold, self.hold, self.deliver, self.fail, self.refund, self.cancel, self.repeat)
        with suppress(BadTransition, OsmosisCreditRequired, RefundTooHigh, OrderNotCancellable):
            self.rng.choice(steps)()

    def buy(self) -> None:
        paid_order(self.user)

    def hold(self) -> None:
        inspection = uuid4()
        credits.hold(owner=self.user, inspection_id=inspection)
        self.open.append(inspection)

    def deliver(self) -> None:
        orders.spend_credit(owner=self.user, inspection_id=self._end())

    def fail(self) -> None:
        credits.give_back(owner=self.user, inspection_id=self._end())

    def repeat(self) -> None:
        if self.ended:
            again = self.rng.choice((orders.spend_credit, credits.give_back))
            assert not again(owner=self.user, inspection_id=self.rng.choice(self.ended))

    def refund(self) -> None:
        order = self._order()
        amount = self.rng.choice((100, 4900, orders.refundable(order)))
        orders.refund(order.pk, amount_minor=amount, refund_ref=str(self.rng.randrange(3)), cause="random")

    def cancel(self) -> None:
        orders.cancel(owner=self.user, order_id=self._order().pk)

    def _order(self) -> Order:
        bought = list(Order.objects.filter(owner=self.user))
        if not bought:
            raise BadTransition
        return self.rng.choice(bought)

    def _end(self) -> UUID:
        if not self.open:
            raise BadTransition
        ended = self.open.pop(self.rng.randrange(len(self.open)))
        self.ended.append(ended)
        return ended


def assert_books_hold(user) -> None:
    per_unit = LedgerEntry.objects.values("transaction", "unit").annotate(total=Sum("amount"))
    assert not [row for row in per_unit if row["total"]]
    kinds = Counter(LedgerTransaction.objects.filter(owner=user).values_list("kind", flat=True))
    balance = credits.balance_of(user)
    assert balance.held == kinds["credit_hold"] - kinds["credit_spend"] - kinds["credit_give_back"]
    given = kinds["credit_grant"] - kinds["credit_revoke"]
    assert balance.available == given - kinds["credit_hold"] + kinds["credit_give_back"]
    for order in Order.objects.filter(owner=user):
        booked = {kind: _cash(order, kind) for kind in (Booking.PAYMENT_HOLD, Booking.REFUND)}
        assert booked[Booking.PAYMENT_HOLD] == order.price_minor
        assert 0 <= -booked[Booking.REFUND] <= order.price_minor
        assert (order.status == OrderStatus.REFUNDED) == (-booked[Booking.REFUND] == order.price_minor)


def _cash(order: Order, kind: Booking) -> int:
    entries = LedgerEntry.objects.filter(transaction__order=order, transaction__kind=kind, account=Account.CASH)
    return entries.aggregate(total=Sum("amount"))["total"] or 0


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_steps_keep_the_books(owner, stranger, seed):
    rng = Random(seed)
    people = [Owner(owner, rng), Owner(stranger, rng)]
    for step in range(STEPS):
        rng.choice(people).step()
        if step % 20 == 0:
            for each in people:
                assert_books_hold(each.user)
    for each in people:
        assert_books_hold(each.user)
    assert LedgerEntry.objects.filter(unit=CREDIT).exists()
    assert {"refunded", "fulfilled"} <= set(Order.objects.values_list("status", flat=True))
