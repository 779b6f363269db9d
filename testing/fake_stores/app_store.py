"""A small App Store: sells, renews, refunds, notifies, and answers for Apple's server and OCSP responder.

It uses real HTTP with real signatures, and on demand it is slow, fails or lies.
"""

import base64
import json
import random
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any, Self
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.ocsp import OCSPResponseBuilder, OCSPResponseStatus

from testing.fake_stores.apple_pki import Authority, Chain

BUNDLE_ID, APPLE_ID, ISSUER_ID, KEY_ID = "org.example.hull", 1234567890, "issuer", "KEY0000001"
PRICES = {"osmosis_inspection": 49_990, "corrosion_monthly": 9_990, "corrosion_yearly": 99_990}
PERIOD_SECONDS = {"corrosion_monthly": 30 * 86_400, "corrosion_yearly": 365 * 86_400}
GRACE_SECONDS = 16 * 86_400
CONSUMABLE, SUBSCRIPTION = "Consumable", "Auto-Renewable Subscription"
Signed = dict[str, Any]


def now() -> int:
    """Return the time in milliseconds, as Apple does."""
    return int(time.time() * 1000)


class FakeAppStore:
    """`trouble` of its server: slow, lie, garbage, or an HTTP status. `ocsp_trouble`: down, busy, garbage, stale."""

    def __init__(self, *, environment: str = "Production") -> None:
        self.environment = environment
        self.trouble: str | int = ""
        self.ocsp_trouble = ""
        self.calls: list[str] = []
        self.transactions: dict[str, Signed] = {}
        self.renewals: dict[str, Signed] = {}
        self._ids = count(2_000_000_000_000_000)
        self._api_key = ec.generate_private_key(ec.SECP256R1())
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.authority = Authority(f"{self.url}/ocsp")
        self.chain: Chain = self.authority.chain()

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def api_key_pem(self) -> str:
        return self._api_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    # --- Events ---
    def buy(self, product: str, *, token: str | None, **changes: Any) -> str:
        """Buy; return the transaction's id."""
        ref = str(next(self._ids))
        self.transactions[ref] = {**self._sold(product, ref, original=ref, starts=now()), "appAccountToken": token}
        self.transactions[ref] |= changes
        if product in PERIOD_SECONDS:
            self.renewals[ref] = self._renewing(product, ref)
        return ref

    def buy_in_the_sandbox(self, product: str, *, token: str | None, **changes: Any) -> str:
        """Buy in the sandbox, as App Review does."""
        return self.buy(product, token=token, environment="Sandbox", **changes)

    def renew(self, original: str, **changes: Any) -> str:
        """Pay the next period; return its transaction's id."""
        last, ref = self.latest(original), str(next(self._ids))
        starts = max(last["expiresDate"], now())
        self.transactions[ref] = {
            **self._sold(str(changes.get("productId", last["productId"])), ref, original=original, starts=starts),
            "appAccountToken": last["appAccountToken"],
            "transactionReason": "RENEWAL",
            **changes,
        }
        self.renewals[original] = self._renewing(last["productId"], original)
        return ref

    def fail_renewal_into_grace(self, original: str) -> None:
        """End the period without a paid renewal; access goes on."""
        self.latest(original)["expiresDate"] = now() - 1000
        self.renewals[original] |= {
            "isInBillingRetryPeriod": True,
            "gracePeriodExpiresDate": now() + GRACE_SECONDS * 1000,
        }

    def turn_off_auto_renew(self, original: str) -> None:
        self.renewals[original]["autoRenewStatus"] = 0

    def expire(self, original: str) -> None:
        self.latest(original)["expiresDate"] = now() - 1000
        self.renewals[original] |= {"autoRenewStatus": 0, "expirationIntent": 1, "gracePeriodExpiresDate": None}

    def refund(self, ref: str, *, at: int | None = None, **changes: Any) -> None:
        self.transactions[ref] |= {"revocationDate": at or now(), "revocationReason": 0, **changes}

    def reverse_refund(self, ref: str) -> None:
        for name in ("revocationDate", "revocationReason", "revocationType", "revocationPercentage"):
            self.transactions[ref].pop(name, None)

    def revoke(self, ref: str) -> None:
        """End the family sharing."""
        self.refund(ref, revocationType="FAMILY_REVOKE")

    def latest(self, original: str) -> Signed:
        same = [sold for sold in self.transactions.values() if sold["originalTransactionId"] == original]
        return max(same, key=lambda sold: int(sold["transactionId"]))

    # --- Apple's answers ---
    def receipt(self, ref: str) -> str:
        """Return the receipt that the phone has."""
        return self.signed(self.transactions[ref])

    def notification(self, kind: str, ref: str = "", *, subtype: str | None = None, **changes: Any) -> bytes:
        """Return the body of a notification to our webhook about a transaction."""
        environment = self.transactions[ref]["environment"] if ref else self.environment
        data: Signed = {"environment": environment, "bundleId": BUNDLE_ID}
        data |= {"appAppleId": APPLE_ID} if environment == "Production" else {}
        if ref:
            data["signedTransactionInfo"] = self.receipt(ref)
            renewal = self.renewals.get(self.transactions[ref]["originalTransactionId"])
            data |= {"signedRenewalInfo": self.signed(renewal)} if renewal else {}
        event = {"notificationType": kind, "subtype": subtype, "notificationUUID": str(uuid4()), "version": "2.0"}
        return json.dumps({"signedPayload": self.signed({**event, "data": data} | changes)}).encode()

    def signed(self, payload: Signed) -> str:
        dated = {**payload, "signedDate": now()}
        return self.chain.sign({name: value for name, value in dated.items() if value is not None})

    def answer(self, path: str, bearer: str) -> tuple[int, bytes]:
        """Return the answer of Apple's server."""
        self.calls.append(path)
        trouble = self.trouble
        if trouble == "slow":
            time.sleep(1)
        if isinstance(trouble, int):
            return trouble, b"{}"
        if trouble == "garbage":
            return 200, b"[" * 5000
        if not self._is_ours(bearer):
            return 401, b"Unauthenticated"
        *_, what, ref = path.split("/")
        found = self._known(path, ref)
        if found is None:
            return 404, json.dumps({"errorCode": 4040010, "errorMessage": "Transaction id not found."}).encode()
        if trouble == "lie":
            found = {**found, "transactionId": "1", "originalTransactionId": "1"}
        body = {"signedTransactionInfo": self.signed(found)} if what == "transactions" else self._statuses(found)
        return 200, json.dumps(body).encode()

    def name_owner(self, path: str, bearer: str, body: bytes) -> tuple[int, bytes]:
        """Set App Account Token, of an original transaction and its renewals."""
        self.calls.append(path)
        if isinstance(self.trouble, int):
            return self.trouble, b"{}"
        if not self._is_ours(bearer):
            return 401, b"Unauthenticated"
        *_, original, what = path.split("/")
        found = self._known(path, original)
        if found is None or what != "appAccountToken" or found["originalTransactionId"] != original:
            return 400, json.dumps({"errorCode": 4000187, "errorMessage": "Not an original transaction id."}).encode()
        token = str(UUID(json.loads(body)["appAccountToken"]))
        for sold in self.transactions.values():
            if sold["originalTransactionId"] == original:
                sold["appAccountToken"] = token
        return 200, b""

    def answer_ocsp(self, question: bytes) -> tuple[int, bytes]:
        match self.ocsp_trouble:
            case "down":
                return 503, b""
            case "busy":
                return 200, OCSPResponseBuilder.build_unsuccessful(OCSPResponseStatus.TRY_LATER).public_bytes(
                    Encoding.DER
                )
            case "garbage":
                return 200, b"<html>"
        return 200, self.authority.answer(question, is_stale=self.ocsp_trouble == "stale")

    def _known(self, path: str, ref: str) -> Signed | None:
        """Return the transactions of the environment: each has its own; the sandbox is below its own path."""
        found = self.transactions.get(ref)
        environment = "Sandbox" if path.startswith("/sandbox/") else "Production"
        return found if found is not None and found["environment"] == environment else None

    def _statuses(self, found: Signed) -> Signed:
        original = found["originalTransactionId"]
        if original not in self.renewals:
            return {"environment": found["environment"], "bundleId": BUNDLE_ID, "data": []}
        item = {
            "originalTransactionId": original,
            "status": 1,
            "signedTransactionInfo": self.signed(self.latest(original)),
            "signedRenewalInfo": self.signed(self.renewals[original]),
        }
        group = {"subscriptionGroupIdentifier": "1", "lastTransactions": [item]}
        return {"environment": found["environment"], "bundleId": BUNDLE_ID, "data": [group]}

    def _sold(self, product: str, ref: str, *, original: str, starts: int) -> Signed:
        lasts = PERIOD_SECONDS.get(product)
        return {
            "transactionId": ref,
            "originalTransactionId": original,
            "bundleId": BUNDLE_ID,
            "productId": product,
            "purchaseDate": starts,
            "expiresDate": starts + lasts * 1000 if lasts else None,
            "quantity": 1,
            "type": SUBSCRIPTION if lasts else CONSUMABLE,
            "inAppOwnershipType": "PURCHASED",
            "environment": self.environment,
            "transactionReason": "PURCHASE",
            "currency": "EUR",
            "price": PRICES.get(product, 990),
        }

    def _renewing(self, product: str, original: str) -> Signed:
        return {
            "originalTransactionId": original,
            "productId": product,
            "autoRenewProductId": product,
            "autoRenewStatus": 1,
            "environment": self.transactions[original]["environment"],
        }

    def _is_ours(self, bearer: str) -> bool:
        """Return whether the token is signed with our key, names our issuer and app, and has not expired."""
        try:
            text, _, signature = bearer.removeprefix("Bearer ").rpartition(".")
            header, claims = (json.loads(_unpacked(part)) for part in text.split("."))
            raw = _unpacked(signature)
            both = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
            self._api_key.public_key().verify(both, text.encode(), ec.ECDSA(SHA256()))
        except (ValueError, InvalidSignature):
            return False
        found = (header["alg"], header["kid"], claims["iss"], claims["bid"], claims["aud"])
        return found == ("ES256", KEY_ID, ISSUER_ID, BUNDLE_ID, "appstoreconnect-v1") and claims["exp"] > time.time()


def send(
    bodies: Iterable[bytes], post: Callable[[bytes], Any], *, times: int = 1, seed: int | None = None
) -> list[Any]:
    """Notify: send each body this many times, in order or, with a seed, shuffled."""
    sent = [body for body in bodies for _ in range(times)]
    if seed is not None:
        random.Random(seed).shuffle(sent)
    return [post(body) for body in sent]


def _unpacked(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


class _Server(ThreadingHTTPServer):
    request_queue_size = 256


def _handler(store: FakeAppStore) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say(*store.answer(self.path, self.headers.get("Authorization", "")), kind="application/json")

        def do_POST(self) -> None:
            question = self.rfile.read(int(self.headers["Content-Length"]))
            self._say(*store.answer_ocsp(question), kind="application/ocsp-response")

        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = store.name_owner(self.path, self.headers.get("Authorization", ""), body)
            self._say(*answer, kind="application/json")

        def _say(self, status: int, body: bytes, *, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            with suppress(ConnectionError):  # the caller may have given up
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    return Handler
