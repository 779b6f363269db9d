"""Test App Store purchases: one grant per transaction, for the owner that it names."""

from itertools import chain, repeat

import pytest

from accounts.identity.sessions import start_session
from billing.models import LedgerTransaction, Order, ProviderEvent
from billing.provider_registry import stores
from billing.providers.base import ProviderUnavailable
from billing.sync import receipts
from billing.vocabulary import EventState, Provider
from testing.factories import UserFactory
from testing.fake_stores.app_store import send
from testing.phone import Phone
from tests.billing.providers.app_store.calls import (
    INVALID,
    OSMOSIS,
    VALID,
    body_of,
    cash,
    deliver,
    nothing_happened,
    post,
    send_receipt,
    work,
)
from tests.concurrency import at_once
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db


def test_a_purchase_gives_one_credit_to_the_named_owner(apple, phone):
    ref = apple.buy(OSMOSIS, token=str(phone.owner.pk).upper())
    assert [body_of(send_receipt(phone, apple.receipt(ref))) for _ in range(3)] == [VALID] * 3
    assert phone.credits() == (1, 0)
    order = Order.objects.get()
    assert (order.provider_ref, order.status, order.price_minor, order.currency) == (ref, "paid", 4999, "EUR")
    assert cash(phone.owner) == 4999


@pytest.mark.parametrize("already", [True, False], ids=["after the owner", "before the owner"])
def test_a_purchase_of_another_account_is_invalid_and_discloses_no_owner(apple, phone, stranger, already):
    receipt = apple.receipt(apple.buy(OSMOSIS, token=str(phone.owner.pk)))
    if already:
        send_receipt(phone, receipt)
    other = Phone.of(stranger)
    answer = send_receipt(other, receipt)
    assert body_of(answer) == INVALID
    assert phone.owner.email.encode() not in answer.content
    assert str(phone.owner.pk).encode() not in answer.content
    assert other.credits() == (0, 0)
    assert body_of(send_receipt(phone, receipt)) == VALID
    assert phone.credits() == (1, 0)


@pytest.mark.parametrize("token", ["not a uuid", "00000000-0000-0000-0000-000000000000"])
def test_a_purchase_that_names_another_owner_is_not_granted(apple, phone, token):
    ref = apple.buy(OSMOSIS, token=token)
    assert body_of(send_receipt(phone, apple.receipt(ref))) == INVALID
    deliver(apple.notification("ONE_TIME_CHARGE", ref))
    assert nothing_happened()


def test_a_purchase_of_another_product_is_invalid(apple, phone):
    ref = apple.buy("life_jacket", token=str(phone.owner.pk))
    assert body_of(send_receipt(phone, apple.receipt(ref))) == INVALID
    deliver(apple.notification("ONE_TIME_CHARGE", ref))
    assert nothing_happened()


def test_a_transaction_unknown_to_apple_is_invalid(apple, phone):
    receipt = apple.receipt(apple.buy(OSMOSIS, token=str(phone.owner.pk)))
    apple.transactions.clear()
    assert body_of(send_receipt(phone, receipt)) == INVALID
    assert nothing_happened()


def test_a_notification_alone_grants_the_purchase_to_its_owner(apple, phone):
    deliver(apple.notification("ONE_TIME_CHARGE", apple.buy(OSMOSIS, token=str(phone.owner.pk))))
    assert phone.credits() == (1, 0)
    event = ProviderEvent.objects.get()
    assert (event.kind, event.verdict, event.state) == ("ONE_TIME_CHARGE", "JWS, OCSP", "done")


def test_phone_and_notifications_together_grant_once(apple, phone):
    ref = apple.buy(OSMOSIS, token=str(phone.owner.pk))
    bodies = [apple.notification("ONE_TIME_CHARGE", ref) for _ in range(3)]
    send_receipt(phone, apple.receipt(ref))
    send(bodies, post, times=3, seed=1)
    work()
    send_receipt(phone, apple.receipt(ref))
    assert ProviderEvent.objects.filter(state=EventState.DONE).count() == 3
    assert phone.credits() == (1, 0)
    assert cash(phone.owner) == 4999


def test_the_answer_of_apple_counts_and_not_the_receipt(apple, phone):
    """The receipt is genuine but older than the refund: the current answer of Apple's server is stored."""
    ref = apple.buy(OSMOSIS, token=str(phone.owner.pk))
    receipt = apple.receipt(ref)
    apple.refund(ref)
    assert body_of(send_receipt(phone, receipt)) == VALID
    assert phone.credits() == (0, 0)
    assert Order.objects.get().status == "refunded"


@pytest.mark.parametrize(
    ("price", "currency", "minor"),
    [(49_990, "EUR", 4999), (8_000_000, "JPY", 8000), (15_500, "KWD", 15_500), (0, "EUR", 0)],
)
def test_prices_are_in_the_minor_units_of_their_currency(apple, phone, price: int, currency: str, minor: int):
    ref = apple.buy(OSMOSIS, token=str(phone.owner.pk), price=price, currency=currency)
    assert body_of(send_receipt(phone, apple.receipt(ref))) == VALID
    order = Order.objects.get()
    assert (order.price_minor, order.currency) == (minor, currency)


def test_a_family_shared_purchase_books_no_money(apple, phone):
    ref = apple.buy("corrosion_yearly", token=str(phone.owner.pk), inAppOwnershipType="FAMILY_SHARED")
    assert body_of(send_receipt(phone, apple.receipt(ref))) == VALID
    assert cash(phone.owner) == 0


# --- When Apple is unreachable ---
TROUBLES = [("trouble", what) for what in (500, 503, 429, 401, 404, "garbage", "lie", "slow")]
TROUBLES += [("ocsp_trouble", what) for what in ("down", "busy", "garbage", "stale")]


@pytest.mark.parametrize(("where", "what"), TROUBLES)
def test_a_receipt_is_503_during_an_outage_of_apple_and_valid_later(
    apple, phone, settings, where: str, what: str | int
):
    settings.APP_STORE_TIMEOUT_SECONDS = 0.3
    stores.cache_clear()
    receipt = apple.receipt(apple.buy(OSMOSIS, token=str(phone.owner.pk)))
    setattr(apple, where, what)
    refused(send_receipt(phone, receipt), 503, "SERVICE_UNAVAILABLE")
    assert nothing_happened()
    setattr(apple, where, "")
    settings.APP_STORE_TIMEOUT_SECONDS = 10
    stores.cache_clear()
    assert body_of(send_receipt(phone, receipt)) == VALID
    assert phone.credits() == (1, 0)


def test_a_receipt_refused_in_an_outage_can_be_sent_again_under_its_key(apple, phone):
    receipt = apple.receipt(apple.buy(OSMOSIS, token=str(phone.owner.pk)))
    apple.trouble = 500
    refused(send_receipt(phone, receipt, HTTP_IDEMPOTENCY_KEY="key"), 503, "SERVICE_UNAVAILABLE")
    apple.trouble = ""
    assert body_of(send_receipt(phone, receipt, HTTP_IDEMPOTENCY_KEY="key")) == VALID


def test_an_unverifiable_notification_makes_apple_send_it_again(apple, phone):
    body = apple.notification("ONE_TIME_CHARGE", apple.buy(OSMOSIS, token=str(phone.owner.pk)))
    apple.ocsp_trouble = "down"
    refused(post(body), 503, "SERVICE_UNAVAILABLE")
    assert not ProviderEvent.objects.exists()
    apple.ocsp_trouble = ""
    deliver(body)
    assert phone.credits() == (1, 0)


def test_a_stored_notification_waits_until_apple_answers(apple, phone):
    ref = apple.buy(OSMOSIS, token=str(phone.owner.pk))
    apple.trouble = 500
    deliver(apple.notification("ONE_TIME_CHARGE", ref))
    event = ProviderEvent.objects.get()
    assert (event.state, event.attempts, phone.credits()) == ("waiting", 1, (0, 0))
    assert "ProviderUnavailable: 500" in event.error
    apple.trouble = ""
    work()
    assert phone.credits() == (1, 0)


@pytest.mark.parametrize("rubbish", ["null", "5", "[]", '"x"', "{}", '{"signedTransactionInfo": {}}', "{"])
def test_an_invalid_answer_of_apple_counts_as_an_outage(apple, monkeypatch, rubbish: str):
    ref = apple.buy("corrosion_yearly", token=None)
    monkeypatch.setattr(apple, "answer", lambda *_: (200, rubbish.encode()))
    with pytest.raises(ProviderUnavailable):
        stores()[Provider.APP_STORE].purchase(ref)


def test_an_invalid_transaction_id_is_not_sent_to_apple(apple):
    for ref in ("", "../notifications/test", "1?x=1", "x" * 64, "9" * 65):
        assert stores()[Provider.APP_STORE].purchase(ref) is None
    assert apple.calls == []


# --- Notifications without a purchase ---
def test_a_test_notification_is_stored_and_changes_nothing(apple):
    deliver(apple.notification("TEST"))
    event = ProviderEvent.objects.get()
    assert (event.kind, event.about, event.state) == ("TEST", "", "done")
    assert nothing_happened()


def test_an_unknown_kind_of_notification_is_stored_under_its_name(apple, phone):
    ref = apple.buy(OSMOSIS, token=str(phone.owner.pk))
    deliver(apple.notification("SOMETHING_NEW", ref, subtype="OF_2030"))
    assert ProviderEvent.objects.get().kind == "SOMETHING_NEW/OF_2030"


def test_everything_is_refused_where_the_app_store_is_not_set_up(apple, phone, settings):
    ref = apple.buy(OSMOSIS, token=str(phone.owner.pk))
    settings.APP_STORE_BUNDLE_ID = ""
    stores.cache_clear()
    refused(post(apple.notification("ONE_TIME_CHARGE", ref)), 400, "VALIDATION_ERROR")
    assert body_of(send_receipt(phone, apple.receipt(ref))) == INVALID


# --- In parallel ---
@pytest.mark.django_db(transaction=True)
def test_one_transaction_from_many_accounts_in_parallel_gives_one_credit(apple):
    owners = UserFactory.create_batch(5)
    receipt = apple.receipt(apple.buy(OSMOSIS, token=str(owners[2].pk)))
    phones = chain.from_iterable(repeat(Phone.of(owner), 4) for owner in owners)
    taken = iter(list(phones))
    answers = [body_of(answer) for answer in at_once(20, lambda: send_receipt(next(taken), receipt))]
    assert (answers.count(VALID), answers.count(INVALID)) == (4, 16)
    assert LedgerTransaction.objects.get(kind="credit_grant").owner == Order.objects.get().owner == owners[2]


@pytest.mark.django_db(transaction=True)
def test_phone_and_worker_in_parallel_grant_once(apple, owner):
    start_session(user=owner)
    ref = apple.buy(OSMOSIS, token=str(owner.pk))
    receipt, phones = apple.receipt(ref), iter([Phone.of(owner) for _ in range(4)])

    def phone_brings() -> None:
        assert body_of(send_receipt(next(phones), receipt)) == VALID

    calls = iter([phone_brings, lambda: receipts.sync_purchase(Provider.APP_STORE, ref)] * 4)

    def call_next() -> None:
        next(calls)()

    at_once(8, call_next)
    assert LedgerTransaction.objects.filter(kind="credit_grant").count() == Order.objects.count() == 1
    assert cash(owner) == 4999
