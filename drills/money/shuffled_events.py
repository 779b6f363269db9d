"""Deliver events of web purchases shuffled, repeated and in parallel, while processes are killed.

The result must be the same as in order. Each way of shuffling has purchases of its own (PAYMENTS of them; 5, so that 20
ways make 100), because an event that was delivered once is known, whatever its order. Some events are delivered while
more happens to the same purchases. Compared: each order's state and accounts, and each owner's credits. No order may
have granted twice, and each event is posted once.

Control: the ledger does not recognise a repeated source.
"""

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from random import Random
from typing import Any, Final
from unittest.mock import patch
from uuid import UUID, uuid4

from django.db.models import Count, Sum

from accounts.models import User
from billing.ledger import inspection_credits, journal
from billing.models import LedgerEntry, LedgerTransaction, Order, ProviderEvent
from billing.vocabulary import EntryKind, EventState
from drills.harness.api_client import Caller, crowd, side_by_side
from drills.harness.purchases import buy, pay
from drills.harness.runner import DrillContext, Result, main
from testing.fake_stripe import FakeStripe

OWNERS: Final = 5
SENDERS: Final = 16
COPIES: Final = 3
RETRIES: Final = 60
PATIENCE_SECONDS: Final = 600
FATES: Final = 6
VICTIMS: Final = ("web", "worker-payments")
Event = dict[str, Any]


@contextmanager
def disable_guard() -> Iterator[None]:
    write = journal._write  # noqa: SLF001 - the guard is taken away from the inside

    def unknown(kind: EntryKind, *, source: str, **rest: Any) -> None:
        write(kind, source=f"{source}#{uuid4()}", **rest)

    with ExitStack() as stack:
        stack.enter_context(patch.object(journal, "_write", unknown))
        stack.enter_context(patch.object(journal, "is_posted", lambda *_, **__: False))
        yield


def drill(context: DrillContext) -> Result:
    small = context.small or context.control
    ways = int(os.environ.get("WAYS", "1" if small else "20"))
    payments = int(os.environ.get("PAYMENTS", "3" if small else "5"))
    kills = int(os.environ.get("KILLS", "0" if small else "20")) if context.server else 0
    expected, bought = _deliver_in_order(context, payments)
    wrong = _surplus_entries(bought)
    killer = Killer(context)
    for way in range(ways):
        killer.times = (way + 1) * kills // ways - way * kills // ways
        found, bought = _deliver_shuffled(context, payments, seed=way, killer=killer)
        wrong += [f"way {way}: {one}" for one in (*_differences(expected, found), *_surplus_entries(bought))]
    extra = _granted_twice()
    dead = ProviderEvent.objects.exclude(state=EventState.DONE).count()
    n = f"{ways} ways × {payments} payments × {len(context.fake.events) / payments / (ways + 1):.1f} events × {COPIES}"
    figure = f"{len(wrong)} differences, {extra} extra credits, {dead} events left, {killer.killed} kills"
    passed = not wrong and not extra and not dead and killer.killed == kills
    return Result(
        f"{n}, {SENDERS} senders", figure + (f" ({wrong[0]})" if wrong else ""), "as in order, 0 extra", passed
    )


@dataclass
class Killer:
    """Kills web and worker in turn while a block runs, shortly after it began."""

    context: DrillContext
    times: int = 0
    killed: int = 0

    @contextmanager
    def at_work(self) -> Iterator[None]:
        thread = threading.Thread(target=self._kill_all)
        thread.start()
        try:
            yield
        finally:
            thread.join()

    def _kill_all(self) -> None:
        for number in range(self.times):
            time.sleep(number + Random(self.killed).uniform(0.2, 2.0))  # noqa: S311 - a moment, not a secret
            self._kill(VICTIMS[self.killed % len(VICTIMS)])

    def _kill(self, name: str) -> None:
        assert self.context.server is not None
        while True:  # until it is there, if it is restarting
            with suppress(KeyError, ProcessLookupError, FileNotFoundError):
                os.killpg(self.context.server.pids()[name], signal.SIGKILL)
                self.killed += 1
                return
            time.sleep(0.2)


State = tuple[list[tuple[str, dict[str, int]]], list[tuple[int, int]]]


def _deliver_in_order(context: DrillContext, payments: int) -> tuple[State, list[UUID]]:
    people, bought = _pages(context, payments)
    refs = [pay(context.fake, order) for order in bought]
    _deliver(context, context.fake.events)
    _process_all(context)
    delivered = len(context.fake.events)
    _apply_fates(context.fake, refs)
    _deliver(context, context.fake.events[delivered:])
    _process_all(context)
    return _state(people, bought), bought


def _deliver_shuffled(context: DrillContext, payments: int, *, seed: int, killer: Killer) -> tuple[State, list[UUID]]:
    fake, before = context.fake, len(context.fake.events)
    people, bought = _pages(context, payments)
    refs = [pay(fake, order) for order in bought]
    paid = fake.events[before:]
    with killer.at_work(), ThreadPoolExecutor(1) as beside:
        first = beside.submit(_deliver, context, paid, seed=seed)
        _apply_fates(fake, refs)
        first.result()
        more = fake.events[before + len(paid) :]
        _deliver(context, paid * (COPIES - 1) + more * COPIES, seed=seed + 1000)
    _process_all(context)
    return _state(people, bought), bought


def _pages(context: DrillContext, payments: int) -> tuple[list[Caller], list[UUID]]:
    people = crowd(context.base_url, OWNERS)
    return people, side_by_side(lambda number: buy(people[number % OWNERS]), range(payments), by=4)


def _apply_fates(fake: FakeStripe, payments: Sequence[str]) -> None:
    """Apply one event to each purchase in turn: refund, lost dispute, win, partial refund, two disputes, or none."""
    fates: Sequence[Callable[[FakeStripe, str], object]] = [
        lambda fake, ref: fake.refund(ref),
        lambda fake, ref: _disputed(fake, ref, won=False),
        lambda fake, ref: _disputed(fake, ref, won=True),
        lambda fake, ref: fake.fail_refund(fake.refund(ref, 900)["id"]),
        lambda fake, ref: [_disputed(fake, ref, 900, won=number == 0) for number in range(2)],
        lambda fake, ref: fake.refund(ref, 900),
    ]
    for number, ref in enumerate(payments):
        fates[number % FATES](fake, ref)


def _disputed(fake: FakeStripe, ref: str, amount: int | None = None, *, won: bool) -> Event:
    dispute = fake.open_dispute(ref, amount)["id"]
    fake.withdraw_funds(dispute)
    if won:
        fake.reinstate_funds(dispute)
    return fake.close_dispute(dispute, won=won)


def _deliver(context: DrillContext, events: Sequence[Event], *, seed: int | None = None) -> None:
    senders = 1 if seed is None else SENDERS
    statuses = context.fake.deliver(events, seed=seed, senders=senders, retries=RETRIES)
    if set(statuses) != {200}:
        raise RuntimeError(f"Events were not accepted: {Counter(statuses)}")


def _process_all(context: DrillContext) -> None:
    """Process events until none waits; give up after a while."""
    patience = PATIENCE_SECONDS if not context.control else 2 if context.small else 10
    deadline = time.monotonic() + patience
    while ProviderEvent.objects.filter(state=EventState.WAITING).exists() and time.monotonic() < deadline:
        context.work()
        time.sleep(0.2)


def _state(people: Sequence[Caller], bought: Sequence[UUID]) -> State:
    owners = {who.email: User.objects.get(email=who.email) for who in people}
    balances = [inspection_credits.balance_of(owners[who.email]) for who in people]
    return [_status_and_sums(order) for order in bought], [(each.available, each.held) for each in balances]


def _status_and_sums(order_id: UUID) -> tuple[str, dict[str, int]]:
    entries = LedgerEntry.objects.filter(transaction__order=order_id).values("account", "unit")
    sums = {f"{row['account']} {row['unit']}": row["total"] for row in entries.annotate(total=Sum("amount"))}
    return Order.objects.get(pk=order_id).status, sums


def _differences(expected: State, found: State) -> list[str]:
    orders = [
        f"order {number}: {there} for {here}"
        for number, (here, there) in enumerate(zip(expected[0], found[0], strict=True))
        if here != there
    ]
    owners = [f"credits {found[1]} for {expected[1]}"] if expected[1] != found[1] else []
    return orders + owners


def _surplus_entries(bought: Sequence[UUID]) -> list[str]:
    """Return surplus payments, refunds and disputes: one of each is allowed, and two disputes for the fifth."""
    wrong = []
    for number, order in enumerate(bought):
        posted = Counter(LedgerTransaction.objects.filter(order=order).values_list("kind", flat=True))
        disputes = 2 if number % FATES == FATES - 2 else 1
        most = {EntryKind.PAYMENT_CAPTURED: 1, EntryKind.REFUND: 1, EntryKind.DISPUTE_OPEN: disputes}
        wrong += [f"order {number}: {posted[kind]} × {kind}" for kind, times in most.items() if posted[kind] > times]
    return wrong


def _granted_twice() -> int:
    """Count orders with at least two more grants than revocations."""
    entries = LedgerTransaction.objects.values("order", "kind").annotate(times=Count("pk"))
    balance: Counter[UUID] = Counter()
    for row in entries.filter(kind__in=(EntryKind.CREDIT_GRANT, EntryKind.CREDIT_REVOKE)):
        balance[row["order"]] += row["times"] if row["kind"] == EntryKind.CREDIT_GRANT else -row["times"]
    return sum(1 for count in balance.values() if count > 1)


if __name__ == "__main__":
    main(drill, disable_guard)
