"""Test that one store transaction is one credit, for the account that brought it first."""

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from billing import orders
from billing.catalogue.products import product_in_force
from billing.ledger import inspection_credits
from billing.models import LedgerTransaction, Order
from testing.factories import UserFactory
from testing.phone import Phone
from tests.concurrency import MeetingPoint, at_once
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db
VALID, INVALID = {"status": "valid"}, {"status": "invalid"}


def send_receipt(phone: Phone, receipt: str = "mock-valid-1", provider: str = "app_store", **extra: str):
    return phone.post("/payments/validate", {"provider": provider, "receipt": receipt}, **extra)


def test_a_receipt_longer_than_documented_is_refused_before_it_is_stripped(phone):
    answer = send_receipt(phone, "\u001d" + "x" * 20_000)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["receipt"])


def grants() -> QuerySet[LedgerTransaction]:
    return LedgerTransaction.objects.filter(kind="credit_grant")


def body_of(answer) -> dict:
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.mark.parametrize("provider", ["app_store", "play_store"])
def test_a_valid_receipt_grants_exactly_one_credit(phone, provider: str):
    assert body_of(send_receipt(phone, provider=provider)) == VALID
    assert phone.credits() == (1, 0)


@pytest.mark.parametrize(
    "receipt",
    [
        "mock-invalid-1",
        "mock-valid-",
        "mock-valid",
        "MOCK-VALID-1",
        "xmock-valid-1",
        "mock-valid-1 2",
        "mock-valid-é",
        "mock-valid-" + "x" * 101,
        "mock-valid-../1",
        "eyJhbGciOiJub25lIn0.e30.",
        "x" * 20_000,
    ],
)
def test_an_unverifiable_receipt_is_invalid_and_leaves_nothing(phone, receipt: str):
    assert body_of(send_receipt(phone, receipt)) == INVALID
    assert phone.credits() == (0, 0)
    assert not Order.objects.exists()


def test_an_owner_can_send_a_receipt_again_without_a_second_credit(phone):
    assert [body_of(send_receipt(phone)) for _ in range(3)] == [VALID] * 3
    assert phone.credits() == (1, 0)


def test_a_receipt_of_another_owner_is_invalid_and_discloses_no_owner(phone, stranger):
    send_receipt(phone)
    other = Phone.of(stranger)
    answer = send_receipt(other)
    assert body_of(answer) == INVALID
    assert phone.owner.email.encode() not in answer.content
    assert other.credits() == (0, 0)
    assert body_of(send_receipt(phone)) == VALID


def test_one_transaction_gives_one_credit_across_both_stores(phone, stranger):
    assert body_of(send_receipt(phone, provider="app_store")) == VALID
    assert body_of(send_receipt(phone, provider="play_store")) == VALID
    assert body_of(send_receipt(Phone.of(stranger), provider="play_store")) == INVALID
    assert phone.credits() == (1, 0)


def test_different_transactions_give_different_credits(phone):
    for number in range(3):
        send_receipt(phone, f"mock-valid-{number}")
    assert phone.credits() == (3, 0)


def test_a_receipt_stays_valid_for_its_owner_after_its_credit_is_used(phone):
    send_receipt(phone)
    phone.post("/inspections", {"mode": "osmosis"})
    assert body_of(send_receipt(phone)) == VALID
    assert phone.credits() == (0, 1)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"receipt": "mock-valid-1"}, "provider"),
        ({"provider": "app_store"}, "receipt"),
        ({"provider": "stripe", "receipt": "mock-valid-1"}, "provider"),
        ({"provider": "mock", "receipt": "mock-valid-1"}, "provider"),
        ({"provider": "app_store", "receipt": ""}, "receipt"),
        ({"provider": "app_store", "receipt": "x" * 20_001}, "receipt"),
        ({"provider": "app_store", "receipt": ["mock-valid-1"]}, "receipt"),
    ],
)
def test_a_bad_request_is_refused_under_its_field(phone, body: dict, field: str):
    assert set(refused(phone.post("/payments/validate", body), 400, "VALIDATION_ERROR")["fields"]) == {field}


def test_mock_receipts_are_invalid_without_mock_billing(phone, settings):
    settings.MOCK_BILLING = False
    assert body_of(send_receipt(phone)) == INVALID
    assert phone.credits() == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_one_of_twenty_parallel_repeats_grants(phone):
    answers = at_once(20, lambda: send_receipt(phone))
    assert [body_of(answer) for answer in answers] == [VALID] * 20
    assert grants().count() == Order.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_of_twenty_parallel_owners_gets_the_credit():
    phones = iter([Phone.of(owner) for owner in UserFactory.create_batch(20)])
    answers = [body_of(answer) for answer in at_once(20, lambda: send_receipt(next(phones)))]
    assert (answers.count(VALID), answers.count(INVALID)) == (1, 19)
    assert grants().get().owner == Order.objects.get().owner


def vars_of(purchase, owner) -> dict:
    return {
        "owner": owner,
        "product": product_in_force(purchase.product),
        "price_minor": 1,
        "currency": "EUR",
        "cancel_within_hours": 0,
        "provider": purchase.provider,
        "paid_at": timezone.now(),
    }


@pytest.mark.skipif(
    connection.vendor == "sqlite",
    reason="SQLite runs one IMMEDIATE transaction at a time, so there no removed guard can show a race",
)
@pytest.mark.django_db(transaction=True)
def test_parallel_owners_race_without_the_unique_transaction(monkeypatch):
    """The control: lookup first and insert afterwards, without the constraint."""
    meeting = MeetingPoint(8)

    def look_then_write(*, owner, purchase, cause: str) -> Order | None:
        known = Order.objects.filter(provider_ref=purchase.provider_ref).exists()
        meeting.wait()
        if known:
            return None
        order = Order.objects.create(**vars_of(purchase, owner), provider_ref=f"{purchase.provider_ref} {owner.pk}")
        inspection_credits.grant(order=order, source=f"order:{order.pk}")
        return order

    monkeypatch.setattr(orders, "record_purchase", look_then_write)
    phones = iter([Phone.of(owner) for owner in UserFactory.create_batch(8)])
    answers = [body_of(answer) for answer in at_once(8, lambda: send_receipt(next(phones)))]
    assert answers.count(VALID) > 1
