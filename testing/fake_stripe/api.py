"""The part of Stripe's API that this project uses: authentication, operations, and the same answer for the same key."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from testing.fake_stripe import checkout, payments, subscriptions, transfers
from testing.fake_stripe.forms import decode
from testing.fake_stripe.server import Answer, Request
from testing.fake_stripe.state import API_VERSION, FakeStripeError, Thing, World

# Readable kinds of objects, with the filters of their lists.
_READ: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "checkout/sessions": ("checkout.session", ("payment_intent", "subscription", "customer", "status", "created")),
    "payment_intents": ("payment_intent", ("customer", "created")),
    "charges": ("charge", ("payment_intent", "customer", "created")),
    "refunds": ("refund", ("payment_intent", "charge", "created")),
    "disputes": ("dispute", ("payment_intent", "charge", "created")),
    "subscriptions": ("subscription", ("customer", "status", "created")),
    "invoices": ("invoice", ("customer", "status", "created")),
    "invoice_payments": ("invoice_payment", ("invoice", "payment", "status", "created")),
    "balance_transactions": ("balance_transaction", ("type", "source", "currency", "created")),
    "payouts": ("payout", ("status", "arrival_date", "created")),
    "transfers": ("transfer", ("destination", "transfer_group", "created")),
}
_OPENS: Final = (
    "allowed_payment_method_types",
    "cancel_url",
    "client_reference_id",
    "customer_email",
    "line_items",
    "locale",
    "metadata",
    "mode",
    "payment_intent_data",
    "subscription_data",
    "success_url",
)
_SENDS: Final = (
    "amount",
    "currency",
    "description",
    "destination",
    "metadata",
    "source_transaction",
    "transfer_group",
)
_KEY_LASTS_SECONDS: Final = 86400
_NEVER_STORED: Final = ("parameter_", "resource_")


@dataclass(frozen=True)
class StoredAnswer:
    """The request that used a key, and its answer."""

    request: tuple[str, str]
    at: int
    answer: Answer


@dataclass
class Api:
    """Answers requests. The caller holds the world's lock."""

    world: World
    secret_key: str
    stored: dict[str, StoredAnswer] = field(default_factory=dict)

    def answer(self, request: Request) -> Answer:
        try:
            self._check(request)
            return self._get(request) if request.method == "GET" else self._write(request)
        except FakeStripeError as no:
            return Answer.json({"error": no.error}, status=no.status)

    def _check(self, request: Request) -> None:
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or key != self.secret_key:
            raise FakeStripeError(f"Invalid API Key provided: {key[:8]}****", status=401)
        version = request.headers.get("stripe-version", API_VERSION)
        if version != API_VERSION:
            raise FakeStripeError(f"Invalid Stripe API version: {version}")

    def _get(self, request: Request) -> Answer:
        path = request.path.removeprefix("/v1/")
        params = decode(request.query)
        expand = params.pop("expand", [])
        if path in _READ:
            return Answer.json(self._list(path, params, expand))
        collection, _, ref = path.rpartition("/")
        if collection not in _READ:
            raise _unknown(request)
        _only(params, ())
        return Answer.json(self.world.seen(self.world.get(_READ[collection][0], ref), expand))

    def _list(self, path: str, params: Thing, expand: list[str]) -> Thing:
        kind, narrows = _READ[path]
        _only(params, (*narrows, "limit", "starting_after"))
        limit = _whole(params.pop("limit", "10"), "limit")
        after = params.pop("starting_after", None)
        for name in {"payment_intent", "charge", "subscription", "invoice", "customer"} & params.keys():
            self.world.get(name, params[name], name)
        found = [thing for thing in self.world.where(kind) if _fits(thing, params)]
        if after is not None:
            found = found[found.index(self.world.get(kind, after, "starting_after")) + 1 :]
        inside = [name.removeprefix("data.") for name in expand]
        return self.world.page(found[:limit], url=f"/v1/{path}", expand=inside, has_more=len(found) > limit)

    def _write(self, request: Request) -> Answer:
        """Run a write once per key. A key lasts a day and keeps a refusal, except one of an invalid request."""
        key, sent = request.headers.get("idempotency-key"), (request.path, request.body.decode())
        earlier = self.stored.get(key or "")
        if earlier and earlier.at + _KEY_LASTS_SECONDS > self.world.now():
            if earlier.request != sent:
                message = (
                    f"Keys for idempotent requests can only be used with the same parameters. Try another than {key}."
                )
                raise FakeStripeError(message, kind="idempotency_error")
            return Answer(
                earlier.answer.status, earlier.answer.body, {**earlier.answer.headers, "Idempotent-Replayed": "true"}
            )
        try:
            answer = Answer.json(self._done(request, decode(request.body.decode())))
        except FakeStripeError as no:
            if no.error.get("code", "").startswith(_NEVER_STORED):
                raise
            answer = Answer.json({"error": no.error}, status=no.status)
        if key:
            self.stored[key] = StoredAnswer(sent, self.world.now(), answer)
        return answer

    def _done(self, request: Request, params: Thing) -> Thing:
        expand = params.pop("expand", [])
        match [*([] if request.method == "POST" else [request.method]), *request.path.removeprefix("/v1/").split("/")]:
            case ["checkout", "sessions"]:
                _only(params, _OPENS)
                done = checkout.open_session(self.world, params)
            case ["checkout", "sessions", ref, "expire"]:
                _only(params, ())
                done = checkout.expire(self.world, ref)
            case ["refunds"]:
                _only(params, ("payment_intent", "amount", "metadata"))
                if "payment_intent" not in params:
                    raise FakeStripeError("Missing required param: payment_intent.", code="parameter_missing")
                amount = _whole(params["amount"], "amount") if "amount" in params else None
                done = payments.refund(self.world, params["payment_intent"], amount, params.get("metadata"))
            case ["transfers"]:
                _only(params, _SENDS)
                done = transfers.send(self.world, {**params, "amount": _whole(params.get("amount"), "amount")})
            case ["subscriptions", ref]:
                _only(params, ("cancel_at_period_end",))
                if params.get("cancel_at_period_end") != "true":
                    raise FakeStripeError(
                        "Only cancel_at_period_end=true is spoken here.", param="cancel_at_period_end"
                    )
                done = subscriptions.cancel_at_period_end(self.world, ref)
            case ["DELETE", "subscriptions", ref]:
                _only(params, ())
                done = subscriptions.delete_subscription(self.world, ref)
            case _:
                raise _unknown(request)
        return self.world.seen(done, expand)


def error_body(status: int) -> bytes:
    """Return the body of a failure that a test requested."""
    error: Thing = {"type": "api_error", "message": "An unknown error occurred."}
    if status == 429:
        error = {"type": "invalid_request_error", "code": "throttle_scope", "message": "Too many requests."}
    return json.dumps({"error": error}).encode()


def _unknown(request: Request) -> FakeStripeError:
    return FakeStripeError(f"Unrecognized request URL ({request.method}: {request.path}).", status=404)


def _only(params: Thing, names: tuple[str, ...]) -> None:
    for name in params:
        if name not in names:
            raise FakeStripeError(f"Received unknown parameter: {name}", code="parameter_unknown", param=name)


def _whole(text: Any, param: str) -> int:
    if not isinstance(text, str) or not text.removeprefix("-").isdecimal():
        raise FakeStripeError(f"Invalid integer: {text}", code="parameter_invalid_integer", param=param)
    return int(text)


def _fits(thing: Thing, params: Thing) -> bool:
    """Return whether a thing matches: `{"created": {"gte": "5"}}` is a range, `{"payment": {"type": "…"}}` is nested.

    Any other value must be equal.
    """
    return all(_is(thing.get(name), expected) for name, expected in params.items())


def _is(value: Any, expected: Any) -> bool:
    if not isinstance(expected, dict):
        return bool(str(value) == expected)
    if isinstance(value, dict):
        return _fits(value, expected)
    compare = {"gt": int.__gt__, "gte": int.__ge__, "lt": int.__lt__, "lte": int.__le__}
    return all(compare[name](int(value), _whole(edge, name)) for name, edge in expected.items())
