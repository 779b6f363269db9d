"""A fake Web Push service (RFC 8030): it verifies who sends (VAPID, RFC 8292), and keeps what it cannot read."""

import base64
import re
import secrets
import time
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from testing.fake_push.browser import Browser, Push
from testing.fake_push.faults import AFTER_THE_FACT, LIMITED_SECONDS, UNAVAILABLE_SECONDS, Fault, Script
from testing.fake_stripe.server import Answer, Request

_MAX_BYTES: Final = 4096
_LONGEST_TOKEN_SECONDS: Final = 86_400
_AUTHORIZATION: Final = re.compile(r"vapid t=([\w.-]+), ?k=([\w-]+)", re.ASCII)
_TOPIC: Final = re.compile(r"[A-Za-z0-9_-]{1,32}")
_URGENCIES: Final = ("very-low", "low", "normal", "high")
# Status, Mozilla's number for it, its word, its sentence.
_FAULTS: Final[dict[Fault, tuple[int, int, str, str]]] = {
    Fault.UNREGISTERED: (410, 106, "Gone", "Request did not validate missing subscription"),
    Fault.INVALID_TOKEN: (404, 102, "Not Found", "Request did not validate invalid token"),
    Fault.WRONG_SENDER: (403, 109, "Forbidden", "VAPID public key mismatch"),
    Fault.NOT_ALLOWED: (401, 109, "Unauthorized", "Request did not validate Invalid Authorization"),
    Fault.REJECTED: (400, 110, "Bad Request", "Invalid crypto headers"),
    Fault.TOO_LARGE: (413, 104, "Payload Too Large", "This message is intended for a constrained device"),
    Fault.LIMITED: (429, 0, "Too Many Requests", "Too many requests"),
    Fault.LIMITED_SILENTLY: (429, 0, "Too Many Requests", "Too many requests"),
    Fault.UNAVAILABLE: (503, 202, "Service Unavailable", "Cannot send at the moment"),
    Fault.BROKEN: (500, 999, "Internal Server Error", "Unknown error"),
}
_WAIT: Final = {Fault.LIMITED: LIMITED_SECONDS, Fault.UNAVAILABLE: UNAVAILABLE_SECONDS}


class Refusal(Exception):
    """An answer other than "created"."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


class FakeWebPush:
    """Browsers by the last part of their endpoint. `origin` is what a VAPID token must name as its audience."""

    def __init__(self, script: Script) -> None:
        self.browsers: dict[str, Browser] = {}
        self.tokens: list[str] = []
        self.origin = ""
        self._script = script

    def subscribe(self, *, application_server_key: str = "") -> Browser:
        name = secrets.token_urlsafe(48)
        browser = Browser(f"{self.origin}/wpush/v2/{name}", application_server_key)
        self.browsers[name] = browser
        return browser

    def take(self, request: Request, name: str) -> tuple[Answer, Fault | None]:
        """Return the answer, and the fault that keeps it from the client."""
        browser = self.browsers.get(name)
        if browser is None:
            return _of(Fault.INVALID_TOKEN, self.origin), None
        fault = self._script.next_of(browser.endpoint)
        if fault is not None and fault not in AFTER_THE_FACT:
            return _of(fault, self.origin), fault
        try:
            self._verify_sender(request, browser)
            _verify_message(request)
        except Refusal as refusal:
            return refusal.answer, None
        if not browser.is_subscribed:
            return _of(Fault.UNREGISTERED, self.origin), None
        browser.pushes.append(Push(request.headers, request.body))
        return Answer(201, b"", {"Location": f"{self.origin}/m/{name}", "TTL": request.headers["ttl"]}), fault

    def _verify_sender(self, request: Request, browser: Browser) -> None:
        found = _AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
        if found is None:
            raise Refusal(_of(Fault.NOT_ALLOWED, self.origin))
        token, key = found.groups()
        try:
            claims = jwt.decode(
                token, _public(key), ["ES256"], audience=self.origin, options={"require": ["exp", "sub"]}
            )
        except (jwt.PyJWTError, ValueError):
            raise Refusal(_of(Fault.NOT_ALLOWED, self.origin)) from None
        is_short = claims["exp"] - time.time() <= _LONGEST_TOKEN_SECONDS
        if not is_short or not str(claims["sub"]).startswith(("mailto:", "https:")):
            raise Refusal(_of(Fault.NOT_ALLOWED, self.origin))
        if browser.application_server_key not in ("", key):
            raise Refusal(_of(Fault.WRONG_SENDER, self.origin))
        self.tokens.append(token)


def _verify_message(request: Request) -> None:
    headers = request.headers
    if len(request.body) > _MAX_BYTES:
        raise Refusal(_of(Fault.TOO_LARGE, ""))
    is_right = (
        headers.get("content-encoding") == "aes128gcm"
        and re.fullmatch(r"[0-9]{1,10}", headers.get("ttl", ""))
        and _TOPIC.fullmatch(headers.get("topic", "-"))
        and headers.get("urgency", "normal") in _URGENCIES
    )
    if not is_right:
        raise Refusal(_of(Fault.REJECTED, ""))


def _public(key: str) -> ec.EllipticCurvePublicKey:
    raw = base64.urlsafe_b64decode(key + "=" * (-len(key) % 4))
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)


def _of(fault: Fault, origin: str) -> Answer:
    if fault is Fault.REDIRECT:
        return Answer(307, b"", {"Location": f"{origin}/elsewhere"})
    if fault not in _FAULTS:
        return Answer.html("<h1>Bad Gateway</h1>", status=502)
    status, number, word, sentence = _FAULTS[fault]
    refusal: dict[str, Any] = {"code": status, "errno": number, "error": word, "message": sentence}
    answer = Answer.json(refusal, status=status)
    wait = {"Retry-After": str(_WAIT[fault])} if fault in _WAIT else {}
    return Answer(status, answer.body, {**answer.headers, **wait})
