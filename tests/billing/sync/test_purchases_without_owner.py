"""Test that a purchase without an owner belongs to the first account that brings it, for good.

Apple may omit `appAccountToken` although the app sends one (apple/app-store-server-library-java 135), for example after
an offer code (hyochan/react-native-iap 1276). Such purchases cost money and reached no account
(readest/readest PR 5993).
"""

import pytest

from billing.models import Order, ProviderEvent, Subscription
from billing.provider_registry import stores
from billing.tasks import sweep_payments
from testing.factories import UserFactory
from testing.phone import Phone
from tests.billing.providers.app_store.calls import (
    INVALID,
    MONTHLY,
    OSMOSIS,
    VALID,
    body_of,
    cash,
    deliver,
    nothing_happened,
    send_receipt,
    work,
)
from tests.billing.providers.play_store import calls as play
from tests.concurrency import at_once

pytestmark = pytest.mark.django_db
SOMEBODY = "5f0c2c5e-6a0b-4f0e-9b55-0c8a3e1d2f4b"


def test_an_offer_code_gives_access_to_its_owner(apple, phone):
    ref = apple.buy(MONTHLY, token=None, offerType=3, offerIdentifier="SPRING")
    assert body_of(send_receipt(phone, apple.receipt(ref))) == VALID
    deliver(apple.notification("SUBSCRIBED", ref, subtype="INITIAL_BUY"))
    assert phone.get("/entitlements/corrosion").json()["subscription_active"]
    assert not ProviderEvent.objects.exclude(state="done").exists()


def test_a_free_trial_gives_access_and_books_no_money(apple, phone):
    ref = apple.buy(MONTHLY, token=None, offerType=3, offerDiscountType="FREE_TRIAL", price=0)
    assert body_of(send_receipt(phone, apple.receipt(ref))) == VALID
    assert (cash(phone.owner), Order.objects.get().is_test) == (0, False)
    assert phone.get("/entitlements/corrosion").json()["subscription_active"]


@pytest.mark.parametrize("product", [OSMOSIS, MONTHLY])
def test_the_first_account_keeps_the_purchase(apple, phone, stranger, product):
    ref, other = apple.buy(product, token=None), Phone.of(stranger)
    receipt = apple.receipt(ref)
    assert [body_of(send_receipt(who, receipt)) for who in (phone, other, phone, other)] == [
        VALID,
        INVALID,
        VALID,
        INVALID,
    ]
    assert Order.objects.get().owner == phone.owner


def test_apple_receives_the_account_of_the_owner_once(apple, phone):
    ref = apple.buy(MONTHLY, token=None)
    send_receipt(phone, apple.receipt(ref))
    assert apple.transactions[ref]["appAccountToken"] == str(phone.owner.pk)
    send_receipt(phone, apple.receipt(ref))
    assert [path for path in apple.calls if path.endswith("appAccountToken")] == [
        f"/inApps/v1/transactions/{ref}/appAccountToken"
    ]
    assert Order.objects.get().look_at is None


def test_naming_the_owner_is_tried_again_after_an_outage_of_apple(apple, phone, settings):
    ref = apple.buy(OSMOSIS, token=None)
    naming, apple.name_owner = apple.name_owner, lambda *_: (500, b"{}")
    assert body_of(send_receipt(phone, apple.receipt(ref))) == VALID
    assert (apple.transactions[ref]["appAccountToken"], phone.credits()) == (None, (1, 0))
    apple.name_owner = naming
    Order.objects.update(look_at=Order.objects.get().created_at)
    sweep_payments()
    assert apple.transactions[ref]["appAccountToken"] == str(phone.owner.pk)
    assert Order.objects.get().look_at is None


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_permanent_refusal_of_apple_is_not_tried_again(apple, phone, status):
    apple.name_owner = lambda *_: (status, b'{"errorCode": 4000185, "errorMessage": "Family."}')
    assert body_of(send_receipt(phone, apple.receipt(apple.buy(OSMOSIS, token=None)))) == VALID
    assert Order.objects.get().look_at is None


def test_a_renewal_without_a_token_belongs_to_the_subscriptions_owner(apple, phone, stranger):
    original = apple.buy(MONTHLY, token=str(phone.owner.pk))
    send_receipt(phone, apple.receipt(original))
    renewal = apple.renew(original, appAccountToken=None)
    apple.transactions[original]["appAccountToken"] = None
    assert body_of(send_receipt(Phone.of(stranger), apple.receipt(renewal))) == INVALID
    assert body_of(send_receipt(phone, apple.receipt(renewal))) == VALID
    assert set(Order.objects.values_list("owner", flat=True)) == {phone.owner.pk}


def test_an_older_period_belongs_to_the_owner_of_the_newest_period(apple, phone, stranger):
    original = apple.buy(MONTHLY, token=None)
    receipt = apple.receipt(original)
    apple.renew(original, appAccountToken=str(phone.owner.pk))
    assert body_of(send_receipt(Phone.of(stranger), receipt)) == INVALID
    assert nothing_happened()
    assert body_of(send_receipt(phone, receipt)) == VALID


def test_a_purchase_stays_although_apple_names_another_account_later(apple, phone, stranger):
    ref = apple.buy(OSMOSIS, token=None)
    receipt = apple.receipt(ref)
    send_receipt(phone, receipt)
    apple.transactions[ref]["appAccountToken"] = str(stranger.pk)
    assert body_of(send_receipt(Phone.of(stranger), receipt)) == INVALID
    assert body_of(send_receipt(phone, receipt)) == VALID


@pytest.mark.parametrize("product", [OSMOSIS, MONTHLY])
def test_a_purchase_without_an_account_waits_for_its_owner(apple, phone, product):
    ref = apple.buy(product, token=None)
    deliver(apple.notification("ONE_TIME_CHARGE", ref))
    event = ProviderEvent.objects.get()
    assert (event.state, event.verdict, event.error) == ("done", "JWS, OCSP, waits for its owner", "")
    assert nothing_happened()
    assert body_of(send_receipt(phone, apple.receipt(ref))) == VALID


def test_a_purchase_of_an_unknown_owner_becomes_a_dead_letter(apple):
    deliver(apple.notification("ONE_TIME_CHARGE", apple.buy(OSMOSIS, token=SOMEBODY)))
    for _ in range(4):
        work()
    event = ProviderEvent.objects.get()
    assert (event.state, event.error) == ("dead", "UnmatchedPurchase: of nobody we know")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("product", [OSMOSIS, MONTHLY])
def test_one_of_many_parallel_accounts_gets_the_purchase(apple, product):
    owners = UserFactory.create_batch(6)
    receipt = apple.receipt(apple.buy(product, token=None))
    phones = iter([Phone.of(owner) for owner in owners * 3])
    answers = at_once(18, lambda: _send(next(phones), receipt))
    assert {status for _, status in answers} == {"valid", "invalid"}
    assert {who for who, status in answers if status == "valid"} == {Order.objects.get().owner.pk}
    assert len({who for who, status in answers if status == "invalid"}) == 5
    assert sum(each.credits()[0] for each in map(Phone.of, owners)) == (product == OSMOSIS)
    assert Subscription.objects.count() == (product == MONTHLY)
    stores.cache_clear()


def _send(phone: Phone, receipt: str) -> tuple[object, str]:
    return phone.owner.pk, body_of(send_receipt(phone, receipt))["status"]


# --- Google Play ---
def test_a_google_purchase_without_an_account_belongs_to_the_first_sender(google, phone, stranger):
    token, other = google.buy("", obfuscatedExternalAccountId=None), Phone.of(stranger)
    play.deliver_pushes(google)
    assert (ProviderEvent.objects.get().verdict, Order.objects.count()) == ("OIDC, waits for its owner", 0)
    assert [play.status(play.send_receipt(who, token)) for who in (phone, other, phone)] == [
        "valid",
        "invalid",
        "valid",
    ]
    assert (phone.credits(), google.products[token]["body"]["acknowledgementState"]) == ((1, 0), 1)


def test_an_upgrade_without_an_account_belongs_to_the_former_owner(google, phone, stranger):
    former = google.subscribe(str(phone.owner.pk))
    play.send_receipt(phone, former, product=MONTHLY)
    upgraded = google.upgrade(former)
    google.subscriptions[upgraded].pop("externalAccountIdentifiers")
    brought = play.send_receipt(Phone.of(stranger), upgraded, product="corrosion_yearly")
    assert play.status(brought) == "invalid"
    play.deliver_pushes(google)
    assert phone.get("/subscriptions/status").json()["plan"] == "yearly"
