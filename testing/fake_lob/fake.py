"""The fake's calls, idempotency keys, events and faults."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections import deque
from collections.abc import Iterator
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any, Final, Self
from urllib.parse import parse_qs

from testing.fake_lob.faults import LIMITED_SECONDS, Fault
from testing.fake_lob.letters import SCANS, LobRefusal, Thing, add_scan, id_of, make_letter, stamp
from testing.fake_lob.verifications import intl_verification, us_verification
from testing.fake_stripe.server import Answer, Request, Server
from testing.fake_stripe.webhooks import post

KEY: Final = "test_of_a_fake_lob"
WEBHOOK_SECRET: Final = "a-secret-of-the-fake-lob"
SENDER: Final = "adr_0123456789abcdef"
LOOPBACK: Final = "127.0.0.1"
# What a letter lives through in development, one event after the other.
_LIFE: Final = ("letter.mailed", "letter.in_transit", "letter.processed_for_delivery", "letter.delivered")


class FakeLob:
    """Answers until the block ends. `requests` are the calls that it got, `answers` what it said, `events` all events.

    `webhook_url` gets each event at once if there is one. With `seconds_between_events` letters travel by themselves.
    A letter can be cancelled until `print_letter`.
    """

    def __init__(
        self,
        *,
        key: str = KEY,
        webhook_secret: str = WEBHOOK_SECRET,
        webhook_url: str | None = None,
        seconds_between_events: float = 0.0,
        port: int = 0,
    ) -> None:
        self.key, self.webhook_secret, self.webhook_url = key, webhook_secret, webhook_url
        self.letters: dict[str, Thing] = {}
        self.files: dict[str, bytes] = {}
        self.requests: list[tuple[str, str, Any]] = []
        self.answers: list[Thing] = []
        self.events: list[Thing] = []
        self.is_down = False
        self._seconds = seconds_between_events
        self._printed: set[str] = set()
        self._by_key: dict[str, str] = {}
        self._faults: deque[Fault] = deque()
        self._lock = threading.RLock()
        self._server = Server(self._answer, host=LOOPBACK, port=port)
        self.base_url = f"http://{LOOPBACK}:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    # --- what a test, a drill or the post does ---------------------------------------------------------------------
    def fail(self, fault: Fault, *, times: int = 1) -> None:
        """Have the next calls fail like this, before anything is checked."""
        self._faults.extend([fault] * times)

    def recover(self) -> None:
        """End what `fail` asked for."""
        self._faults.clear()

    def forget_keys(self) -> None:
        """Forget the idempotency keys, as Lob does after 24 hours."""
        self._by_key.clear()

    def standing(self) -> list[Thing]:
        """Return the letters that were not cancelled."""
        return [letter for letter in self.letters.values() if not letter.get("deleted")]

    def letter_of(self, delivery_id: object) -> Thing:
        """Return the one standing letter of a delivery. Raises `LookupError`."""
        (found,) = [each for each in self.standing() if each["metadata"].get("delivery_id") == str(delivery_id)]
        return found

    def print_letter(self, ref: str) -> None:
        """Print it: from now on it cannot be cancelled."""
        with self._lock:
            self._printed.add(ref)
            self.letters[ref]["status"] = "rendered"

    def advance(self, ref: str, kind: str) -> Thing:
        """Have the carrier scan the letter, or the printer fail it, and return the event about it."""
        with self._lock:
            letter = self.letters[ref]
            if kind == "letter.failed":
                letter["status"] = "failed"
            if kind in SCANS:
                self.print_letter(ref)
                add_scan(letter, SCANS[kind])
            return self._note(kind, letter)

    def signed(self, event: Thing, *, at: float | None = None, secret: str | None = None) -> tuple[bytes, Thing]:
        """Return an event's body and headers, signed at this time in seconds, or now."""
        body = json.dumps(event).encode()
        moment = str(int((time.time() if at is None else at) * 1000))
        key = (self.webhook_secret if secret is None else secret).encode()
        signature = hmac.new(key, f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
        return body, {
            "Content-Type": "application/json",
            "Lob-Signature": signature,
            "Lob-Signature-Timestamp": moment,
        }

    def _note(self, kind: str, letter: Thing) -> Thing:
        event = {
            "id": id_of("evt"),
            "body": dict(letter),
            "reference_id": letter["id"],
            "event_type": {
                "id": kind,
                "enabled_for_test": True,
                "resource": "letters",
                "object": "event_type",
            },
            "date_created": stamp(),
            "object": "event",
        }
        self.events.append(event)
        if self.webhook_url is not None:
            threading.Thread(target=self._tell, args=(event,), daemon=True).start()
        return event

    def _tell(self, event: Thing) -> None:
        body, headers = self.signed(event)
        post(str(self.webhook_url), body, headers)

    def _travel(self, ref: str) -> None:
        for kind in _LIFE:
            time.sleep(self._seconds)
            if self.letters[ref].get("deleted"):
                return
            self.advance(ref, kind)

    # --- the API ---------------------------------------------------------------------------------------------------
    def _answer(self, request: Request) -> Answer:
        if self.is_down:
            return Answer(0)
        fault = self._faults.popleft() if self._faults else None
        if fault is None or fault is Fault.LOST:
            answer = self._refused(request) or self._called(request)
            return Answer(0) if fault is Fault.LOST else answer
        return self._faulty(fault)

    def _refused(self, request: Request) -> Answer | None:
        expected = "Basic " + base64.b64encode(f"{self.key}:".encode()).decode()
        if request.headers.get("authorization") != expected:
            return _error(LobRefusal(401, "invalid_api_key", "Your API key is not valid."))
        return None

    def _called(self, request: Request) -> Answer:
        try:
            with self._lock:
                found = self._call(request)
        except LobRefusal as refusal:
            return _error(refusal)
        self.answers.append(found)
        return Answer.json(found)

    def _call(self, request: Request) -> Thing:
        parts = request.path.strip("/").split("/")
        match request.method, parts:
            case "POST", ["v1", "us_verifications"]:
                return us_verification(self._heard(request, json.loads(request.body)))
            case "POST", ["v1", "intl_verifications"]:
                return intl_verification(self._heard(request, json.loads(request.body)))
            case "POST", ["v1", "letters"]:
                return self._create(request, self._heard(request, _form(request)))
            case "GET", ["v1", "letters"]:
                return self._listed({name: values[0] for name, values in parse_qs(request.query).items()})
            case "GET", ["v1", "letters", ref] if ref in self.letters:
                return self.letters[ref]
            case "DELETE", ["v1", "letters", ref] if ref in self.letters:
                return self._cancel(ref)
        raise LobRefusal(404, "not_found", "the requested resource was not found")

    def _heard(self, request: Request, sent: Any) -> Any:
        self.requests.append((request.method, request.path, sent))
        return sent

    def _create(self, request: Request, form: Thing) -> Thing:
        key = request.headers.get("idempotency-key", "")
        if key in self._by_key:
            return self.letters[self._by_key[key]]
        letter = make_letter(form, sender=SENDER)
        self.letters[letter["id"]] = letter
        self.files[letter["id"]] = form["file"]
        if key:
            self._by_key[key] = letter["id"]
        self._note("letter.created", letter)
        if self._seconds:
            threading.Thread(target=self._travel, args=(letter["id"],), daemon=True).start()
        return letter

    def _cancel(self, ref: str) -> Thing:
        if ref in self._printed:
            raise LobRefusal(422, "not_deletable", "the send_date has passed")
        letter = self.letters[ref]
        if not letter.get("deleted"):
            letter["deleted"] = True
            self._note("letter.deleted", letter)
        return {"id": ref, "deleted": True, "object": "letter_deleted"}

    def _listed(self, asked: dict[str, str]) -> Thing:
        wanted = {name[9:-1]: value for name, value in asked.items() if name.startswith("metadata[")}
        rows = list(self._matching(wanted))[: int(asked.get("limit", "10"))]
        return {"data": rows, "object": "list", "next_url": None, "previous_url": None, "count": len(rows)}

    def _matching(self, wanted: dict[str, str]) -> Iterator[Thing]:
        for letter in reversed(self.letters.values()):
            if wanted.items() <= letter["metadata"].items():
                yield letter

    def _faulty(self, fault: Fault) -> Answer:
        answers = {
            Fault.LIMITED: Answer(429, b"{}", {"Retry-After": str(LIMITED_SECONDS)}),
            Fault.UNAVAILABLE: _error(LobRefusal(503, "service_unavailable", "try again")),
            Fault.BROKEN: _error(LobRefusal(500, "internal_server_error", "an error has occurred")),
            Fault.FORBIDDEN: _error(LobRefusal(403, "feature_limit_reached", "upgrade to add more")),
            Fault.REDIRECT: Answer(307, b"", {"Location": f"{self.base_url}/elsewhere"}),
            Fault.NONSENSE: Answer(200, b"<html>a proxy's page</html>"),
            Fault.NO_OBJECT: Answer(200, b"[]"),
            Fault.ENDLESS: Answer(200, b'{"id": "' + b"ltr_" * 400_000 + b'"}'),
        }
        return answers.get(fault, Answer(0))


def _error(refusal: LobRefusal) -> Answer:
    error = {"message": refusal.message, "status_code": refusal.status, "code": refusal.code}
    return Answer.json({"error": error}, status=refusal.status)


def _form(request: Request) -> Thing:
    """Return the fields of a multipart form: text, and the bytes of its file."""
    head = f"Content-Type: {request.headers.get('content-type', '')}\r\n\r\n".encode()
    form: Thing = {}
    for part in BytesParser(policy=HTTP).parsebytes(head + request.body).iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        form[str(name)] = content if part.get_filename() else content.decode()
    return form
