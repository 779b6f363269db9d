"""Test that receipts and notifications count only if Apple signed them for this app and environment."""

import base64
import json
from uuid import uuid4

import pytest

from billing.models import ProviderEvent
from billing.provider_registry import PRODUCTS, stores
from billing.providers.app_store.client import AppStore
from billing.providers.app_store.server import ApiKey
from billing.vocabulary import Provider
from testing.fake_stores.app_store import BUNDLE_ID, FakeAppStore, Signed
from testing.fake_stores.apple_pki import Authority, b64url
from testing.fake_stores.configuration import configure_app_store
from testing.fake_stores.forged_transactions import FORGERIES, NEVER_SIGNED, genuine
from tests.billing.providers.app_store.calls import (
    INVALID,
    OSMOSIS,
    VALID,
    body_of,
    deliver,
    nothing_happened,
    post,
    send_receipt,
)
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db


RUBBISH = ["x", ".", "..", "...", "a.b.c", "é" * 9, "\x01", "eyJhbGciOiJFUzI1NiJ9.e30.AA", "A" * 20_000, "[" * 20_000]
RUBBISH += [
    ".".join([b64url(b"[" * 6000), b64url(b"{" * 6000), "AA"]),
    b64url(b'{"alg":"ES256","x5c":"MII="}') + ".e30.AA",
]


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda forge: forge.__name__)
def test_a_forged_receipt_is_invalid_and_leaves_nothing(apple, phone, forge):
    """The transaction is genuine and this owner's: only the signature, the app or the environment is wrong."""
    payload = apple.transactions[apple.buy(OSMOSIS, token=str(phone.owner.pk))]
    assert body_of(send_receipt(phone, forge(apple, payload))) == INVALID
    assert nothing_happened()
    assert [path for path in apple.calls if "ocsp" not in path] == []
    assert body_of(send_receipt(phone, genuine(apple, payload))) == VALID


@pytest.mark.parametrize("receipt", RUBBISH, ids=lambda receipt: receipt[:6].encode().hex() + str(len(receipt)))
def test_rubbish_is_invalid_and_leaves_nothing(apple, phone, receipt: str):
    assert body_of(send_receipt(phone, receipt)) == INVALID
    assert nothing_happened()
    assert apple.calls == []


def test_a_sandbox_server_accepts_no_paid_purchase(settings, tmp_path, phone):
    with FakeAppStore(environment="Sandbox") as apple:
        configure_app_store(settings, apple, tmp_path)
        paid = apple.buy(OSMOSIS, token=str(phone.owner.pk), environment="Production")
        assert body_of(send_receipt(phone, apple.receipt(paid))) == INVALID
        refused(post(apple.notification("ONE_TIME_CHARGE", paid)), 400, "VALIDATION_ERROR")
        assert nothing_happened()
        assert body_of(send_receipt(phone, apple.receipt(apple.buy_in_the_sandbox(OSMOSIS, token=None)))) == VALID
    stores.cache_clear()


def test_a_paid_purchase_is_unknown_in_the_sandbox(apple, phone):
    """Signed for the sandbox, but unknown there."""
    payload = apple.transactions[apple.buy(OSMOSIS, token=str(phone.owner.pk))]
    assert body_of(send_receipt(phone, apple.signed({**payload, "environment": "Sandbox"}))) == INVALID
    assert nothing_happened()


def test_a_sandbox_answer_about_a_paid_purchase_does_not_count(apple, phone):
    """Apple's server answers a question about a paid purchase with one of the sandbox: the answer does not count."""
    payload = apple.transactions[apple.buy(OSMOSIS, token=str(phone.owner.pk))]
    receipt = apple.receipt(payload["transactionId"])
    signed, apple.signed = apple.signed, lambda payload: signed({**payload, "environment": "Sandbox"})
    refused(send_receipt(phone, receipt), 503, "SERVICE_UNAVAILABLE")
    assert nothing_happened()


@pytest.mark.parametrize("environment", ["xcode", "Xcode", "LocalTesting", "local_testing", "Production", ""])
def test_an_environment_without_signatures_cannot_be_created(environment: str):
    with pytest.raises(ValueError, match="no environment"):
        AppStore(
            environment=environment,
            bundle_id=BUNDLE_ID,
            apple_id=1,
            roots_dir="",
            products=PRODUCTS,
            api_key=ApiKey(issuer_id="", key_id="", private_key=""),
            api_base="",
            timeout_seconds=1,
        )


# --- Notifications ---
def notification_data(apple: FakeAppStore, payload: Signed, **changes) -> Signed:
    data = {
        "bundleId": BUNDLE_ID,
        "appAppleId": 1234567890,
        "environment": "Production",
        "signedTransactionInfo": apple.signed(payload),
    }
    fields = {"notificationType": "ONE_TIME_CHARGE", "notificationUUID": str(uuid4()), "version": "2.0"}
    return {**fields, "data": {**data, **changes}}


@pytest.mark.parametrize("forge", NEVER_SIGNED, ids=lambda forge: forge.__name__)
def test_a_forged_notification_is_refused_and_not_stored(apple, phone, forge):
    payload = apple.transactions[apple.buy(OSMOSIS, token=str(phone.owner.pk))]
    body = json.dumps({"signedPayload": forge(apple, notification_data(apple, payload))}).encode()
    refused(post(body), 400, "VALIDATION_ERROR")
    assert not ProviderEvent.objects.exists()
    deliver(json.dumps({"signedPayload": apple.signed(notification_data(apple, payload))}).encode())
    assert phone.credits() == (1, 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"appAppleId": 1},
        {"appAppleId": None},
        {"environment": "Sandbox"},
        {"environment": "Xcode"},
        {"signedTransactionInfo": "a.b.c"},
        {"signedTransactionInfo": [1]},
    ],
    ids=str,
)
def test_a_notification_of_another_app_or_environment_is_refused(apple, phone, changes):
    payload = apple.transactions[apple.buy(OSMOSIS, token=str(phone.owner.pk))]
    body = json.dumps({"signedPayload": apple.signed(notification_data(apple, payload, **changes))}).encode()
    refused(post(body), 400, "VALIDATION_ERROR")
    assert not ProviderEvent.objects.exists()


@pytest.mark.parametrize("environment", ["Production", "Sandbox"])
def test_a_notification_about_another_app_is_stored_as_not_ours(apple, phone, environment):
    payload = apple.transactions[apple.buy(OSMOSIS, token=str(phone.owner.pk))]
    changes = {"bundleId": "org.example.other", "appAppleId": 1, "environment": environment}
    deliver(json.dumps({"signedPayload": apple.signed(notification_data(apple, payload, **changes))}).encode())
    event = ProviderEvent.objects.get()
    assert (event.state, event.verdict, event.about, bytes(event.body)) == ("done", "JWS, OCSP, not ours", "", b"")
    assert nothing_happened()


def test_a_genuine_notification_with_a_forged_transaction_is_refused(apple, phone):
    """The transaction inside is verified on its own."""
    payload = apple.transactions[apple.buy(OSMOSIS, token=str(phone.owner.pk))]
    forged = Authority(f"{apple.url}/ocsp").chain().sign(payload)
    body = json.dumps(
        {"signedPayload": apple.signed(notification_data(apple, payload, signedTransactionInfo=forged))}
    ).encode()
    refused(post(body), 400, "VALIDATION_ERROR")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"signedPayload": 5}',
        b'{"signedPayload": ""}',
        b'{"signedPayload": ["a.b.c"]}',
        b"[" * 100_000,
        json.dumps({"signedPayload": "A" * 200_000}).encode(),
        json.dumps({"signedPayload": base64.b64encode(b"{" * 999).decode()}).encode(),
    ],
    ids=lambda body: body[:20].hex() + str(len(body)),
)
def test_an_invalid_notification_is_refused(apple, body: bytes):
    refused(post(body), 400, "VALIDATION_ERROR")
    assert not ProviderEvent.objects.exists()


def test_a_notification_without_an_id_or_type_is_refused(apple):
    for changes in ({"notificationUUID": None}, {"notificationType": None}):
        refused(post(apple.notification("TEST", **changes)), 400, "VALIDATION_ERROR")


def test_requests_to_apple_carry_our_key(apple, phone):
    """The fake checks the key as Apple does: it refuses any other key."""
    ref = apple.buy(OSMOSIS, token=str(phone.owner.pk))
    assert apple.answer(f"/inApps/v1/transactions/{ref}", "Bearer a.b.c")[0] == 401
    assert stores()[Provider.APP_STORE].purchase(ref) is not None
