"""Orders, events and disputes in the states that support meets."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from accounts.models import User
from billing import orders
from billing.catalogue.products import product_in_force
from billing.disputes import cases
from billing.inbox import events
from billing.models import Dispute, Finding, Order, Payout, ProviderEvent, Reconciliation
from billing.providers.base import Disputed, Event, EventSubject
from billing.sync import checkout
from billing.vocabulary import DisputeState, EventState, FindingKind, PayoutState, ProductCode, Provider
from testing.fake_stripe import FakeStripe

PRICE = 4900
HOSTILE = "<script>alert('hull')</script>"


def bought(owner: User, provider: Provider = Provider.MOCK, ref: str = "") -> Order:
    """Return a paid osmosis inspection."""
    code = ProductCode.OSMOSIS_INSPECTION
    purchase = orders.Purchase(provider=provider, provider_ref=ref or uuid4().hex, product=code)
    order = orders.record_purchase(owner=owner, purchase=purchase, cause="test")
    assert order is not None
    return order


def bought_on_the_web(owner: User, fake: FakeStripe, code: str = ProductCode.OSMOSIS_INSPECTION) -> Order:
    product = product_in_force(code)
    order = orders.open_order(owner=owner, product=product, provider=Provider.STRIPE, cause="test")
    fake.pay(checkout.get_or_open_page(order).ref)
    order.refresh_from_db()
    checkout.get_or_open_page(order)
    order.refresh_from_db()
    return order


def event(state: str = EventState.DEAD_LETTER, *, body: bytes = b"{}", **fields: Any) -> ProviderEvent:
    """Return an event of the inbox; its provider adds nothing to it later."""
    event_id = f"evt_{uuid4().hex}"
    received = Event(**({"id": event_id, "kind": "charge.refunded", "verdict": "signed"} | fields))
    pk = events.store(Provider.STRIPE, received, body=body, headers={"User-Agent": "Stripe/1.0"})
    done_at = timezone.now() if state == EventState.DONE else None
    error = "KeyError: 'hull'" if state == EventState.DEAD_LETTER else ""
    attempts = {EventState.DEAD_LETTER: 5, EventState.DONE: 1}.get(EventState(state), 0)
    ProviderEvent.objects.filter(pk=pk).update(state=state, done_at=done_at, error=error, attempts=attempts)
    return ProviderEvent.objects.get(pk=pk)


def about_payment(order: Order, **fields: Any) -> ProviderEvent:
    return event(about=EventSubject.PAYMENT, ref=order.payment_ref, **fields)


def dispute(owner: User, *, due: timedelta = timedelta(hours=24), reason: str = "fraudulent") -> Dispute:
    """Return an open, unacknowledged dispute with this time left."""
    order, ref = bought(owner), f"dp_{uuid4().hex}"
    found = Disputed(
        ref=ref,
        state=DisputeState.OPEN,
        amount_minor=PRICE,
        withdrawn_minor=PRICE,
        fee_minor=1500,
        reason=reason,
        evidence_due_at=timezone.now() + timedelta(days=9),
    )
    cases.record(order, found, cause="test")
    Dispute.objects.filter(provider_ref=ref).update(acknowledge_by=timezone.now() + due)
    return Dispute.objects.get(provider_ref=ref)


def decided(case: Dispute, verdict: DisputeState = DisputeState.LOST) -> Dispute:
    found = Disputed(
        ref=case.provider_ref,
        state=verdict,
        amount_minor=PRICE,
        withdrawn_minor=PRICE,
        fee_minor=0,
        reason="",
        evidence_due_at=None,
    )
    cases.record(case.order, found, cause="test")
    case.refresh_from_db()
    return case


def finding(**changes: Any) -> Finding:
    values = {
        "provider": Provider.STRIPE,
        "day": timezone.now().date(),
        "kind": FindingKind.WRONG_AMOUNT,
        "ref": f"ch_{uuid4().hex}",
        "expected_minor": PRICE,
        "found_minor": PRICE - 100,
        "currency": "EUR",
        "detail": "the amounts differ",
    }
    return Finding.objects.create(**(values | changes))


def compared(**changes: Any) -> Reconciliation:
    values = {
        "provider": Provider.STRIPE,
        "day": timezone.now().date(),
        "compared_at": timezone.now(),
        "provider_totals": {"EUR": 4800},
        "ledger_totals": {"EUR": 4900},
    }
    return Reconciliation.objects.create(**(values | changes))


def payout(**changes: Any) -> Payout:
    values = {
        "provider": Provider.STRIPE,
        "provider_ref": f"po_{uuid4().hex}",
        "state": PayoutState.PAID,
        "amount_minor": 123456,
        "currency": "EUR",
        "arrives_on": timezone.now().date(),
        "created_at": timezone.now(),
    }
    return Payout.objects.create(**(values | changes))
