"""Compare a day of Stripe's records with the ledger, with faults of each kind seeded: all must be found.

A busy day without faults must raise no alarm.

Control: lines of the provider are not compared with the ledger.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Final
from unittest.mock import patch
from uuid import UUID, uuid4

from django.utils import timezone

from accounts.models import User
from billing import orders
from billing.catalogue.products import product_in_force
from billing.inbox import events
from billing.models import Order, ProviderEvent
from billing.providers.stripe.signature import StripeEvents
from billing.reconciliation import reconcile
from billing.sync import checkout
from billing.vocabulary import EventState, FindingKind, OrderStatus, ProductCode, Provider
from drills.harness.purchases import pay
from drills.harness.runner import DrillContext, Result, main
from testing.fake_stripe import FakeStripe

Found = Counter[tuple[str, str]]
PRODUCT: Final = ProductCode.OSMOSIS_INSPECTION


def disable_guard() -> AbstractContextManager[object]:
    return patch("billing.reconciliation.by_balance._of_line", lambda *_: iter(()))


def drill(context: DrillContext) -> Result:
    each = 1 if context.small else 5
    alarms = _clean_day(context.fake, each)
    seeded: Found = Counter()
    for _ in range(each):
        for seed in SEEDS:
            seeded[seed(context.fake)] += 1
    found = _found()
    right = (seeded & found).total()
    false = (found - seeded).total() + alarms
    expected = each * len(SEEDS)
    figure = f"{right} of {expected} found, {false} false alarms"
    return Result(
        f"{expected} faults, 1 clean day", figure, f"{expected} found, 0 false", (right, false) == (expected, 0)
    )


def _clean_day(fake: FakeStripe, each: int) -> int:
    """Run every event of a busy day, delivered and processed; return the number of alarms."""
    for order in _paid(fake, 8 * each)[: 4 * each : 4]:
        fake.refund(_payment(order))
    for order in _paid(fake, each):
        fake.fail_refund(fake.refund(_payment(order), 900)["id"])
    for number, order in enumerate(_paid(fake, 2 * each)):
        dispute = fake.open_dispute(_payment(order))["id"]
        fake.withdraw_funds(dispute)
        if number % 2:
            fake.reinstate_funds(dispute)
        fake.close_dispute(dispute, won=bool(number % 2))
    fake.make_payout(5000)
    _deliver(fake)
    return _found().total()


def _not_in_ledger(fake: FakeStripe) -> tuple[str, str]:
    """Refund at the provider without sending the event."""
    (order,) = _paid(fake, 1)
    return FindingKind.NOT_IN_LEDGER, fake.refund(_payment(order), 900)["id"]


def _not_at_provider(fake: FakeStripe) -> tuple[str, str]:
    """Post a refund that the provider never made."""
    (order,) = _paid(fake, 1)
    ref = f"re_{uuid4().hex}"
    orders.refund(order.pk, amount_minor=100, refund_ref=ref, cause="seeded")
    return FindingKind.NOT_AT_PROVIDER, ref


def _wrong_amount(fake: FakeStripe) -> tuple[str, str]:
    """Post a refund with another amount."""
    (order,) = _paid(fake, 1)
    ref = fake.refund(_payment(order), 900)["id"]
    orders.refund(order.pk, amount_minor=800, refund_ref=ref, cause="seeded")
    return FindingKind.WRONG_AMOUNT, ref


def _wrong_state(fake: FakeStripe) -> tuple[str, str]:
    """Paid at the provider, abandoned here."""
    order = _page()
    payment = pay(fake, order.pk)
    orders.note_page(order.pk, provider_ref="", payment_ref=payment)
    orders.close_unpaid(order.pk, to=OrderStatus.EXPIRED, cause="seeded")
    return FindingKind.WRONG_STATE, payment


SEEDS: Final[Sequence[Callable[[FakeStripe], tuple[str, str]]]] = (
    _not_in_ledger,
    _not_at_provider,
    _wrong_amount,
    _wrong_state,
)


def _found() -> Found:
    return Counter((row.kind, row.ref) for row in reconcile(Provider.STRIPE, timezone.now().date()))


def _page() -> Order:
    owner = User.objects.create_user(f"{uuid4().hex}@example.org")
    order = orders.open_order(owner=owner, product=product_in_force(PRODUCT), provider=Provider.STRIPE, cause="drill")
    checkout.get_or_open_page(order)
    return order


def _paid(fake: FakeStripe, count: int) -> list[Order]:
    bought = [_page() for _ in range(count)]
    before = len(fake.events)
    for order in bought:
        pay(fake, order.pk)
    _deliver(fake, since=before)
    for order in bought:
        order.refresh_from_db()
    return bought


def _payment(order: Order) -> str:
    return str(order.payment_ref)


def _deliver(fake: FakeStripe, *, since: int = 0) -> None:
    """Deliver the events to the inbox and process them."""
    for sent in fake.events[since:]:
        body, headers = fake.signed(sent)
        event = StripeEvents(secret=fake.webhook_secret).read_event(body, headers)
        events.store(Provider.STRIPE, event, body=body, headers=headers)
    waiting: list[UUID] = list(ProviderEvent.objects.filter(state=EventState.WAITING).values_list("pk", flat=True))
    for event_id in waiting:
        events.process_event(event_id)


if __name__ == "__main__":
    main(drill, disable_guard, served=False)
