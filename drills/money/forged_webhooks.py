"""Send events that Stripe did not sign, or signed too long ago: all must be refused, and none may be stored.

Control: neither the signature nor its time is checked, and each kind of forgery is stored.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final
from unittest.mock import patch
from uuid import uuid4

from billing.models import LedgerTransaction, ProviderEvent
from drills.harness.api_client import Answer, call, side_by_side, sign_up
from drills.harness.purchases import buy, pay
from drills.harness.runner import DrillContext, Result, main
from testing.fake_stripe import FakeStripe

Event = dict[str, Any]
Forged = tuple[bytes, dict[str, str]]
PATH: Final = "/webhooks/stripe"


@contextmanager
def disable_guard() -> Iterator[None]:
    with (
        patch("stripe.WebhookSignature.verify_header", lambda *_, **__: True),
        patch("billing.providers.stripe.signature._signed_at", lambda _: 0),
    ):
        yield


def drill(context: DrillContext) -> Result:
    each = 3 if context.small else 100
    pay(context.fake, buy(sign_up(context.base_url)))
    before = _rows()
    answers = side_by_side(lambda kind: (kind, _send(context, kind)), list(FORGERIES) * each, by=8)
    taken = Counter(kind for kind, answer in answers if answer.status != 400)
    rows = _rows() - before
    figure = f"{len(answers) - taken.total()} of {len(answers)} refused, {rows} rows"
    figure += f" (taken: {dict(taken)})" if taken else ""
    stored = {kind: any(answer.is_done for sent, answer in answers if sent == kind) for kind in FORGERIES}
    return Result(f"{len(FORGERIES)} kinds × {each}", figure, "all 400, 0 rows", not taken and not rows, stored)


def _edited(fake: FakeStripe, event: Event) -> Forged:
    body, headers = fake.signed(event)
    return body.replace(b"payment_intent", b"payment-intent"), headers


FORGERIES: Final[Mapping[str, Callable[[FakeStripe, Event], Forged]]] = {
    "wrong secret": lambda fake, event: fake.signed(event, secret=f"whsec_{uuid4().hex}"),
    "edited body": _edited,
    "300 s old": lambda fake, event: fake.signed(event, at=int(time.time()) - 300),
    # Plus a few seconds of transit: on a busy machine the event arrives late, when its time is nearer to the present.
    "300 s in the future": lambda fake, event: fake.signed(event, at=int(time.time()) + 300 + _TRANSIT_SECONDS),
    "no header": lambda fake, event: (fake.signed(event)[0], {}),
}
_TRANSIT_SECONDS: Final = 10


def _send(context: DrillContext, kind: str) -> Answer:
    event = {**context.fake.events[-1], "id": f"evt_{uuid4().hex}"}
    body, headers = FORGERIES[kind](context.fake, event)
    return call(context.base_url, "POST", PATH, body, headers=headers)


def _rows() -> int:
    return ProviderEvent.objects.count() + LedgerTransaction.objects.count()


if __name__ == "__main__":
    main(drill, disable_guard)
