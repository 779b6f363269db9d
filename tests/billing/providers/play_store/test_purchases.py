"""Test one inspection bought on Google Play: read, granted once to the named owner, acknowledged, taken back."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from billing import orders as order_rules
from billing.entitlements import entitlements
from billing.ledger import inspection_credits
from billing.models import Order, ProviderEvent
from billing.providers.play_store.publisher import Publisher
from billing.vocabulary import EntryKind, EventState
from testing.factories import UserFactory
from testing.fake_stores.play_actions import MONTHLY
from testing.fake_stores.play_store import FakeGoogle
from testing.phone import Phone
from tests.billing.providers.play_store.calls import (
    INVALID,
    VALID,
    booked,
    deliver_pushes,
    grants,
    money,
    orders,
    push,
    send_receipt,
    status,
    sweep_payments,
    sweep_voided_purchases,
    work,
)
from tests.concurrency import at_once
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def is_acknowledged(google: FakeGoogle, token: str) -> bool:
    return google.products[token]["body"]["acknowledgementState"] == 1


def test_a_purchase_gives_one_credit_however_often_it_is_sent(google, phone, owner):
    token = google.buy(str(owner.pk))
    assert [status(send_receipt(phone, token)) for _ in range(3)] == [VALID] * 3
    deliver_pushes(google)
    assert phone.credits() == (1, 0)
    (order,) = orders()
    assert (order.status, order.provider, order.provider_ref) == ("paid", "play_store", f"osmosis_inspection:{token}")


def test_a_purchase_of_another_owner_is_invalid_and_discloses_no_owner(google, phone, owner, stranger):
    token, other = google.buy(str(owner.pk)), Phone.of(stranger)
    for _ in range(2):
        answer = send_receipt(other, token)
        assert status(answer) == INVALID
        assert str(owner.pk).encode() not in answer.content
        assert owner.email.encode() not in answer.content
        status(send_receipt(phone, token))
    assert (phone.credits(), other.credits()) == ((1, 0), (0, 0))


def test_a_push_alone_grants_the_purchase_to_the_named_owner(google, phone, owner):
    token = google.buy(str(owner.pk))
    deliver_pushes(google)
    assert phone.credits() == (1, 0)
    assert is_acknowledged(google, token)
    assert status(send_receipt(phone, token)) == VALID
    assert grants() == 1


def test_a_pending_purchase_grants_nothing_until_it_is_paid(google, phone, owner):
    token = google.buy_pending(str(owner.pk))
    google.notify_of_product(token, 1)
    deliver_pushes(google)
    assert status(send_receipt(phone, token)) == INVALID
    assert not Order.objects.exists()
    google.complete_pending(token)
    deliver_pushes(google)
    assert phone.credits() == (1, 0)
    assert status(send_receipt(phone, token)) == VALID


def test_an_abandoned_pending_purchase_grants_nothing(google, phone, owner):
    token = google.buy_pending(str(owner.pk))
    google.give_up_pending(token)
    deliver_pushes(google)
    assert status(send_receipt(phone, token)) == INVALID
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    "text",
    [
        "no receipt",
        "[]",
        "null",
        "{}",
        '"osmosis_inspection"',
        "[" * 8000,
        '{"a":' * 1500,
        "x" * 20_000,
        '{"packageName":"org.example.hulls","productId":"osmosis_inspection"}',
        '{"packageName":"org.example.hulls","productId":["osmosis_inspection"],"purchaseToken":"abc"}',
        '{"packageName":"org.example.hulls","productId":"osmosis_inspection","purchaseToken":1}',
        '{"packageName":"org.example.hulls","productId":"osmosis_inspection","purchaseToken":""}',
        '{"packageName":"org.example.hulls","productId":"osmosis_inspection","purchaseToken":"../../x"}',
    ],
    ids=lambda text: text[:24],
)
def test_a_malformed_receipt_is_invalid_and_not_sent_to_google(google, phone, text):
    answer = phone.post("/payments/validate", {"provider": "play_store", "receipt": text})
    assert status(answer) == INVALID
    assert google.calls == []
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"package": "org.example.other"},
        {"product": "gold_coins"},
        {"product": MONTHLY},
        {"purchaseToken": "unknown-token"},
        {"purchaseToken": "x" * 431},
    ],
    ids=["another app", "an unknown product", "no subscription", "an unknown token", "a token that is too long"],
)
def test_a_receipt_that_contradicts_its_purchase_is_invalid(google, phone, owner, changes):
    token = google.buy(str(owner.pk))
    assert status(send_receipt(phone, token, **changes)) == INVALID
    assert not Order.objects.exists()
    assert not is_acknowledged(google, token)


@pytest.mark.parametrize(
    "changes",
    [
        {"product": "gold_coins"},
        {"productId": "gold_coins"},
        {"purchaseState": 1},
        {"purchaseType": 0},
        {"purchaseType": 2},
        {"obfuscatedExternalAccountId": "somebody"},
        {"obfuscatedExternalAccountId": "5f0c2c5e-6a0b-4f0e-9b55-0c8a3e1d2f4b"},
    ],
    ids=[
        "a token of another product",
        "another product by Google's word",
        "cancelled",
        "a test purchase",
        "a reward",
        "no account named",
        "an unknown account",
    ],
)
def test_a_purchase_that_is_not_a_paid_inspection_of_the_owner_is_invalid(google, phone, owner, changes):
    token = google.buy(str(owner.pk), **changes)
    assert status(send_receipt(phone, token)) == INVALID
    deliver_pushes(google)
    assert not Order.objects.exists()
    assert not is_acknowledged(google, token)


def test_purchases_of_testers_count_where_they_are_allowed(google, phone, owner, settings):
    settings.PLAY_ALLOW_TEST_PURCHASES = True
    token = google.buy(str(owner.pk), purchaseType=0)
    assert status(send_receipt(phone, token)) == VALID
    (order,) = orders()
    assert (order.is_test, order.price_minor, money(), phone.credits()) == (True, 0, {}, (1, 0))
    assert is_acknowledged(google, token)


@pytest.mark.parametrize(
    "fault",
    [
        (500, {}),
        (503, {}),
        (429, {}),
        (403, {}),
        (0, None),
        (200, b"<html>"),
        (200, []),
        (200, {}),
        (200, {"purchaseState": 0, "purchaseTimeMillis": "soon"}),
    ],
    ids=["500", "503", "429", "403", "hangs up", "no JSON", "no object", "nothing", "nonsense"],
)
def test_nothing_is_decided_during_an_outage_of_google(google, phone, owner, fault):
    token = google.buy(str(owner.pk))
    google.faults["products"] = [fault]
    refused(send_receipt(phone, token), 503, "SERVICE_UNAVAILABLE")
    assert not Order.objects.exists()
    assert status(send_receipt(phone, token)) == VALID
    assert phone.credits() == (1, 0)


def test_a_slow_answer_of_google_is_not_awaited_and_requested_again(google, phone, owner, settings):
    settings.PLAY_TIMEOUT_SECONDS = 0.3
    token = google.buy(str(owner.pk))
    google.delay_seconds = 1
    refused(send_receipt(phone, token), 503, "SERVICE_UNAVAILABLE")
    google.delay_seconds = 0
    assert status(send_receipt(phone, token)) == VALID


def test_credentials_refused_by_google_do_not_invalidate_a_purchase(google, phone, owner, settings):
    token = google.buy(str(owner.pk))
    settings.PLAY_SERVICE_ACCOUNT_JSON = google.key_file("somebody else")
    refused(send_receipt(phone, token), 503, "SERVICE_UNAVAILABLE")


def test_a_revoked_access_token_is_requested_again(google, phone, owner):
    first, second = google.buy(str(owner.pk)), google.buy(str(owner.pk))
    assert status(send_receipt(phone, first)) == VALID
    google.revoke_access()
    assert status(send_receipt(phone, second)) == VALID
    assert phone.credits() == (2, 0)


def test_a_grant_is_acknowledged_at_once_and_not_before(google, phone, owner):
    token = google.buy(str(owner.pk))
    google.pushes.clear()
    assert not is_acknowledged(google, token)
    send_receipt(phone, token)
    assert is_acknowledged(google, token)
    assert orders()[0].look_at is None
    send_receipt(phone, token)
    assert google.calls.count("acknowledge") == 1


def test_a_failed_acknowledgement_succeeds_within_an_hour(google, phone, owner):
    token = google.buy(str(owner.pk))
    google.faults["acknowledge"] = [(503, {}), (0, None), (400, {}), (429, {})]
    assert status(send_receipt(phone, token)) == VALID
    assert not is_acknowledged(google, token)
    minutes = iter(range(2, 60))
    while not is_acknowledged(google, token):
        with time_machine.travel(timezone.now() + timedelta(minutes=next(minutes))):
            sweep_payments()
    assert google.calls.count("acknowledge") == 5
    assert orders()[0].look_at is None
    assert grants() == 1


def test_a_purchase_is_acknowledged_after_a_crash(google, phone, owner, monkeypatch):
    token = google.buy(str(owner.pk))
    monkeypatch.setattr("billing.sync.receipts.acknowledge_soon", lambda _: None)
    send_receipt(phone, token)
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        sweep_payments()
    assert is_acknowledged(google, token)


def test_google_is_called_outside_a_transaction(google, phone, owner, monkeypatch):
    """A test already runs in one transaction; the code must open no other inside it."""
    depths, original = [], Publisher._call

    def call(*args, **kwargs):
        depths.append(len(transaction.get_connection().savepoint_ids))
        return original(*args, **kwargs)

    monkeypatch.setattr(Publisher, "_call", call)
    token = google.buy(str(owner.pk))
    send_receipt(phone, token)
    google.void(token)
    deliver_pushes(google)
    sweep_voided_purchases()
    assert depths == [0] * 5


def test_a_voided_purchase_is_revoked_once(google, phone, owner):
    token = google.buy(str(owner.pk))
    send_receipt(phone, token)
    google.void(token)
    bought, voided = google.pushes
    for each in (voided, bought, voided, google.notify_of_product(token, 2), voided):
        assert push(each) == 200
        work()
    for _ in range(2):
        sweep_voided_purchases()
        sweep_payments()
    assert [order.status for order in orders()] == ["refunded"]
    assert (booked(EntryKind.REFUND), booked(EntryKind.CREDIT_REVOKE), money()) == (1, 1, {})
    assert phone.credits() == (0, 0)
    assert status(send_receipt(phone, token)) == INVALID


def test_a_purchase_voided_before_its_first_push_is_never_granted(google, phone, owner):
    token = google.buy(str(owner.pk))
    google.void(token)
    for each in reversed(google.pushes):
        push(each)
    work()
    assert not Order.objects.exists()


def test_the_sweep_alone_finds_a_voided_purchase(google, phone, owner):
    tokens = [google.buy(str(owner.pk)) for _ in range(5)]
    for token in tokens:
        send_receipt(phone, token)
    for token in tokens[1:]:
        google.void(token)
    google.pushes.clear()
    google.page_size = 2
    for _ in range(2):
        sweep_voided_purchases()
    assert sorted(order.status for order in orders()) == ["paid"] + ["refunded"] * 4
    assert booked(EntryKind.REFUND) == 4
    assert phone.credits() == (1, 0)


def test_the_next_sweep_covers_the_time_of_a_failed_one(google, phone, owner):
    token = google.buy(str(owner.pk))
    send_receipt(phone, token)
    google.void(token)
    google.down = {"products"}
    sweep_voided_purchases()
    assert orders()[0].status == "paid"
    google.down = set()
    sweep_voided_purchases()
    assert orders()[0].status == "refunded"


def test_a_used_credit_that_is_voided_is_a_debt(google, phone, owner):
    token = google.buy(str(owner.pk))
    send_receipt(phone, token)
    inspection = uuid4()
    with transaction.atomic():
        entitlements.lock(owner)
        inspection_credits.hold(owner=owner, inspection_id=inspection)
    order_rules.spend_credit(owner=owner, inspection_id=inspection)
    google.void(token)
    deliver_pushes(google)
    assert orders()[0].status == "refunded"
    assert phone.credits() == (-1, 0)
    send_receipt(phone, google.buy(str(owner.pk)))
    assert phone.credits() == (0, 0)


def test_an_event_is_processed_after_an_outage_of_google(google, phone, owner):
    google.buy(str(owner.pk))
    google.down = {"products"}
    deliver_pushes(google)
    assert not Order.objects.exists()
    google.down = set()
    with time_machine.travel(timezone.now() + HOUR):
        sweep_payments()
    assert Order.objects.get().status == "paid"
    assert ProviderEvent.objects.get().state == EventState.DONE


@pytest.mark.django_db(transaction=True)
def test_one_token_from_many_accounts_in_parallel_gives_one_credit(google):
    owners = UserFactory.create_batch(6)
    token = google.buy(str(owners[2].pk))
    phones = iter([Phone.of(each) for each in owners * 3])
    answers = [status(answer) for answer in at_once(18, lambda: send_receipt(next(phones), token))]
    assert (answers.count(VALID), answers.count(INVALID)) == (3, 15)
    assert grants() == 1
    assert Order.objects.get().owner == owners[2]


@pytest.mark.django_db(transaction=True)
def test_parallel_pushes_and_sweeps_revoke_a_purchase_once(google, owner):
    token = google.buy(str(owner.pk))
    send_receipt(Phone.of(owner), token)
    google.void(token)
    for each in google.pushes * 2:
        push(each)
    rules = iter([sweep_voided_purchases, work] * 4)

    def follow() -> None:
        rule = next(rules)
        rule()

    at_once(8, follow)
    assert (booked(EntryKind.REFUND), booked(EntryKind.CREDIT_REVOKE)) == (1, 1)
    assert orders()[0].status == "refunded"
