"""Attack subscriptions: access must follow the money, and an owner has one live subscription under any event.

Two parts. In this process, owners, stores, Stripe, banks and staff act at random, compared with a model in plain
Python. Over HTTP there are attacks by name: keep access without money, buy twice, pay twice, write twice.

Control: every order counts as paid for good, checkout is as it was before, nothing is cancelled, and the index is
dropped. Each attack must then succeed, and the model must differ.
"""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any, Final
from unittest.mock import patch
from uuid import UUID, uuid4

from django.db import IntegrityError, connection, transaction
from django.db.models import CharField, F, OuterRef, QuerySet, Value
from django.utils import timezone

from accounts.models import User
from billing import orders
from billing.catalogue.products import PRODUCT_OF_PLAN, product_in_force
from billing.disputes import cases
from billing.entitlements import entitlements, subscriptions
from billing.entitlements.paid_periods import OURS
from billing.errors import BadTransition, RefundTooHigh
from billing.models import Order, ProviderEvent, Subscription
from billing.providers.base import Disputed, SubscriptionFacts
from billing.sync import checkout
from billing.vocabulary import DisputeState, EventState, Plan, ProductCode, Provider, SubscriptionState
from drills.harness.api_client import Caller, at_once, call, crowd
from drills.harness.runner import DrillContext, Result, main
from drills.money._walker import NothingThere, Walker, steps_of
from maretech.common.database.prepared_query import PreparedQuery
from testing.database_role import as_owner
from testing.fake_stripe import FakeStripe

PRODUCTS: Final = list(PRODUCT_OF_PLAN.values())
DAYS: Final = {Plan.MONTHLY: 30, Plan.YEARLY: 365}
AT_ONCE: Final = 16
SMALL_AT_ONCE: Final = 6
PATIENCE_SECONDS: Final = 300
SEED: Final = 20_260_102
ONE_CURRENT: Final = "an_owner_has_one_current_subscription"


def disable_guard() -> AbstractContextManager[object]:
    stack = ExitStack()
    stack.enter_context(patch("billing.entitlements.paid_periods._paid_orders", _orders_counted_as_paid))
    fresh = PreparedQuery(entitlements._longest_access, "owner_id")  # noqa: SLF001 - compiled without the guard
    stack.enter_context(patch.object(entitlements, "_LONGEST_ACCESS", fresh))
    stack.enter_context(patch("billing.orders.call_off", lambda _: False))
    stack.enter_context(patch("billing.sync.checkout.close_replaced_pages", lambda **_: None))
    stack.enter_context(patch("billing.sync.checkout.order_for", _order_without_checks))
    return stack


def _orders_counted_as_paid() -> QuerySet[Any]:
    paid = Order.objects.filter(subscription=OuterRef("pk"), owner=OuterRef("owner"), paid_at__isnull=False)
    named = paid.annotate(money=Value(OURS, output_field=CharField()))
    return named.order_by(F("period_ends_at").desc(nulls_last=True), "-paid_at")


def _order_without_checks(*, owner: User, product_code: str) -> tuple[Order, bool]:
    return _page_beside_others(owner, ProductCode(product_code)), True


def _page_beside_others(owner: User, product: ProductCode) -> Order:
    """Open a page as the previous release did: any number of pages may be open at once."""
    with transaction.atomic():
        order = orders.open_order(
            owner=owner, product=product_in_force(product), provider=Provider.STRIPE, cause="checkout"
        )
        Order.objects.filter(pk=order.pk).update(begins_subscription=False)
    return order


def drill(context: DrillContext) -> Result:
    is_small = context.small or context.control
    steps, owners, rounds = (150, 3, 1) if is_small else (int(os.environ.get("STEPS", "4000")), 40, 10)
    rng = Random(SEED)  # noqa: S311 - an order of steps, not a secret
    people = [Owner(User.objects.create_user(f"{uuid4().hex}@example.org"), rng) for _ in range(owners)]
    taken, differences = walk(people, rng, steps)
    faults = {"model": differences, **{name: attack(context, rounds) for name, attack in ATTACKS.items()}}
    fell = [name for name, found in faults.items() if found]
    first = next((f" ({name}: {found[0]})" for name, found in faults.items() if found), "")
    n = f"{taken.total()} of {steps} steps of {len(taken)} kinds, {len(ATTACKS)} attacks × {rounds}"
    figure = f"{len(fell)} of {len(faults)} fell: {', '.join(fell) or 'none'}{first}"
    succeeded = {name: bool(found) for name, found in faults.items()}
    return Result(n, figure, "0 differences, no attack succeeds", not fell, succeeded)


# --- The model ---
@dataclass
class Period:
    """One paid period, and the state of its money."""

    order_id: UUID
    price: int
    ends_at: datetime
    refunds: dict[str, int] = field(default_factory=dict)
    disputes: dict[str, str] = field(default_factory=dict)

    @property
    def money(self) -> str:
        states = self.disputes.values()
        if sum(self.refunds.values()) >= self.price or "lost" in states:
            return "gone"
        return "contested" if {"opened", "withdrawn"} & set(states) else "ours"


@dataclass
class Sold:
    """One subscription as its provider has it."""

    ref: str
    provider: Provider
    plan: Plan
    ends_at: datetime
    state: SubscriptionState = SubscriptionState.ACTIVE
    periods: list[Period] = field(default_factory=list)

    def access_ends_at(self, now: datetime) -> datetime | None:
        if self.state == SubscriptionState.LAPSED or self.ends_at <= now:
            return None
        newest = max(self.periods, key=lambda period: period.ends_at)
        ours = [period.ends_at for period in self.periods if period.money == "ours"]
        if newest.money == "ours":
            return self.ends_at
        return min(self.ends_at, max(ours)) if ours and max(ours) > now else None

    def is_live(self, now: datetime) -> bool:
        newest = max(self.periods, key=lambda period: period.ends_at)
        runs = self.state != SubscriptionState.LAPSED and self.ends_at > now
        return self.access_ends_at(now) is not None or (runs and newest.money == "contested")


@dataclass
class Owner(Walker):
    """Does at random what owners, stores, banks and staff do, and keeps the model."""

    STEPS = (
        *("subscribe", "subscribe", "renew", "renew", "upgrade", "cancel", "enter_grace", "end", "extend", "refund"),
        *("refund", "reverse_refund", "inquire", "escalate", "dispute", "withdraw", "withdraw", "decide"),
    )
    REFUSALS = (BadTransition, RefundTooHigh)

    sold: list[Sold] = field(default_factory=list)
    granted: list[datetime] = field(default_factory=list)

    def subscribe(self) -> None:
        provider = self.rng.choice((Provider.STRIPE, Provider.APP_STORE, Provider.PLAY_STORE))
        plan = self.rng.choice(tuple(Plan))
        ends_at = timezone.now() + timedelta(days=self.rng.randint(1, DAYS[plan]))
        sold = Sold(uuid4().hex, provider, plan, ends_at)
        self._record(sold, ends_at=ends_at)
        period = self._pay(sold, ends_at)
        self.once_committed += [partial(sold.periods.append, period), partial(self.sold.append, sold)]

    def renew(self) -> None:
        sold = self._one()
        ends_at = max(period.ends_at for period in sold.periods) + timedelta(days=DAYS[sold.plan])
        self._record(sold, ends_at=ends_at)
        period = self._pay(sold, ends_at)
        self.once_committed.append(lambda: sold.periods.append(period))

    def upgrade(self) -> None:
        """Replace the subscription by another of the same store group."""
        former = self._one(Provider.PLAY_STORE)
        sold = Sold(uuid4().hex, former.provider, Plan.YEARLY, timezone.now() + timedelta(days=365))
        self._record(sold, ends_at=sold.ends_at, replaces=former.ref)
        period = self._pay(sold, sold.ends_at)
        self.once_committed += [partial(sold.periods.append, period), partial(self.sold.append, sold)]
        self.once_committed.append(lambda: setattr(former, "state", SubscriptionState.LAPSED))

    def cancel(self) -> None:
        self._record(self._one(), state=SubscriptionState.CANCELLED)

    def enter_grace(self) -> None:
        self._record(self._one(), state=SubscriptionState.GRACE)

    def end(self) -> None:
        self._record(self._one(), state=SubscriptionState.LAPSED)

    def extend(self) -> None:
        until = timezone.now() + timedelta(days=self.rng.randint(1, 20))
        subscriptions.extend(owner=self.user, plan=Plan.MONTHLY, until=until, ref=uuid4().hex, cause="random")
        self.once_committed.append(lambda: self.granted.append(until))

    def refund(self) -> None:
        period = self._period()
        ref = self.rng.choice("123")
        left = period.price - sum(period.refunds.values())
        amount = self.rng.choice((100, left, left))
        if orders.refund(period.order_id, amount_minor=amount, refund_ref=ref, cause="random"):
            self.once_committed.append(lambda: period.refunds.update({ref: amount}))

    def reverse_refund(self) -> None:
        period = self._period()
        for ref in [ref for ref, amount in period.refunds.items() if amount]:
            if orders.reverse_refund(period.order_id, refund_ref=ref, cause="random"):
                self.once_committed.append(partial(period.refunds.update, {ref: 0}))

    def inquire(self) -> None:
        self._set_dispute(None, "inquiry")

    def escalate(self) -> None:
        self._set_dispute("inquiry", "opened")

    def dispute(self) -> None:
        self._set_dispute(None, "opened")

    def withdraw(self) -> None:
        self._set_dispute("opened", "withdrawn")

    def decide(self) -> None:
        self._set_dispute("withdrawn", self.rng.choice(("won", "lost")))

    def _set_dispute(self, before: str | None, after: str) -> None:
        period = self._period()
        refs = [ref for ref in ("a", "b") if period.disputes.get(ref) == before]
        if not refs:
            raise NothingThere
        ref = self.rng.choice(refs)
        verdicts = {"won": DisputeState.WON, "lost": DisputeState.LOST}
        found = Disputed(
            ref=f"{period.order_id}{ref}",
            state=verdicts.get(after, DisputeState.OPEN),
            amount_minor=100,
            withdrawn_minor=100 if after in ("withdrawn", "won", "lost") else 0,
            fee_minor=0,
            reason="",
            evidence_due_at=None,
            is_inquiry=after == "inquiry",
        )
        cases.record(Order.objects.get(pk=period.order_id), found, cause="random")
        self.once_committed.append(lambda: period.disputes.update({ref: after}))

    def _record(
        self,
        sold: Sold,
        *,
        ends_at: datetime | None = None,
        state: SubscriptionState = SubscriptionState.ACTIVE,
        replaces: str = "",
    ) -> None:
        until = ends_at or sold.ends_at
        facts = SubscriptionFacts(ref=sold.ref, plan=sold.plan, state=state, ends_at=until, replaces=replaces)
        subscriptions.record(
            owner_id=self.user.pk, provider=sold.provider, facts=facts, asked_at=timezone.now(), cause="random"
        )
        self.once_committed += [partial(setattr, sold, "state", state), partial(setattr, sold, "ends_at", until)]

    def _pay(self, sold: Sold, ends_at: datetime) -> Period:
        subscription = Subscription.objects.get(provider=sold.provider, provider_ref=sold.ref)
        purchase = orders.Purchase(
            sold.provider, uuid4().hex, PRODUCT_OF_PLAN[sold.plan], subscription=subscription, period_ends_at=ends_at
        )
        order = orders.record_purchase(owner=self.user, purchase=purchase, cause="random")
        assert order is not None
        return Period(order.pk, order.price_minor, ends_at)

    def _one(self, *providers: Provider) -> Sold:
        found = [sold for sold in self.sold if not providers or sold.provider in providers]
        if not found:
            raise NothingThere
        return self.rng.choice(found[-3:])

    def _period(self) -> Period:
        return self.rng.choice(self._one().periods[-2:])


def walk(people: list[Owner], rng: Random, steps: int) -> tuple[Counter[str], list[str]]:
    """Take this many steps of one owner each; return the count of each step, and each difference from the model."""
    taken: Counter[str] = Counter()
    differences: list[str] = []
    for number, name, who in steps_of(people, rng, steps):
        if name:
            taken[name] += 1
            differences += [f"step {number}, {name}: {each}" for each in differences_of(who)]
    return taken, differences


def differences_of(owner: Owner) -> Iterator[str]:
    now = timezone.now()
    ends = [end for sold in owner.sold if (end := sold.access_ends_at(now)) is not None]
    expected = max([*ends, *(until for until in owner.granted if until > now)], default=None)
    found = entitlements.corrosion_entitlement(owner.user)
    if (found.subscribed, found.ends_at) != (expected is not None, expected):
        yield f"access until {found.ends_at}, not {expected}"
    live = {sold.ref for sold in owner.sold if sold.is_live(now)}
    recorded = Subscription.objects.filter(owner=owner.user).exclude(provider=Provider.STAFF)
    current = set(recorded.filter(is_current=True).values_list("provider_ref", flat=True))
    surplus = set(recorded.filter(surplus_at__isnull=False).values_list("provider_ref", flat=True))
    if len(current) != min(1, len(live)) or current | surplus != live or current & surplus:
        yield f"{len(live)} live, {len(current)} current, {len(surplus)} surplus"


# --- The attacks ---
def keep_access(context: DrillContext, rounds: int, *, how: Callable[[FakeStripe, str], object]) -> list[str]:
    """Subscribe, take the money back, and return whether access remained."""
    people = crowd(context.base_url, rounds)
    bought = [_open(who, Plan.MONTHLY) for who in people]
    _run_and_process(context, lambda: [context.fake.pay(_ref(order)) for order in bought])
    without = [who for who in people if not _is_active(who)]
    if without:
        raise RuntimeError("Access was not granted.")
    payments = [Order.objects.get(pk=order).payment_ref for order in bought]
    _run_and_process(context, lambda: [how(context.fake, ref) for ref in payments])
    return ["access without money" for who in people if _is_active(who)]


def buy_a_second(context: DrillContext, rounds: int) -> list[str]:
    people = crowd(context.base_url, rounds)
    bought = [_open(who, Plan.MONTHLY) for who in people]
    _run_and_process(context, lambda: [context.fake.pay(_ref(order)) for order in bought])
    answers = [who.post("/checkout/sessions", {"product": product}) for who in people for product in PRODUCTS]
    return [f"answered {answer.status}" for answer in answers if answer.status != 409]


def order_at_once(context: DrillContext, rounds: int) -> list[str]:
    """Request both plans from sixteen phones at the same moment, without a key."""
    faults = []
    for who in crowd(context.base_url, rounds):
        requests = [partial(who.post, "/checkout/sessions", {"product": PRODUCTS[n % 2]}) for n in range(AT_ONCE)]
        statuses = Counter(answer.status for answer in at_once(requests))
        refs = (
            Order.objects.filter(owner__email=who.email).exclude(provider_ref="").values_list("provider_ref", flat=True)
        )
        payable = [ref for ref in refs if context.fake.seen("checkout.session", ref)["status"] == "open"]
        if len(payable) > 1 or set(statuses) - {200, 201, 409}:
            faults.append(f"{len(payable)} pages can be paid, answers {dict(statuses)}")
    return faults


def pay_late(context: DrillContext, rounds: int) -> list[str]:
    """Pay many pages left open by the previous release; all events come at the same moment."""
    faults, pages_each = [], SMALL_AT_ONCE if context.small else AT_ONCE
    for who in crowd(context.base_url, rounds):
        owner = User.objects.get(email=who.email)
        pages = [_page_beside_others(owner, PRODUCTS[number % 2]) for number in range(pages_each)]
        for order in pages:
            checkout.get_or_open_page(order)
        _run_and_process(context, partial(_pay_all, context.fake, pages), senders=pages_each)
        statuses = Counter(Order.objects.filter(owner=owner).values_list("status", flat=True))
        current = Subscription.objects.filter(owner=owner, is_current=True).count()
        if statuses != {"paid": 1, "refunded": pages_each - 1} or current != 1:
            faults.append(f"{dict(statuses)}, {current} current")
    return faults


def write_two(context: DrillContext, rounds: int) -> list[str]:
    """Write two subscriptions straight to the database, without the rules."""
    with _without_index() if context.control else nullcontext():
        return ["two are current"] * sum(_are_two_current() for _ in range(rounds))


def _lose(fake: FakeStripe, payment_ref: str) -> None:
    dispute = fake.open_dispute(payment_ref)["id"]
    fake.withdraw_funds(dispute)
    fake.close_dispute(dispute, won=False)


ATTACKS: Final[Mapping[str, Callable[[DrillContext, int], list[str]]]] = {
    "refunded": partial(keep_access, how=lambda fake, ref: fake.refund(ref)),
    "refunded in parts": partial(keep_access, how=lambda fake, ref: [fake.refund(ref, 100), fake.refund(ref)]),
    "contested": partial(keep_access, how=lambda fake, ref: fake.open_dispute(ref)),
    "withdrawn": partial(keep_access, how=lambda fake, ref: fake.withdraw_funds(fake.open_dispute(ref)["id"])),
    "lost": partial(keep_access, how=_lose),
    "buys a second": buy_a_second,
    "orders at once": order_at_once,
    "pays late": pay_late,
    "writes two": write_two,
}


def _are_two_current() -> bool:
    """Return whether the database accepts it; it is rolled back."""
    who = Owner(User.objects.create_user(f"{uuid4().hex}@example.org"), Random(SEED))  # noqa: S311 - the same
    who.subscribe()
    who.subscribe()
    try:
        with transaction.atomic():
            Subscription.objects.filter(owner=who.user).update(is_current=True)
            transaction.set_rollback(True)
    except IntegrityError:
        return False
    return True


@contextmanager
def _without_index() -> Iterator[None]:
    (index,) = [each for each in Subscription._meta.constraints if each.name == ONE_CURRENT]
    with as_owner(), connection.schema_editor() as editor:
        editor.remove_constraint(Subscription, index)
    yield
    with as_owner(), connection.schema_editor() as editor:
        editor.add_constraint(Subscription, index)


def _pay_all(fake: FakeStripe, pages: list[Order]) -> None:
    for order in pages:
        order.refresh_from_db()
        fake.pay(order.provider_ref)


def _open(who: Caller, plan: Plan) -> UUID:
    answer = who.post("/checkout/sessions", {"product": PRODUCT_OF_PLAN[plan]}, key=uuid4().hex)
    if answer.status != 201:
        raise RuntimeError(f"No page was opened: {answer}")
    return UUID(answer.body["session_id"])


def _ref(order_id: UUID) -> str:
    return Order.objects.get(pk=order_id).provider_ref


def _is_active(who: Caller) -> bool:
    return bool(call(who.base_url, "GET", "/subscriptions/status", token=who.token).body["active"])


def _run_and_process(context: DrillContext, call: Callable[[], object], *, senders: int = 4) -> None:
    """Run the event, deliver it and process it."""
    before = len(context.fake.events)
    call()
    statuses = context.fake.deliver(context.fake.events[before:], seed=SEED, senders=senders, retries=20)
    if set(statuses) != {200}:
        raise RuntimeError(f"Events were not accepted: {Counter(statuses)}")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while ProviderEvent.objects.filter(state=EventState.WAITING).exists():
        if time.monotonic() > deadline:
            raise RuntimeError("Events are still waiting.")
        context.work()
        time.sleep(0.1)


if __name__ == "__main__":
    main(drill, disable_guard)
