"""A fake Google on a port of this machine: real HTTP, real signatures; on demand it is slow, fails or lies.

It serves the token endpoint for service accounts, the certificates, and the used part of the androidpublisher API (v3).
It reports its events by pushes: `pushes` keeps them in order, and a test delivers them in any order.
"""

import json
import secrets
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Final, Self
from urllib.parse import parse_qs, unquote, urlsplit

import jwt
from cryptography.hazmat.primitives import serialization

from testing.fake_stores.play_actions import AUDIENCE, PACKAGE, PUSH_ACCOUNT, World, certificate_of, key_of, now_millis

READER: Final = "reader@project.example.org"
SCOPE: Final = "https://www.googleapis.com/auth/androidpublisher"
TOKEN_URI: Final = "https://oauth2.googleapis.com/token"  # the assertion's audience, wherever it is sent
Answer = tuple[int, Any]


class FakeGoogle(World):
    """Answers until the block ends.

    `faults` are returned by an endpoint instead of the truth, one after the other (a status of 0: no answer at all);
    `down` is the endpoints that always fail; `delay_seconds` is how slow all of them are. Endpoints: token, certs,
    products, subscriptionsv2, voidedpurchases, acknowledge.
    """

    def __init__(self) -> None:
        super().__init__()
        self.faults: dict[str, list[Answer]] = {}
        self.down: set[str] = set()
        self.delay_seconds = 0.0
        self.page_size = 1000
        self.calls: list[str] = []
        self._access: set[str] = set()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.google = self
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def settings(self) -> dict[str, Any]:
        """Return the settings that point a server here."""
        return {
            "PLAY_PACKAGE_NAME": PACKAGE,
            "PLAY_SERVICE_ACCOUNT_JSON": self.key_file(),
            "PLAY_PUSH_AUDIENCE": AUDIENCE,
            "PLAY_PUSH_ACCOUNT": PUSH_ACCOUNT,
            "PLAY_API_BASE": self.url,
            "PLAY_CERTS_URL": f"{self.url}/certs",
            "PLAY_TIMEOUT_SECONDS": 5.0,
        }

    def key_file(self, who: str = "reader") -> str:
        pem = key_of(who).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        key = {"private_key_id": who, "private_key": pem.decode(), "client_email": READER}
        return json.dumps({"type": "service_account", "token_uri": f"{self.url}/token", **key})

    def revoke_access(self) -> None:
        """Invalidate every access token issued so far."""
        self._access.clear()

    def answer(self, method: str, url: str, body: bytes, bearer: str) -> Answer:
        parts = urlsplit(url)
        path = [unquote(part) for part in parts.path.strip("/").split("/")]
        door, find = self._door(method, path, parse_qs(parts.query), body)
        self.calls.append(door)
        time.sleep(self.delay_seconds)
        if self.faults.get(door):
            return self.faults[door].pop(0)
        if door in self.down:
            return 503, {"error": {"code": 503, "message": "The service is currently unavailable."}}
        if door not in ("token", "certs") and bearer.removeprefix("Bearer ") not in self._access:
            return 401, {"error": {"code": 401, "message": "Request had invalid authentication credentials."}}
        return find()

    def _door(self, method: str, path: list[str], query: dict[str, list[str]], body: bytes) -> tuple[str, Any]:
        match (method, *path):
            case ("POST", "token"):
                return "token", lambda: self._token(body)
            case ("GET", "certs"):
                return "certs", lambda: (200, {"google-1": certificate_of("google")})
            case (_, "androidpublisher", "v3", "applications", package, "purchases", *rest) if package == PACKAGE:
                return self._purchases(method, rest, query)
        return "nowhere", lambda: _no(404, "Not found.")

    def _purchases(self, method: str, path: list[str], query: dict[str, list[str]]) -> tuple[str, Any]:
        match (method, *path):
            case ("GET", "products", product, "tokens", token):
                return "products", lambda: self._product(product, token)
            case ("GET", "subscriptionsv2", "tokens", token):
                found = self.subscriptions.get(token)
                return "subscriptionsv2", lambda: (200, found) if found else _no(404, "No such token.")
            case ("GET", "voidedpurchases"):
                return "voidedpurchases", lambda: self._voided(query)
            case ("POST", "products" | "subscriptions" as kind, product, "tokens", call) if ":acknowledge" in call:
                return "acknowledge", lambda: self._acknowledge(kind, product, call.removesuffix(":acknowledge"))
        return "nowhere", lambda: _no(404, "Not found.")

    def _token(self, body: bytes) -> Answer:
        try:
            assertion = parse_qs(body.decode())["assertion"][0]
            public = key_of("reader").public_key()
            claims = jwt.decode(assertion, public, ["RS256"], audience=TOKEN_URI, issuer=READER)
            assert claims["scope"] == SCOPE
        except (jwt.PyJWTError, LookupError, AssertionError):
            return 400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
        self._access.add(access := secrets.token_urlsafe())
        return 200, {"access_token": access, "expires_in": 3599, "token_type": "Bearer"}

    def _product(self, product: str, token: str) -> Answer:
        found = self.products.get(token)
        if found is None:
            return _no(404, "The purchase token was not found.")
        same = found["product"] == product
        return (200, found["body"]) if same else _no(400, "The purchase token does not match the product ID.")

    def _acknowledge(self, kind: str, product: str, token: str) -> Answer:
        if kind == "products":
            status, purchase = self._product(product, token)
            if status != 200 or purchase["purchaseState"] != 0:
                return _no(400, "The product purchase is not owned by the user.")
            purchase["acknowledgementState"] = 1
        elif token not in self.subscriptions or self.item(token)["productId"] != product:
            return _no(404, "No such token.")
        else:
            self.subscriptions[token]["acknowledgementState"] = "ACKNOWLEDGEMENT_STATE_ACKNOWLEDGED"
        return 204, None

    def _voided(self, query: dict[str, list[str]]) -> Answer:
        first, last = int(query["startTime"][0]), int(query["endTime"][0])
        if first < now_millis() - timedelta(days=30).total_seconds() * 1000:
            return _no(400, "The start time is too long ago.")
        both = query.get("type") == ["1"]
        rows = [row for row in self.voided if first <= int(row["voidedTimeMillis"]) <= last]
        rows = [row for row in rows if both or row["purchaseToken"] in self.products]
        if query.get("includeQuantityBasedPartialRefund") != ["true"]:
            rows = [row for row in rows if "voidedQuantity" not in row]
        start = int(query.get("token", ["0"])[0])
        end = start + self.page_size
        more = {"tokenPagination": {"nextPageToken": str(end)}} if end < len(rows) else {}
        return 200, {"voidedPurchases": rows[start:end], **more}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    google: FakeGoogle


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, answer = self.server.google.answer(self.command, self.path, body, self.headers.get("Authorization", ""))
        if not status:
            self.close_connection = True
            return
        text = answer if isinstance(answer, bytes) else b"" if answer is None else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        if status != 204:
            self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: Any) -> None:
        """Log nothing."""


def _no(status: int, message: str) -> Answer:
    return status, {"error": {"code": status, "message": message}}
