"""Apply random money steps in random order: after every commit the books balance and match a recount.

Owners buy, hold, spend and return credits; orders are refunded in parts, cancelled, disputed, won and lost; refunds
fail; events repeat; and the process may crash at any point.

Control: a refund does not take its credit back.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Final
from unittest.mock import patch
from uuid import UUID, uuid4

from django.db.models import Sum

from accounts.models import User
from billing import orders
from billing.entitlements import entitlements
from billing.errors import BadTransition, OrderNotCancellable, OsmosisCreditRequired, RefundTooHigh
from billing.ledger import inspection_credits
from billing.ledger.journal import CREDIT
from billing.models import LedgerEntry, LedgerTransaction, Order
from billing.vocabulary import Account, EntryKind, OrderStatus, ProductCode, Provider
from drills.harness.runner import DrillContext, Result, main
from drills.money._walker import NothingThere, Walker, steps_of

UNPAID: Final = ("created", "pending", "failed", "expired", "cancelled")
OWNERS: Final = 40
SEED: Final = 20_260_101


def disable_guard() -> AbstractContextManager[object]:
    return patch("billing.orders.refunds.inspection_credits.revoke", lambda **_: False)


def drill(context: DrillContext) -> Result:
    steps, owners = (150, 3) if context.small or context.control else (10_000, OWNERS)
    rng = Random(SEED)  # noqa: S311 - an order of steps, not a secret
    people = [Owner(User.objects.create_user(f"{uuid4().hex}@example.org"), rng) for _ in range(owners)]
    taken, faults = walk(people, rng, steps)
    figure = f"{len(faults)} faults after {taken.total()} commits of {len(taken)} kinds"
    figure += f" ({faults[0]})" if faults else ""
    return Result(f"{steps} steps, {owners} owners", figure, "0 faults", not faults)


def walk(people: "list[Owner]", rng: Random, steps: int) -> tuple[Counter[str], list[str]]:
    """Take this many steps of one owner each; return the count of each step, and the faults found after each."""
    taken: Counter[str] = Counter()
    faults: list[str] = []
    for number, name, who in steps_of(people, rng, steps):
        if name:
            taken[name] += 1
            faults += [f"step {number}, {name}: {fault}" for fault in faults_of(who.user, rng)]
        if number % 500 == 0 or number == steps - 1:
            faults += [f"step {number}: {fault}" for fault in faults_of_all()]
    return taken, faults


@dataclass
class Owner(Walker):
    """Does at random what owners, inspections, staff and providers do."""

    STEPS = (
        *("buy", "hold", "hold", "spend", "give_back", "refund", "refund", "reverse_refund"),
        *("cancel", "dispute", "decide", "decide", "repeat_event"),
    )
    REFUSALS = (BadTransition, OsmosisCreditRequired, RefundTooHigh, OrderNotCancellable)

    open: list[UUID] = field(default_factory=list)
    done: list[Callable[[], object]] = field(default_factory=list)

    def prepare(self) -> None:
        entitlements.lock(self.user)

    def buy(self) -> None:
        ref = uuid4().hex
        purchase = orders.Purchase(Provider.MOCK, ref, ProductCode.OSMOSIS_INSPECTION)
        self._do(partial(orders.record_purchase, owner=self.user, purchase=purchase, cause="random"))

    def hold(self) -> None:
        inspection = uuid4()
        self._do(partial(inspection_credits.hold, owner=self.user, inspection_id=inspection))
        self.once_committed.append(lambda: self.open.append(inspection))

    def spend(self) -> None:
        self._do(partial(orders.spend_credit, owner=self.user, inspection_id=self._end()))

    def give_back(self) -> None:
        self._do(partial(inspection_credits.give_back, owner=self.user, inspection_id=self._end()))

    def refund(self) -> None:
        order = self._order()
        amount = self.rng.choice((100, 4900, orders.refundable(order)))
        ref = str(self.rng.randrange(3))
        self._do(partial(orders.refund, order.pk, amount_minor=amount, refund_ref=ref, cause="random"))

    def reverse_refund(self) -> None:
        ref = self.rng.choice(("0", "1", "2", "owner"))
        self._do(partial(orders.reverse_refund, self._order().pk, refund_ref=ref, cause="random"))

    def cancel(self) -> None:
        self._do(partial(orders.cancel, owner=self.user, order_id=self._order().pk))

    def dispute(self) -> None:
        order = self._order(PAID)
        amount = self.rng.choice((1000, max(1, orders.refundable(order))))
        ref = self.rng.choice("ab")
        self._do(partial(orders.open_dispute, order.pk, dispute_ref=ref, withdrawn_minor=amount, cause="random"))

    def decide(self) -> None:
        won, ref = self.rng.random() < 0.5, self.rng.choice("ab")
        order = self._order((OrderStatus.DISPUTED,))
        self._do(partial(orders.close_dispute, order.pk, dispute_ref=ref, is_won=won, cause="random"))

    def repeat_event(self) -> None:
        """Repeat an earlier event; nothing more may be posted."""
        if not self.done:
            raise NothingThere
        before = self._count_entries()
        with suppress(*self.REFUSALS):
            self.rng.choice(self.done)()
        if self._count_entries() != before:
            raise AssertionError("A repeated event was posted twice.")

    def _do(self, call: Callable[[], object]) -> None:
        """Run a step. A step that posted nothing is not recorded: repeated later, it may post something."""
        before = self._count_entries()
        call()
        if self._count_entries() == before:
            raise NothingThere
        self.once_committed.append(lambda: self.done.append(call))

    def _count_entries(self) -> int:
        return LedgerTransaction.objects.filter(owner=self.user).count()

    def _order(self, statuses: Iterable[str] = ()) -> Order:
        bought = Order.objects.filter(owner=self.user).order_by("created_at")
        found = list(bought.filter(status__in=statuses) if statuses else bought)
        if not found:
            raise NothingThere
        return self.rng.choice(found)

    def _end(self) -> UUID:
        """End one open inspection; it stays open if the step is rolled back."""
        if not self.open:
            raise NothingThere
        ended = self.rng.choice(self.open)
        self.once_committed.append(lambda: self.open.remove(ended))
        return ended


PAID: Final = (OrderStatus.PAID, OrderStatus.FULFILLED, OrderStatus.DISPUTED)


@dataclass
class Counted:
    """The sums of one owner's journal entries, counted without a query of the project's."""

    sums: Counter[tuple[UUID, str]] = field(default_factory=Counter)
    accounts: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    went_back: Counter[UUID] = field(default_factory=Counter)
    paid: Counter[UUID] = field(default_factory=Counter)
    credits: Counter[UUID] = field(default_factory=Counter)
    seen: set[UUID] = field(default_factory=set)

    def add(self, entry: UUID, kind: str, order: UUID, account: str, unit: str, amount: int) -> None:
        self.sums[entry, unit] += amount
        if entry not in self.seen:
            self.seen.add(entry)
            self.kinds[kind] += 1
        if unit == CREDIT:
            self.accounts[account] += amount
            self.credits[order] -= amount if account == Account.CREDITS_ISSUED else 0
        elif account == Account.CASH and kind in (EntryKind.REFUND, EntryKind.REFUND_REVERSAL):
            self.went_back[order] -= amount
        elif account == Account.CASH and kind == EntryKind.PAYMENT_CAPTURED:
            self.paid[order] += amount


def faults_of(user: User, rng: Random) -> list[str]:
    """Return the faults in the books of one owner."""
    counted = Counted()
    rows = LedgerEntry.objects.filter(transaction__owner=user)
    for row in rows.values_list(
        "transaction_id", "transaction__kind", "transaction__order_id", "account", "unit", "amount"
    ):
        counted.add(*row)
    return [*_of_balances(user, counted), *_of_orders(user, counted, rng)]


def faults_of_all() -> list[str]:
    totals = LedgerEntry.objects.values("unit").annotate(total=Sum("amount"))
    return [f"{row['unit']} sums to {row['total']}" for row in totals if row["total"]]


def _of_balances(user: User, counted: Counted) -> Iterable[str]:
    kinds, balance = counted.kinds, inspection_credits.balance_of(user)
    held = kinds["credit_hold"] - kinds["credit_spend"] - kinds["credit_give_back"]
    given = kinds["credit_grant"] - kinds["credit_revoke"]
    available = given - kinds["credit_hold"] + kinds["credit_give_back"]
    if any(counted.sums.values()):
        yield "a journal entry does not sum to zero"
    if (balance.held, balance.available) != (held, available):
        yield f"{balance} is read, {available} available and {held} held are counted"
    if (counted.accounts[Account.CREDITS_HELD], counted.accounts[Account.CREDITS_AVAILABLE]) != (held, available):
        yield "the postings and the journal entries differ"


def _of_orders(user: User, counted: Counted, rng: Random) -> Iterable[str]:
    bought = list(Order.objects.filter(owner=user).select_related("product"))
    for order in bought:
        yield from _of_order(order, counted)
    for order in rng.sample(bought, min(3, len(bought))):
        left = order.price_minor - counted.went_back[order.pk] if order.status in PAID else 0
        if orders.refundable(order) != left:
            yield f"{orders.refundable(order)} can be refunded, {left} is counted"


def _of_order(order: Order, counted: Counted) -> Iterable[str]:
    is_unpaid = order.status in UNPAID and order.paid_at is None
    has_credit = counted.credits[order.pk]
    expected = _credits_expected(order)
    if counted.paid[order.pk] != (0 if is_unpaid else order.price_minor):
        yield f"a {order.status} order with {counted.paid[order.pk]} paid"
    if not 0 <= counted.went_back[order.pk] <= order.price_minor:
        yield f"{counted.went_back[order.pk]} went back of {order.price_minor}"
    if expected is not None and has_credit != expected:
        yield f"a {order.status} order with {has_credit} credits"
    if has_credit not in (0, 1):
        yield f"an order with {has_credit} credits"


def _credits_expected(order: Order) -> int | None:
    """Return None during a dispute, and while a refund of a cancelled order is under way."""
    if order.status in (OrderStatus.PAID, OrderStatus.FULFILLED):
        return None if order.refund_asked_at else 1
    return None if order.status == OrderStatus.DISPUTED else 0


if __name__ == "__main__":
    main(drill, disable_guard, served=False)
