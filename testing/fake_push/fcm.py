"""A fake Firebase Cloud Messaging: access tokens for a signed assertion, and `messages:send` with its real errors."""

import json
import re
import secrets
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from testing.fake_push.faults import AFTER_THE_FACT, LIMITED_SECONDS, UNAVAILABLE_SECONDS, Fault, Script
from testing.fake_stripe.server import Answer, Request

PROJECT: Final = "hulls"
SENDER: Final = "pusher@hulls.iam.example.org"
SCOPE: Final = "https://www.googleapis.com/auth/firebase.messaging"
TOKEN_URI: Final = "https://oauth2.googleapis.com/token"  # the assertion's audience, wherever it is sent
SCHEMAS: Final[dict[str, dict[str, Any]]] = json.loads(Path(__file__).with_name("fcm.v1.json").read_text())["schemas"]
_MAX_BYTES: Final = 4096
_RESERVED: Final = re.compile(r"from|message_type|google.*|gcm.*")
_KINDS: Final = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict}
_NOT_A_TOKEN: Final = "The registration token is not a valid FCM registration token"
# Fault: status, Google's word for it, FCM's own, message, headers.
_FAULTS: Final[dict[Fault, tuple[int, str, str, str]]] = {
    Fault.UNREGISTERED: (404, "NOT_FOUND", "UNREGISTERED", "Requested entity was not found."),
    Fault.INVALID_TOKEN: (400, "INVALID_ARGUMENT", "INVALID_ARGUMENT", _NOT_A_TOKEN),
    Fault.WRONG_SENDER: (403, "PERMISSION_DENIED", "SENDER_ID_MISMATCH", "SenderId mismatch"),
    Fault.NOT_ALLOWED: (403, "PERMISSION_DENIED", "", "Permission 'cloudmessaging.messages.create' denied"),
    Fault.WRONG_PROJECT: (404, "NOT_FOUND", "", "Requested entity was not found."),
    Fault.REJECTED: (400, "INVALID_ARGUMENT", "INVALID_ARGUMENT", "Android message is too big"),
    Fault.TOO_LARGE: (413, "INVALID_ARGUMENT", "", "Request Entity Too Large"),
    Fault.LIMITED: (429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED", "Quota exceeded for quota metric"),
    Fault.LIMITED_SILENTLY: (429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED", "Quota exceeded for quota metric"),
    Fault.UNAVAILABLE: (503, "UNAVAILABLE", "UNAVAILABLE", "The service is currently unavailable."),
    Fault.BROKEN: (500, "INTERNAL", "INTERNAL", "Internal error encountered."),
}
_WAIT: Final = {Fault.LIMITED: LIMITED_SECONDS, Fault.UNAVAILABLE: UNAVAILABLE_SECONDS}


@cache
def sender_key(who: str) -> rsa.RSAPrivateKey:
    """Return the private key of the service account, or of another party; made once."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class FakeFcm:
    """Phones by their tokens, and what each was sent, in order."""

    def __init__(self, script: Script) -> None:
        self.sent: dict[str, list[dict[str, Any]]] = {}
        self.tokens_issued = 0
        self._gone: set[str] = set()
        self._access: set[str] = set()
        self._script = script

    def install(self) -> str:
        """Return the token of an app that was just installed."""
        token = f"{secrets.token_urlsafe(16)}:APA91b{secrets.token_urlsafe(96)}"
        self.sent[token] = []
        return token

    def uninstall(self, token: str) -> None:
        self._gone.add(token)

    def revoke_access(self) -> None:
        """Invalidate every access token issued so far."""
        self._access.clear()

    def shown(self, token: str) -> list[str]:
        """Return the texts that the phone shows: of one tag, the last."""
        by_tag = {message["android"]["notification"]["tag"]: message for message in self.sent[token]}
        assert set(by_tag) == {message["apns"]["headers"]["apns-collapse-id"] for message in self.sent[token]}
        return [message["notification"]["body"] for message in by_tag.values()]

    def issue_token(self, request: Request) -> Answer:
        try:
            form = parse_qs(request.body.decode())
            assert form["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
            public = sender_key("sender").public_key()
            claims = jwt.decode(form["assertion"][0], public, ["RS256"], audience=TOKEN_URI, issuer=SENDER)
            assert claims["scope"] == SCOPE
        except (jwt.PyJWTError, LookupError, AssertionError):
            refusal = {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
            return Answer.json(refusal, status=400)
        self.tokens_issued += 1
        self._access.add(access := secrets.token_urlsafe())
        return Answer.json({"access_token": access, "expires_in": 3599, "token_type": "Bearer"})

    def send(self, request: Request, project: str) -> tuple[Answer, Fault | None]:
        """Return the answer, and the fault that keeps it from the client."""
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self._access:
            return _no(401, "UNAUTHENTICATED", "", "Request had invalid authentication credentials."), None
        if project != PROJECT:
            return _of(Fault.WRONG_PROJECT), None
        try:
            body = json.loads(request.body)
        except ValueError:
            return _no(400, "INVALID_ARGUMENT", "", "Invalid JSON payload received."), None
        for fault in _faults_of(body, "SendMessageRequest", ""):
            return fault, None
        message = body["message"]
        return self._deliver(message, self._script.next_of(message["token"]))

    def _deliver(self, message: dict[str, Any], fault: Fault | None) -> tuple[Answer, Fault | None]:
        token = message["token"]
        if fault is not None and fault not in AFTER_THE_FACT:
            return _of(fault), fault
        if token not in self.sent:
            return _of(Fault.INVALID_TOKEN), None
        if token in self._gone:
            return _of(Fault.UNREGISTERED), None
        if len(json.dumps({**message.get("data", {}), **message["notification"]}).encode()) > _MAX_BYTES:
            return _of(Fault.REJECTED), None
        self.sent[token].append(message)
        return Answer.json({"name": f"projects/{PROJECT}/messages/0:{secrets.randbelow(10**16)}"}), fault


def key_file(url: str, who: str = "sender") -> dict[str, Any]:
    """Return the key file of the service account, which requests its tokens at this address."""
    pem = sender_key(who).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    named = {"private_key_id": who, "private_key": pem.decode(), "client_email": SENDER, "project_id": PROJECT}
    return {"type": "service_account", "token_uri": f"{url}/token", **named}


def _of(fault: Fault) -> Answer:
    if fault not in _FAULTS:
        return Answer.html("<h1>Bad Gateway</h1>", status=502)
    answer = _no(*_FAULTS[fault])
    wait = {"Retry-After": str(_WAIT[fault])} if fault in _WAIT else {}
    return Answer(answer.status, answer.body, {**answer.headers, **wait})


def _no(status: int, word: str, code: str, message: str, *, field: str = "") -> Answer:
    details: list[dict[str, Any]] = []
    if code:
        details.append({"@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", "errorCode": code})
    if field:
        violation = {"field": field, "description": message}
        details.append({"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [violation]})
    error = {"code": status, "message": message, "status": word, **({"details": details} if details else {})}
    return Answer.json({"error": error}, status=status)


def _faults_of(body: Any, name: str, where: str) -> Iterator[Answer]:
    """Return Google's refusal for everything that its published schema does not have."""
    if not isinstance(body, dict):
        yield _no(400, "INVALID_ARGUMENT", "", f"Invalid value at '{where}' ({name})", field=where)
        return
    for field, value in body.items():
        path = f"{where}.{field}" if where else field
        if field not in SCHEMAS[name]:
            text = f"Invalid JSON payload received. Unknown name \"{field}\" at '{where}': Cannot find field."
            yield _no(400, "INVALID_ARGUMENT", "", text, field=where)
        else:
            yield from _faults_of_value(value, SCHEMAS[name][field], path)
    if name == "Message":
        for key in body.get("data", {}):
            if _RESERVED.fullmatch(key):
                code = "INVALID_ARGUMENT"
                yield _no(400, code, code, f"Invalid data payload key: {key}", field="message.data")


def _faults_of_value(value: Any, kind: dict[str, Any], path: str) -> Iterator[Answer]:
    if "$ref" in kind:
        yield from _faults_of(value, kind["$ref"], path)
        return
    is_kind = kind["type"] == "any" or type(value) is _KINDS[kind["type"]]
    is_word = value in kind.get("enum", [value])
    is_duration = kind.get("format") != "google-duration" or re.fullmatch(r"[0-9]{1,7}s", str(value))
    if not (is_kind and is_word and is_duration):
        yield _no(400, "INVALID_ARGUMENT", "", f"Invalid value at '{path}' ({kind['type']}), {value!r}", field=path)
    elif kind["type"] == "object":
        for key, inner in value.items():
            yield from _faults_of_value(inner, kind["additionalProperties"], f"{path}.{key}")
    elif kind["type"] == "array":
        for inner in value:
            yield from _faults_of_value(inner, kind["items"], path)
