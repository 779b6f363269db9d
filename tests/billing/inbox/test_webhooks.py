"""Test webhooks: accepted only from the provider, stored first, processed once, in any order."""

from datetime import timedelta
from random import Random
from time import time
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from billing.inbox import events
from billing.ledger import journal
from billing.models import LedgerTransaction, Order, ProviderEvent
from billing.tasks import sweep_payments
from billing.vocabulary import Account, EntryKind, EventState
from testing.phone import caller
from testing.web_purchases import buy, deliver_events, order_of, post, selling, work_off
from tests.concurrency import at_once
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db
PATH = "/v1/webhooks/stripe"


@pytest.fixture
def fake(settings):
    with selling(settings) as fake:
        yield fake


@pytest.fixture
def event(phone, fake) -> dict:
    page = buy(phone)
    fake.pay(order_of(page).provider_ref)
    return fake.events[-1]


def test_an_event_is_stored_as_received_and_enqueued(fake, event, broker, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert post(fake, event).json() == {"received": True}
    stored = ProviderEvent.objects.get()
    assert (stored.event_id, stored.kind, stored.state, stored.attempts) == (event["id"], event["type"], "waiting", 0)
    assert bytes(stored.body) == fake.signed(event)[0]
    assert stored.verdict == "signature v1"
    assert broker == [("billing.tasks.deal_with_event", (str(stored.pk),))]


def forgeries(fake, event) -> dict:
    body, headers = fake.signed(event)
    old, future = (fake.signed(event, at=int(time()) + offset)[1] for offset in (-300, 300))
    return {
        "wrong secret": (body, fake.signed(event, secret="whsec_other")[1]),
        "edited body": (body.replace(b"evt_", b"evt-"), headers),
        "300 s old": (body, old),
        "300 s in the future": (body, future),
        "no header": (body, {}),
        "empty header": (body, {"Stripe-Signature": ""}),
        "no time": (body, {"Stripe-Signature": headers["Stripe-Signature"].partition(",")[2]}),
        "signed rubbish": (b"{}", fake.signed({})[1]),
        "no json": (b"\xff", headers),
    }


def test_a_forged_event_is_refused_and_leaves_nothing(fake, event, phone):
    with time_machine.travel(timezone.now(), tick=False):  # "300 s in the future" must still be that when it arrives
        for kind, (body, headers) in forgeries(fake, event).items():
            answer = caller().generic("POST", PATH, body, content_type="application/json", headers=headers)
            assert answer.status_code == 400, kind
            refused(answer, 400, "VALIDATION_ERROR")
    assert not ProviderEvent.objects.exists()
    assert phone.credits() == (0, 0)


@pytest.mark.parametrize("name", ["stripe", "app-store", "play-store"])
def test_every_event_of_a_provider_that_is_not_set_up_is_refused(name, settings):
    settings.STRIPE_WEBHOOK_SECRET = ""
    refused(caller().post(f"/v1/webhooks/{name}", {}, format="json"), 400, "VALIDATION_ERROR")


UNKNOWN = {
    "the invoice to come": {"object": "invoice", "subscription": "sub_1"},
    "a null id": {"object": "invoice", "id": None},
    "an id that is a number": {"object": "payment_intent", "id": 7},
    "an id that is an object": {"object": "subscription", "id": {"id": "sub_1"}},
    "a payment that is a list": {"object": "charge", "id": "ch_1", "payment_intent": ["pi_1"]},
    "a payment without an id": {"object": "charge", "id": "ch_1", "payment_intent": {"object": "payment_intent"}},
    "a kind that is a list": {"object": ["invoice"], "id": "in_1"},
    "another kind": {"object": "tax_rate", "id": "txr_1"},
    "an object that is a text": "in_1",
    "an object that is a list": ["in_1"],
    "no object": None,
}


@pytest.mark.parametrize("thing", UNKNOWN.values(), ids=UNKNOWN)
def test_an_unknown_event_is_stored_without_its_body(fake, event, thing):
    assert post(fake, event | {"type": "invoice.upcoming", "data": {"object": thing}}).status_code == 200
    stored = ProviderEvent.objects.get()
    assert (stored.about, stored.ref, bytes(stored.body)) == ("", "", b"")
    work_off()
    assert ProviderEvent.objects.get().state == EventState.DONE


@pytest.mark.parametrize("data", [None, "text", [], {}])
def test_an_event_without_data_is_unknown(fake, event, data):
    assert post(fake, event | {"data": data}).status_code == 200
    assert (ProviderEvent.objects.get().about, ProviderEvent.objects.get().ref) == ("", "")


def test_an_expanded_payment_is_identified_by_its_id(fake, event):
    expanded = {"object": "payment_intent", "id": "pi_1", "amount": 4900}
    thing = {"object": "charge", "id": "ch_1", "payment_intent": expanded}
    assert post(fake, event | {"type": "charge.refunded", "data": {"object": thing}}).status_code == 200
    assert (ProviderEvent.objects.get().about, ProviderEvent.objects.get().ref) == ("payment", "pi_1")


def test_a_body_over_the_limit_is_refused(fake, event, settings):
    for size in (settings.MAX_REQUEST_BODY_BYTES + 1, 4 * 1024 * 1024):
        answer = caller().generic("POST", PATH, b"x" * size, content_type="application/json")
        refused(answer, 413, "PAYLOAD_TOO_LARGE")


@pytest.mark.django_db(transaction=True)
def test_one_of_twenty_parallel_copies_is_stored(fake, event):
    answers = at_once(20, lambda: post(fake, event))
    assert {answer.status_code for answer in answers} == {200}
    assert ProviderEvent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_parallel_workers_with_the_same_events_grant_once(fake, phone):
    page = buy(phone)
    fake.pay(order_of(page).provider_ref)
    for event in fake.events:
        post(fake, event)
    ids = list(ProviderEvent.objects.values_list("pk", flat=True))
    at_once(4, lambda: [events.process_event(each) for each in ids])
    assert phone.credits() == (1, 0)
    assert set(ProviderEvent.objects.values_list("state", flat=True)) == {"done"}


def test_a_failing_event_is_dead_after_five_tries_until_its_replay(fake, event, phone):
    post(fake, event)
    fake.down = True
    waits = []
    for _ in range(5):
        stored = ProviderEvent.objects.get()
        assert stored.state == EventState.WAITING
        with time_machine.travel(stored.due_at + timedelta(seconds=1)):
            sweep_payments()
            waits.append(ProviderEvent.objects.get().due_at - timezone.now())
    stored = ProviderEvent.objects.get()
    assert (stored.state, stored.attempts) == (EventState.DEAD_LETTER, 5)
    assert "ProviderUnavailable" in stored.error
    assert waits == sorted(waits)
    assert not events.due().exists()
    fake.down = False
    assert events.replay(stored.pk)
    assert not events.replay(stored.pk)
    work_off()
    assert (ProviderEvent.objects.get().state, phone.credits()) == (EventState.DONE, (1, 0))


def test_a_dead_event_does_not_block_others(fake, event, monkeypatch):
    post(fake, event)
    other = fake.events[0] | {"id": f"evt_{uuid4().hex}"}
    post(fake, other)
    original = events.polling.sync_event

    def poisoned(row: ProviderEvent) -> None:
        if row.event_id == event["id"]:
            raise RuntimeError("poison")
        original(row)

    monkeypatch.setattr(events.polling, "sync_event", poisoned)
    sweep_payments()
    assert ProviderEvent.objects.get(event_id=other["id"]).state == EventState.DONE
    assert ProviderEvent.objects.get(event_id=event["id"]).attempts == 1


@pytest.mark.parametrize("seed", range(4))
def test_shuffled_and_repeated_events_give_the_same_state(fake, phone, seed):
    pages = [buy(phone) for _ in range(5)]
    for page in pages:
        fake.pay(order_of(page).provider_ref)
    deliver_events(fake)
    done = len(fake.events)
    for page in pages[:2]:
        fake.refund(order_of(page).payment_ref)
    fake.close_dispute(_withdrawn(fake, pages[2]), won=False)
    deliver_events(fake, times=3, rng=Random(seed), since=done)
    deliver_events(fake, times=3, rng=Random(seed + 100))
    assert [order_of(page).status for page in pages] == ["refunded", "refunded", "lost", "paid", "paid"]
    assert phone.credits() == (2, 0)
    booked = LedgerTransaction.objects.filter(
        kind__in=[EntryKind.PAYMENT_CAPTURED, EntryKind.REFUND, EntryKind.LOSS_BOOKING]
    )
    assert booked.count() == 8
    cash = sum(journal.posted_amount(*EntryKind, order=order, account=Account.CASH) for order in Order.objects.all())
    fees = sum(journal.posted_amount(*EntryKind, order=order, account=Account.FEES) for order in Order.objects.all())
    assert cash == 2 * 4900 - fees


def _withdrawn(fake, page: dict) -> str:
    dispute = fake.open_dispute(order_of(page).payment_ref)
    fake.withdraw_funds(dispute["id"])
    return dispute["id"]


def test_an_event_that_kills_its_worker_becomes_a_dead_letter(fake, event, monkeypatch):
    post(fake, event)

    def killed(_: ProviderEvent) -> None:
        raise SystemExit

    monkeypatch.setattr(events.polling, "sync_event", killed)
    for _ in range(5):
        with pytest.raises(SystemExit):
            events.process_event(ProviderEvent.objects.get().pk)
    events.process_event(ProviderEvent.objects.get().pk)
    stored = ProviderEvent.objects.get()
    assert (stored.state, stored.attempts, stored.error) == ("dead", 5, "No try came to an end.")
