"""Kill the web process with `kill -9` in the middle of requests; repeat each with its key until it is answered.

Each key must have one effect. Four requests at a time (as many as one process works on) are caught at one of three
places: in the effect, after the claim was committed (the drill locks their owners' rows); during the call to the
provider, after the order was committed; and at a random moment. They are repeated to another process, as a phone would
behind a balancer. The settings are the real ones: a claim is taken over after IDEMPOTENCY_TAKEOVER_SECONDS. The tests
have no small version: they test the takeover without processes.

Control: a claim is never taken over.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any, Final, NoReturn
from unittest.mock import patch

from django.db import transaction

from accounts.models import User
from billing.entitlements import entitlements
from billing.models import Order
from drills.harness.api_client import NO_ANSWER, Answer, Caller, crowd
from drills.harness.runner import DrillContext, Result, main
from drills.harness.webs import AT_ONCE, Web, webs_beside
from inspections.models import Inspection
from maretech.common.http.errors import IdempotencyInProgress
from maretech.common.models import IdempotencyRecord

BOUND_SECONDS: Final = 90.0
PATIENCE_SECONDS: Final = 120.0
NOTHING: Final = Answer(NO_ANSWER)
INSPECTION: Final = ("/inspections", {"mode": "corrosion", "capture_context": {"hull_material": "steel"}})
PURCHASE: Final = ("/checkout/sessions", {"product": "osmosis_inspection"})


def disable_guard() -> AbstractContextManager[object]:
    return patch("maretech.common.http.idempotency._take_over", _never)


def _never(record: IdempotencyRecord) -> NoReturn:
    raise IdempotencyInProgress(retry_after=5)


@dataclass
class Sent:
    """One key of one owner, and its outcome."""

    who: Caller
    path: str
    body: dict[str, Any]
    first: Answer = NOTHING
    last: Answer = NOTHING
    seconds: float = 0.0

    def send_until_answered(self, victim: str) -> None:
        """Send to the process that will be killed, then repeat to the other one."""
        started = time.monotonic()
        self.first = self.last = self.who.post(self.path, self.body, key="key", base_url=victim)
        while not self.last.is_done and time.monotonic() - started < PATIENCE_SECONDS:
            time.sleep(float(self.last.headers.get("Retry-After", "1")))
            self.last = self.who.post(self.path, self.body, key="key")
        self.seconds = time.monotonic() - started

    @property
    def effects(self) -> int:
        owner = User.objects.get(email=self.who.email)
        return Inspection.objects.filter(owner=owner).count() + Order.objects.filter(owner=owner).count()


def drill(context: DrillContext) -> Result:
    # At a random moment some are already answered, so the other two places must catch enough.
    rounds, target = (3, 8) if context.small or context.control else (39, 100)
    rng = Random(rounds)  # noqa: S311 - a moment, not a secret
    people = crowd(context.base_url, rounds * AT_ONCE)
    everything: list[Sent] = []
    following: list[Future[None]] = []
    places: Sequence[Callable[[Web, list[Sent], DrillContext, Random], AbstractContextManager[object]]]
    places = (_in_the_effect, _during_the_provider_call, _at_any_moment)
    with ThreadPoolExecutor(rounds * AT_ONCE) as pool, webs_beside(2) as webs:
        for number in range(rounds):
            place, web = places[number % len(places)], webs[number % len(webs)]
            path, body = INSPECTION if place is _in_the_effect else PURCHASE
            group = [Sent(who, path, body) for who in people[number * AT_ONCE :][:AT_ONCE]]
            web.wait_until_ready()
            with place(web, group, context, rng) as caught:
                following += [pool.submit(sent.send_until_answered, web.base_url) for sent in group]
                caught()
                web.kill()
            everything += group
            web.start()
        for each in following:
            each.result()
    return _result(everything, rounds, target)


def _result(everything: list[Sent], kills: int, target: int) -> Result:
    caught = [sent for sent in everything if sent.first.status == NO_ANSWER]
    slowest = max(sent.seconds for sent in everything)
    undone = [sent for sent in everything if not sent.last.is_done]
    wrong = [sent for sent in everything if sent.effects != 1]
    figure = (
        f"{len(caught)} requests caught by {kills} kills, {len(undone)} without an end, "
        f"{len(wrong)} without exactly one effect, slowest {slowest:.0f} s"
    )
    passed = len(caught) >= target and not undone and not wrong and slowest <= BOUND_SECONDS
    return Result(
        f"{len(caught)} killed requests", figure, f"all end within {BOUND_SECONDS:.0f} s, one effect each", passed
    )


Caught = Callable[[], None]


@contextmanager
def _in_the_effect(web: Web, group: list[Sent], context: DrillContext, rng: Random) -> Iterator[Caught]:
    """Wait until their claims are committed and each request waits for its owner's row."""
    owners = [User.objects.get(email=sent.who.email) for sent in group]
    with transaction.atomic():
        for owner in owners:
            entitlements.lock(owner)
        yield lambda: _wait_until(lambda: _claims(owners) == len(owners))


@contextmanager
def _during_the_provider_call(web: Web, group: list[Sent], context: DrillContext, rng: Random) -> Iterator[Caught]:
    """Wait until their orders are committed and their pages are being opened."""
    owners = [User.objects.get(email=sent.who.email) for sent in group]
    context.fake.set_faults(delay_seconds=3.0)
    try:
        yield lambda: _wait_until(lambda: Order.objects.filter(owner__in=owners).count() == len(owners))
    finally:
        context.fake.set_faults(delay_seconds=0.0)


@contextmanager
def _at_any_moment(web: Web, group: list[Sent], context: DrillContext, rng: Random) -> Iterator[Caught]:
    yield lambda: time.sleep(rng.uniform(0.0, 0.3))


def _claims(owners: list[User]) -> int:
    return IdempotencyRecord.objects.filter(user_id__in=[owner.pk for owner in owners]).count()


def _wait_until(is_true: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not is_true() and time.monotonic() < deadline:
        time.sleep(0.01)


if __name__ == "__main__":
    main(drill, disable_guard)
