"""Transactions not signed by Apple or not for us: each is genuine and the right owner's, with one thing wrong."""

import hashlib
import hmac
import json
from uuid import uuid4

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from testing.fake_stores.app_store import BUNDLE_ID, FakeAppStore, Signed
from testing.fake_stores.apple_pki import Authority, b64url


def genuine(apple: FakeAppStore, payload: Signed) -> str:
    return apple.signed(payload)


def alg_none(apple: FakeAppStore, payload: Signed) -> str:
    header = {"alg": "none", "x5c": apple.chain.x5c}
    return f"{b64url(json.dumps(header).encode())}.{b64url(json.dumps(payload).encode())}."


def hs256_with_the_public_key(apple: FakeAppStore, payload: Signed) -> str:
    secret = apple.chain.links[0].cert.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    header = {"alg": "HS256", "x5c": apple.chain.x5c}
    text = f"{b64url(json.dumps(header).encode())}.{b64url(json.dumps(payload).encode())}"
    return f"{text}.{b64url(hmac.new(secret, text.encode(), hashlib.sha256).digest())}"


def self_signed_chain(apple: FakeAppStore, payload: Signed) -> str:
    return Authority(f"{apple.url}/ocsp").chain().sign(payload)


def self_signed_chain_that_ends_in_the_true_root(apple: FakeAppStore, payload: Signed) -> str:
    forged = Authority(f"{apple.url}/ocsp").chain()
    return forged.sign(payload, x5c=[*forged.x5c[:2], apple.chain.x5c[2]])


def true_chain_another_key(apple: FakeAppStore, payload: Signed) -> str:
    return apple.authority.chain().sign(payload, x5c=apple.chain.x5c)


def chain_of_two(apple: FakeAppStore, payload: Signed) -> str:
    return apple.chain.sign(payload, x5c=apple.chain.x5c[:2])


def chain_of_four(apple: FakeAppStore, payload: Signed) -> str:
    return apple.chain.sign(payload, x5c=[*apple.chain.x5c, apple.chain.x5c[2]])


def no_x5c(apple: FakeAppStore, payload: Signed) -> str:
    return apple.chain.sign(payload, x5c=None)


def empty_x5c(apple: FakeAppStore, payload: Signed) -> str:
    return apple.chain.sign(payload, x5c=[])


def x5c_of_rubbish(apple: FakeAppStore, payload: Signed) -> str:
    return apple.chain.sign(payload, x5c=[1, None, {"a": "b"}])


def expired_leaf(apple: FakeAppStore, payload: Signed) -> str:
    return apple.authority.chain(days=-1).sign(payload)


def leaf_without_its_purpose(apple: FakeAppStore, payload: Signed) -> str:
    return apple.authority.chain(leaf_purpose=None).sign(payload)


def intermediate_without_its_purpose(apple: FakeAppStore, payload: Signed) -> str:
    return apple.authority.chain(intermediate_purpose=None).sign(payload)


def revoked_leaf(apple: FakeAppStore, payload: Signed) -> str:
    chain = apple.authority.chain()
    apple.authority.revoke(chain.links[0])
    return chain.sign(payload)


def revoked_intermediate(apple: FakeAppStore, payload: Signed) -> str:
    chain = apple.authority.chain()
    apple.authority.revoke(chain.links[1])
    return chain.sign(payload)


def edited(apple: FakeAppStore, payload: Signed) -> str:
    head, _, signature = apple.signed(payload).split(".")
    return f"{head}.{b64url(json.dumps({**payload, 'price': 1}).encode())}.{signature}"


def without_its_signature(apple: FakeAppStore, payload: Signed) -> str:
    return apple.signed(payload).rpartition(".")[0] + "."


def wrong_bundle(apple: FakeAppStore, payload: Signed) -> str:
    return apple.signed({**payload, "bundleId": "org.example.other"})


def no_bundle(apple: FakeAppStore, payload: Signed) -> str:
    return apple.signed({**payload, "bundleId": None})


def sandbox_altered_to_claim_production(apple: FakeAppStore, payload: Signed) -> str:
    """Signed by Apple for its sandbox, where purchases are free, and edited."""
    head, _, signature = apple.signed({**payload, "environment": "Sandbox"}).split(".")
    return f"{head}.{b64url(json.dumps({**payload, 'environment': 'Production'}).encode())}.{signature}"


def xcode(apple: FakeAppStore, payload: Signed) -> str:
    return alg_none(apple, {**payload, "environment": "Xcode"})


def local_testing(apple: FakeAppStore, payload: Signed) -> str:
    return alg_none(apple, {**payload, "environment": "LocalTesting"})


def signed_xcode(apple: FakeAppStore, payload: Signed) -> str:
    return apple.signed({**payload, "environment": "Xcode"})


def renewal_info(apple: FakeAppStore, payload: Signed) -> str:
    """Signed by Apple, but no transaction."""
    return apple.signed({"originalTransactionId": payload["transactionId"], "environment": "Production"})


def a_notification(apple: FakeAppStore, payload: Signed) -> str:
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
    sandbox_altered_to_claim_production,
    without_its_signature,
    wrong_bundle,
    no_bundle,
    xcode,
    local_testing,
    signed_xcode,
    renewal_info,
    a_notification,
]
NEVER_SIGNED = [*FORGERIES[: FORGERIES.index(wrong_bundle)], xcode, local_testing]
