"""Whatever Apple did not sign, for this app and in this environment, is no receipt and no notification."""

import base64
import hashlib
import hmac
import json
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from billing.choices import Provider
from billing.models import ProviderEvent
from billing.providers.app_store import ApiKey, AppStore
from billing.stores import stores
from tests.billing.app_store.conftest import set_up
from tests.billing.app_store.kit import INVALID, OSMOSIS, VALID, bring, hear, nothing_happened, post, told
from tests.contract.refusals import refused
from tests.standins.app_store import BUNDLE_ID, AppStoreStandIn, Signed
from tests.standins.apple_pki import Authority, b64url

pytestmark = pytest.mark.django_db


def genuine(apple: AppStoreStandIn, payload: Signed) -> str:
    return apple.signed(payload)


def alg_none(apple, payload):
    said = {"alg": "none", "x5c": apple.chain.x5c}
    return f"{b64url(json.dumps(said).encode())}.{b64url(json.dumps(payload).encode())}."


def hs256_with_the_public_key(apple, payload):
    secret = apple.chain.links[0].cert.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    said = {"alg": "HS256", "x5c": apple.chain.x5c}
    text = f"{b64url(json.dumps(said).encode())}.{b64url(json.dumps(payload).encode())}"
    return f"{text}.{b64url(hmac.new(secret, text.encode(), hashlib.sha256).digest())}"


def self_signed_chain(apple, payload):
    return Authority(f"{apple.url}/ocsp").chain().sign(payload)


def self_signed_chain_that_ends_in_the_true_root(apple, payload):
    forged = Authority(f"{apple.url}/ocsp").chain()
    return forged.sign(payload, x5c=[*forged.x5c[:2], apple.chain.x5c[2]])


def true_chain_another_key(apple, payload):
    return apple.authority.chain().sign(payload, x5c=apple.chain.x5c)


def chain_of_two(apple, payload):
    return apple.chain.sign(payload, x5c=apple.chain.x5c[:2])


def chain_of_four(apple, payload):
    return apple.chain.sign(payload, x5c=[*apple.chain.x5c, apple.chain.x5c[2]])


def no_x5c(apple, payload):
    return apple.chain.sign(payload, x5c=None)


def empty_x5c(apple, payload):
    return apple.chain.sign(payload, x5c=[])


def x5c_of_rubbish(apple, payload):
    return apple.chain.sign(payload, x5c=[1, None, {"a": "b"}])


def expired_leaf(apple, payload):
    return apple.authority.chain(days=-1).sign(payload)


def leaf_without_its_purpose(apple, payload):
    return apple.authority.chain(leaf_purpose=None).sign(payload)


def intermediate_without_its_purpose(apple, payload):
    return apple.authority.chain(intermediate_purpose=None).sign(payload)


def revoked_leaf(apple, payload):
    chain = apple.authority.chain()
    apple.authority.revoke(chain.links[0])
    return chain.sign(payload)


def revoked_intermediate(apple, payload):
    chain = apple.authority.chain()
    apple.authority.revoke(chain.links[1])
    return chain.sign(payload)


def edited(apple, payload):
    head, _, signature = apple.signed(payload).split(".")
    return f"{head}.{b64url(json.dumps({**payload, 'price': 1}).encode())}.{signature}"


def without_its_signature(apple, payload):
    return apple.signed(payload).rpartition(".")[0] + "."


def wrong_bundle(apple, payload):
    return apple.signed({**payload, "bundleId": "org.example.other"})


def no_bundle(apple, payload):
    return apple.signed({**payload, "bundleId": None})


def sandbox(apple, payload):
    return apple.signed({**payload, "environment": "Sandbox"})


def xcode(apple, payload):
    return alg_none(apple, {**payload, "environment": "Xcode"})


def local_testing(apple, payload):
    return alg_none(apple, {**payload, "environment": "LocalTesting"})


def signed_xcode(apple, payload):
    return apple.signed({**payload, "environment": "Xcode"})


def renewal_info(apple, payload):
    """Signed by Apple, but no transaction."""
    return apple.signed({"originalTransactionId": payload["transactionId"], "environment": "Production"})


def a_notification(apple, payload):
    """Signed by Apple, but no transaction."""
    data = {"bundleId": BUNDLE_ID, "environment": "Production", "signedTransactionInfo": apple.signed(payload)}
    return apple.signed({"notificationType": "ONE_TIME_CHARGE", "notificationUUID": str(uuid4()), "data": data})


FORGERIES = [
    alg_none,
    hs256_with_the_public_key,
    self_signed_chain,
    self_signed_chain_that_ends_in_the_true_root,
    true_chain_another_key,
    chain_of_two,
    chain_of_four,
    no_x5c,
    empty_x5c,
    x5c_of_rubbish,
    expired_leaf,
    leaf_without_its_purpose,
    intermediate_without_its_purpose,
    revoked_leaf,
    revoked_intermediate,
    edited,
    without_its_signature,
    wrong_bundle,
    no_bundle,
    sandbox,
    xcode,
    local_testing,
    signed_xcode,
    renewal_info,
    a_notification,
]
NEVER_SIGNED = [*FORGERIES[: FORGERIES.index(wrong_bundle)], xcode, local_testing]
RUBBISH = ["x", ".", "..", "...", "a.b.c", "é" * 9, "\x01", "eyJhbGciOiJFUzI1NiJ9.e30.AA", "A" * 20_000, "[" * 20_000]
RUBBISH += [
    ".".join([b64url(b"[" * 6000), b64url(b"{" * 6000), "AA"]),
    b64url(b'{"alg":"ES256","x5c":"MII="}') + ".e30.AA",
]


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda forge: forge.__name__)
def test_a_forged_receipt_is_invalid_and_leaves_nothing(apple, phone, forge):
    """The transaction is a true one of this very owner: only the signature, the app or the environment is wrong."""
    payload = apple.transactions[apple.buy(OSMOSIS, token=str(phone.owner.pk))]
    assert told(bring(phone, forge(apple, payload))) == INVALID
    assert nothing_happened()
    assert [path for path in apple.asked if "ocsp" not in path] == []
    assert told(bring(phone, genuine(apple, payload))) == VALID


@pytest.mark.parametrize("receipt", RUBBISH, ids=lambda receipt: receipt[:6].encode().hex() + str(len(receipt)))
def test_rubbish_is_invalid_and_leaves_nothing(apple, phone, receipt: str):
    assert told(bring(phone, receipt)) == INVALID
    assert nothing_happened()
    assert apple.asked == []


@pytest.mark.parametrize(
    ("environment", "foreign"), [("Production", "Sandbox"), ("Sandbox", "Production")], ids=["production", "sandbox"]
)
def test_each_environment_refuses_the_other(settings, tmp_path, phone, environment: str, foreign: str):
    with AppStoreStandIn(environment=environment) as apple:
        set_up(settings, apple, tmp_path)
        ref = apple.buy(OSMOSIS, token=str(phone.owner.pk))
        receipt, notification = apple.receipt(ref), apple.notification("ONE_TIME_CHARGE", ref)
        apple.environment = apple.transactions[ref]["environment"] = foreign
        assert told(bring(phone, apple.receipt(ref))) == INVALID
        refused(post(apple.notification("ONE_TIME_CHARGE", ref)), 400, "VALIDATION_ERROR")
        assert nothing_happened()
        apple.environment = apple.transactions[ref]["environment"] = environment
        hear(notification)
        assert told(bring(phone, receipt)) == VALID
    stores.cache_clear()


@pytest.mark.parametrize("environment", ["xcode", "Xcode", "LocalTesting", "local_testing", "Production", ""])
def test_no_environment_that_skips_signatures_can_be_made(environment: str):
    with pytest.raises(ValueError, match="no environment"):
        AppStore(
            environment=environment,
            bundle_id=BUNDLE_ID,
            apple_id=1,
            roots_dir="",
            api_key=ApiKey(issuer_id="", key_id="", private_key=""),
            api_base="",
            timeout_seconds=1,
        )


# --- Notifications ---
def said(apple: AppStoreStandIn, payload: Signed, **changes) -> Signed:
    data = {
        "bundleId": BUNDLE_ID,
        "appAppleId": 1234567890,
        "environment": "Production",
        "signedTransactionInfo": apple.signed(payload),
    }
    told = {"notificationType": "ONE_TIME_CHARGE", "notificationUUID": str(uuid4()), "version": "2.0"}
    return {**told, "data": {**data, **changes}}


@pytest.mark.parametrize("forge", NEVER_SIGNED, ids=lambda forge: forge.__name__)
def test_a_forged_notification_is_refused_and_not_kept(apple, phone, forge):
    payload = apple.transactions[apple.buy(OSMOSIS, token=str(phone.owner.pk))]
    body = json.dumps({"signedPayload": forge(apple, said(apple, payload))}).encode()
    refused(post(body), 400, "VALIDATION_ERROR")
    assert not ProviderEvent.objects.exists()
    hear(json.dumps({"signedPayload": apple.signed(said(apple, payload))}).encode())
    assert phone.credits() == (1, 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"bundleId": "org.example.other"},
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
    body = json.dumps({"signedPayload": apple.signed(said(apple, payload, **changes))}).encode()
    refused(post(body), 400, "VALIDATION_ERROR")
    assert not ProviderEvent.objects.exists()


def test_a_true_notification_with_another_ones_transaction_is_refused(apple, phone):
    """What is inside is verified by itself."""
    payload = apple.transactions[apple.buy(OSMOSIS, token=str(phone.owner.pk))]
    forged = Authority(f"{apple.url}/ocsp").chain().sign(payload)
    body = json.dumps({"signedPayload": apple.signed(said(apple, payload, signedTransactionInfo=forged))}).encode()
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
def test_rubbish_is_no_notification(apple, body: bytes):
    refused(post(body), 400, "VALIDATION_ERROR")
    assert not ProviderEvent.objects.exists()


def test_without_an_id_of_its_own_it_is_no_notification(apple):
    for changes in ({"notificationUUID": None}, {"notificationType": None}):
        refused(post(apple.notification("TEST", **changes)), 400, "VALIDATION_ERROR")


def test_what_is_asked_of_apple_is_asked_with_our_key(apple, phone):
    """The stand-in checks it as Apple does: another key, and nothing is answered."""
    ref = apple.buy(OSMOSIS, token=str(phone.owner.pk))
    assert apple.answer(f"/inApps/v1/transactions/{ref}", "Bearer a.b.c")[0] == 401
    assert stores()[Provider.APP_STORE].purchase(ref) is not None
