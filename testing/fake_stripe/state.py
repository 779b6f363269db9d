"""All objects of the fake Stripe, by kind and id, and the events that it sent about them.

Things are dicts in the exact shape of Stripe's API. They reference one another by plain ids, which `seen` expands.
Fields that begin with an underscore are our own notes and never shown.
"""

import copy
import json
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from typing import Any, Final

API_VERSION: Final = "2026-10-28.endive"
Thing = dict[str, Any]

_EXPANDABLE: Final = {
    "balance_transaction",
    "charge",
    "customer",
    "destination",
    "destination_payment",
    "failure_balance_transaction",
    "invoice",
    "latest_charge",
    "latest_invoice",
    "payment_intent",
    "source",
    "source_transaction",
    "subscription",
    "transfer",
}
_WITHOUT_MODE: Final = ("account", "balance_transaction", "refund", "transfer_reversal")
# Lists that are shown only on request: kind, field, and the kind of their items.
_INCLUDED: Final = {("invoice", "payments"): "invoice_payment", ("charge", "refunds"): "refund"}


class FakeStripeError(Exception):
    """Stripe's refusal: an HTTP status, and the error in Stripe's JSON."""

    def __init__(self, message: str, *, status: int = 400, kind: str = "invalid_request_error", **more: str) -> None:
        super().__init__(message)
        self.status = status
        self.error: Thing = {"message": message, "type": kind, **more}


@dataclass
class World:
    """The state of the fake. Readers and writers hold `lock`. `clock` dates events; `lies` replace true fields.

    The balance is held in `settles_in`, at that `rate`, or in the currency of each payment.
    """

    clock: Callable[[], float] = time.time
    base_url: str = ""
    things: dict[str, dict[str, Thing]] = field(default_factory=dict)
    events: list[Thing] = field(default_factory=list)
    lies: dict[str, Thing] = field(default_factory=dict)
    lock: RLock = field(default_factory=RLock)
    settles_in: str = ""
    rate: float = 1.0

    def now(self) -> int:
        return int(self.clock())

    def save(self, file: Path) -> None:
        """Write what exists to a file, for the next start."""
        with self.lock:
            kept = json.dumps({"base_url": self.base_url, "things": self.things, "events": self.events})
            unfinished = file.with_suffix(".unfinished")
            unfinished.write_text(kept)
            unfinished.replace(file)

    def load(self, file: Path) -> None:
        """Read what an earlier start has saved; pages have this start's address."""
        if file.exists():
            former = json.loads(file.read_text())["base_url"]
            kept = json.loads(file.read_text().replace(former, self.base_url))
            self.things, self.events = kept["things"], kept["events"]

    def add(self, kind: str, prefix: str, **fields: Any) -> Thing:
        """Add a thing with an id of its own."""
        ref = f"{prefix}_{secrets.token_hex(12)}"
        thing = {"id": ref, "object": kind, "created": self.now(), **fields}
        if kind not in _WITHOUT_MODE:
            thing["livemode"] = False
        self.things.setdefault(kind, {})[ref] = thing
        return thing

    def get(self, kind: str, ref: str, param: str = "id") -> Thing:
        """Return a thing. Raises `FakeStripeError`: 404, as Stripe answers for an unknown id."""
        found = self.things.get(kind, {}).get(ref)
        if found is None:
            message = f"No such {kind.replace('.', ' ')}: '{ref}'"
            raise FakeStripeError(message, status=404, code="resource_missing", param=param)
        return found

    def where(self, kind: str, **fields: Any) -> list[Thing]:
        """Return the matching things, newest first."""
        things = reversed(self.things.get(kind, {}).values())
        found = [thing for thing in things if all(thing.get(name) == value for name, value in fields.items())]
        return sorted(found, key=lambda thing: -int(thing["created"]))

    def record_event(self, kind: str, thing: Thing) -> None:
        """Record an event with the thing's present state."""
        event: Thing = {
            "id": f"evt_{secrets.token_hex(12)}",
            "object": "event",
            "api_version": API_VERSION,
            "created": self.now(),
            "data": {"object": self.seen(thing)},
            "livemode": False,
            "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": None},
            "type": kind,
        }
        self.events.append(event)

    def seen(self, thing: Thing, expand: Iterable[str] = ()) -> Thing:
        """Return a copy as the API shows it, `expand`'s paths filled in. Raises `FakeStripeError` for a wrong one."""
        shown = copy.deepcopy({name: value for name, value in thing.items() if not name.startswith("_")})
        shown.update(self.lies.get(str(thing.get("id")), {}))
        for first, rest in _by_first(expand).items():
            shown[first] = self._expanded(shown, first, rest)
        return shown

    def page(self, things: list[Thing], *, url: str, expand: Iterable[str] = (), has_more: bool = False) -> Thing:
        """Return one page of a list."""
        return {"object": "list", "url": url, "has_more": has_more, "data": [self.seen(row, expand) for row in things]}

    def _expanded(self, shown: Thing, name: str, rest: list[str]) -> Any:
        included = _INCLUDED.get((str(shown.get("object")), name))
        if included:
            rows = self.where(included, **{shown["object"]: shown["id"]})
            inside = _by_first(rest).get("data", [])
            return self.page(rows, url=f"/v1/{shown['object']}s/{shown['id']}/{name}", expand=inside)
        value = shown.get(name)
        if isinstance(value, dict):
            return self.seen(value, rest)
        if isinstance(value, list):
            return [self.seen(row, rest) for row in value]
        if name not in _EXPANDABLE or name not in shown:
            raise FakeStripeError(f"This property cannot be expanded ({name}).", param="expand")
        found = next((known[value] for known in self.things.values() if value in known), None)
        return self.seen(found, rest) if found else value


def _by_first(paths: Iterable[str]) -> dict[str, list[str]]:
    """Group paths by their first part: `["a.b", "a.c", "d"]` is `{"a": ["b", "c"], "d": []}`."""
    found: dict[str, list[str]] = {}
    for path in paths:
        first, _, rest = path.partition(".")
        found.setdefault(first, []).extend([rest] if rest else [])
    return found
