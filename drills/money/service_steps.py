"""Apply random steps to services and their payees: after every commit the books balance and match a model.

Owners pay in time or too late; services are released, delivered and shared; refunds are requested, made, in part and
in full, and come back; banks contest, decide for us or against us; complaints keep payouts back; payouts are sent, lost
on the way, refused, taken back, settled and paid again; events repeat; and the process may crash before any commit
and after any transfer.

The model counts what each payee has earned from what happened alone. At the provider no payout is sent twice.

Control: a refund does not change the share of the payee.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Final
from unittest.mock import patch
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from accounts.models import User
from billing import orders
from billing.catalogue.products import product_in_force
from billing.entitlements import entitlements
from billing.errors import BadTransition, RefundTooHigh
from billing.models import LedgerEntry, LedgerTransaction, Order, Payee, PayeePayout, RefundRequest
from billing.payees import payouts
from billing.payees.register import register_payee
from billing.services.selling import fulfil_service, refund_service, release_service_order
from billing.vocabulary import Account, PayeePayoutState, ProductCode, Provider, RefundRequestState
from drills.harness.runner import DrillContext, Result, main
from drills.money._payouts import UnreliableSender, sending
from drills.money._walker import NothingThere, Walker, steps_of
from testing.deliverer import Deliverer, delivering

OWNERS: Final = 20
_OWNERS_OF_A_PAYEE: Final = 4
SEED: Final = 20_261_116
_WHOLE: Final = 10_000


def disable_guard() -> AbstractContextManager[object]:
    return patch("billing.orders.refunds.settle_share", lambda _: None)


def drill(context: DrillContext) -> Result:
    steps, owners = (300, 3) if context.small or context.control else (10_000, OWNERS)
    rng = Random(SEED)  # noqa: S311 - an order of steps, not a secret
    with delivering() as app, sending(rng) as sender:
        people = crowd(owners, rng, app, sender)
        taken, faults = walk(people, rng, steps)
    figure = f"{len(faults)} faults after {taken.total()} commits of {len(taken)} kinds, {len(sender.made)} transfers"
    figure += f" ({faults[0]})" if faults else ""
    n = f"{steps} steps, {owners} owners, {len(people[0].payees)} payees"
    return Result(n, figure, "0 faults", not faults)


def crowd(owners: int, rng: Random, app: Deliverer, sender: UnreliableSender) -> "list[Owner]":
    """Return owners who buy from the same few payees."""
    payees = [_payee() for _ in range(max(1, owners // _OWNERS_OF_A_PAYEE))]
    users = [User.objects.create_user(f"{uuid4().hex}@example.org") for _ in range(owners)]
    return [Owner(user, rng, payees=payees, app=app, sender=sender) for user in users]


def _payee() -> Payee:
    user = User.objects.create_user(f"{uuid4().hex}@example.org")
    return register_payee(user=user, country="DE", currency="EUR", account_ref=f"acct_{uuid4().hex}")


def walk(people: "list[Owner]", rng: Random, steps: int) -> tuple[Counter[str], list[str]]:
    """Take this many steps of one owner each; return the count of each step, and the faults found after each."""
    taken: Counter[str] = Counter()
    faults: list[str] = []
    for number, name, who in steps_of(people, rng, steps):
        if name:
            taken[name] += 1
            found = [*who.wrong, *faults_of_orders(who)]
            faults += [f"step {number}, {name}: {fault}" for fault in found]
        who.wrong.clear()
        if number % 100 == 0 or number == steps - 1:
            faults += [f"step {number}: {fault}" for fault in faults_of_all(people)]
    return taken, faults


@dataclass
class Sold:
    """What happened to one order, as the model has it."""

    price: int
    payee: Payee
    is_delivered: bool = False
    refunds: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)

    @property
    def due(self) -> int:
        """What its payee has earned: the money that was not refunded or lost, less our fee."""
        kept = max(0, self.price - self.refunds.total() - self.lost.total())
        return kept - kept * settings.SERVICE_FEE_BASIS_POINTS // _WHOLE if self.is_delivered else 0


@dataclass
class Owner(Walker):
    """Does at random what owners, apps, banks, staff and the provider do, and keeps the model."""

    STEPS = (
        *("buy", "buy", "pay_late", "deliver", "deliver", "deliver", "refund", "request", "request", "make_refund"),
        *("reverse_refund", "dispute", "decide", "complain", "end_complaint", "repeat_event"),
        *("pay_out", "pay_out", "pay_out", "arrive", "take_back", "pay_again"),
    )
    STEPS_OF_WORKERS = ("pay_out", "arrive", "take_back")
    REFUSALS = (BadTransition, RefundTooHigh)

    payees: list[Payee] = field(default_factory=list)
    app: Deliverer = field(default_factory=Deliverer)
    sender: UnreliableSender = field(default_factory=lambda: UnreliableSender(Random(SEED)))  # noqa: S311
    sold: dict[UUID, Sold] = field(default_factory=dict)
    done: list[Callable[[], object]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def prepare(self) -> None:
        entitlements.lock(self.user)

    def buy(self) -> None:
        self._buy(is_late=False)

    def pay_late(self) -> None:
        self._buy(is_late=True)

    def deliver(self) -> None:
        order_id = self._one()
        payee = self.sold[order_id].payee
        if self.sold[order_id].is_delivered:
            raise NothingThere
        if fulfil_service(order_id, cause="random", payee_id=payee.pk):
            self.once_committed.append(lambda: setattr(self.sold[order_id], "is_delivered", True))
            self._repeat(partial(fulfil_service, order_id, cause="random", payee_id=payee.pk))

    def refund(self) -> None:
        """Refund by hand at the provider."""
        order = self._order()
        self._refund(order, self.rng.choice((1, 777, max(1, orders.refundable(order)))), self.rng.choice("12"))

    def request(self) -> None:
        amount = self.rng.choice((1, 777, None))
        call = partial(refund_service, self._one(), cause=f"cause {self.rng.randrange(3)}", amount_minor=amount)
        if not call():
            raise NothingThere
        self._repeat(call)

    def make_refund(self) -> None:
        """Make a requested refund at the provider."""
        order = self._order()
        request = RefundRequest.objects.filter(order=order, state=RefundRequestState.OPEN).first()
        if request is None or not (left := min(request.amount_minor, orders.refundable(order))):
            raise NothingThere
        self._refund(order, left, f"made {request.pk}")
        orders.note_refund_made(str(request.pk), refund_ref=f"made {request.pk}")

    def reverse_refund(self) -> None:
        order_id = self._one()
        ref = self.rng.choice([*self.sold[order_id].refunds, "1"])
        if not orders.reverse_refund(order_id, refund_ref=ref, cause="random"):
            raise NothingThere
        self.once_committed.append(lambda: self.sold[order_id].refunds.pop(ref))
        self._repeat(partial(orders.reverse_refund, order_id, refund_ref=ref, cause="random"))

    def dispute(self) -> None:
        order = self._order()
        amount = self.rng.choice((1000, max(1, orders.refundable(order))))
        ref = self.rng.choice("ab")
        orders.open_dispute(order.pk, dispute_ref=ref, withdrawn_minor=amount, cause="random")

    def decide(self) -> None:
        order = self._order()
        is_won, ref = self.rng.random() < 0.5, self.rng.choice("ab")
        before = self._lost(order, ref)
        orders.close_dispute(order.pk, dispute_ref=ref, is_won=is_won, cause="random")
        lost = self._lost(order, ref) - before
        self.once_committed.append(lambda: self.sold[order.pk].lost.update({ref: lost}))

    def complain(self) -> None:
        payouts.block_payout(self._one())

    def end_complaint(self) -> None:
        payouts.unblock_payout(self._one())

    def pay_out(self) -> None:
        """Let the day of a payout come, and a worker take it."""
        payout = self._payout(PayeePayoutState.SCHEDULED, PayeePayoutState.SENDING)
        is_blocked = PayeePayout.blocked().filter(pk=payout.pk).exists()
        self._carry_out(payout)
        payout.refresh_from_db()
        if is_blocked and payout.state != PayeePayoutState.SCHEDULED:
            self.wrong.append("a contested payout was sent")

    def arrive(self) -> None:
        payout = self._payout(PayeePayoutState.PAID)
        self.sender.arrive(payout.provider_ref)
        self._carry_out(payout)

    def take_back(self) -> None:
        payout = self._payout(PayeePayoutState.PAID, PayeePayoutState.SETTLED)
        if not payout.provider_ref:
            raise NothingThere
        self.sender.take_back(payout.provider_ref)
        payouts.sync(payout.pk)

    def pay_again(self) -> None:
        if payouts.pay_again(self._payout(PayeePayoutState.FAILED).pk) is None:
            raise NothingThere

    def repeat_event(self) -> None:
        """Repeat an earlier event; nothing more may be posted."""
        if not self.done:
            raise NothingThere
        before = LedgerTransaction.objects.count()
        try:
            self.rng.choice(self.done)()
        except self.REFUSALS as error:
            raise NothingThere from error
        if LedgerTransaction.objects.count() != before:
            self.wrong.append("a repeated event was posted twice")

    def _buy(self, *, is_late: bool) -> None:
        price, payee = self.rng.choice((100, 9_999, 20_000)), self.rng.choice(self.payees)
        order = orders.open_order(
            owner=self.user,
            product=product_in_force(ProductCode.APPOINTMENT),
            provider=Provider.STRIPE,
            cause="random",
            price=(price, "EUR"),
        )
        if is_late:
            release_service_order(order.pk)
        self.app.is_in_time = not is_late or self.rng.random() < 0.5
        orders.pay(order.pk, cause="random")
        self.once_committed.append(lambda: self.sold.update({order.pk: Sold(price, payee)}))
        self._repeat(partial(orders.pay, order.pk, cause="random"))

    def _refund(self, order: Order, amount: int, ref: str) -> None:
        call = partial(orders.refund, order.pk, amount_minor=amount, refund_ref=ref, cause="random")
        if not call():
            raise NothingThere
        self.once_committed.append(lambda: self.sold[order.pk].refunds.update({ref: amount}))
        self._repeat(call)

    def _carry_out(self, payout: PayeePayout) -> None:
        PayeePayout.objects.filter(pk=payout.pk).update(due_at=timezone.now())
        payouts.carry_out(payout.pk)

    def _repeat(self, call: Callable[[], object]) -> None:
        self.once_committed.append(lambda: self.done.append(call))

    def _one(self) -> UUID:
        if not self.sold:
            raise NothingThere
        return self.rng.choice(list(self.sold)[-8:])

    def _order(self) -> Order:
        return Order.objects.get(pk=self._one())

    def _payout(self, *states: PayeePayoutState) -> PayeePayout:
        found = list(PayeePayout.objects.filter(share__order__owner=self.user, state__in=states).order_by("created_at"))
        if not found:
            raise NothingThere
        return self.rng.choice(found)

    def _lost(self, order: Order, ref: str) -> int:
        """Return what the bank kept in this dispute, from the postings."""
        kept = LedgerEntry.objects.filter(
            transaction__kind="loss_booking",
            transaction__source__startswith=f"order:{order.pk}/dispute:{ref}",
            account=Account.DISPUTE_RECEIVABLE,
        )
        return -int(kept.aggregate(total=Sum("amount"))["total"] or 0)


def faults_of_orders(who: Owner) -> Iterator[str]:
    """Yield each fault in an owner's orders: a share that differs from the model, or more paid out than was owed."""
    postings = LedgerEntry.objects.filter(transaction__order__owner=who.user).order_by()
    found: Counter[tuple[UUID, str, str]] = Counter()
    for order_id, kind, account, amount in postings.values_list(
        "transaction__order_id", "transaction__kind", "account", "amount"
    ):
        found[order_id, kind, account] += amount
    for order_id, sold in who.sold.items():
        share = -sum(found[order_id, "payee_share", account] for account in ("payees_owed", "payees_debt"))
        owed = -sum(amount for key, amount in found.items() if key[0] == order_id and key[2] == "payees_owed")
        if share != sold.due:
            yield f"a share of {share}, not {sold.due}"
        if owed < 0:
            yield f"{owed} is owed"


def faults_of_all(people: "list[Owner]") -> Iterator[str]:
    """Yield the faults of the books as a whole, and of each payee: earned, sent, on the way, owed and in debt."""
    totals = LedgerEntry.objects.order_by().values("unit").annotate(total=Sum("amount"))
    yield from (f"{row['unit']} sums to {row['total']}" for row in totals if row["total"])
    sender = people[0].sender
    sent = Counter(each.payout_id for each in sender.made.values())
    yield from (f"payout {payout_id} was sent {count} times" for payout_id, count in sent.items() if count > 1)
    for payee in people[0].payees:
        yield from _faults_of(payee, people, sender)


def _faults_of(payee: Payee, people: "list[Owner]", sender: UnreliableSender) -> Iterator[str]:
    earned = sum(sold.due for who in people for sold in who.sold.values() if sold.payee == payee)
    of_payee = LedgerEntry.objects.filter(transaction__owner=payee.user).order_by()
    books = dict(of_payee.values("account").annotate(total=Sum("amount")).values_list("account", "total"))
    owed, debt, transit = -books.get("payees_owed", 0), books.get("payees_debt", 0), -books.get("payouts_in_transit", 0)
    rows = PayeePayout.objects.filter(payee=payee)
    gone = {str(pk) for pk in rows.filter(paid_at__isnull=False).values_list("pk", flat=True)}
    if earned != owed - debt + transit + sender.sent_for(gone):
        yield f"a payee earned {earned}; {owed} owed, {debt} debt, {transit} on the way, {sender.sent_for(gone)} sent"
    if transit != sum(row.sent_minor for row in rows.filter(state=PayeePayoutState.SENDING)):
        yield f"{transit} is on the way"
    if min(owed, debt) < 0:
        yield f"{owed} owed, {debt} debt"


if __name__ == "__main__":
    main(drill, disable_guard, served=False)
