"""Attack letters from their payment to their arrival: every paid order ends in one letter or in one refund.

Attacks:

- The worker is killed with `kill -9` at each line, in turn; another one continues a day later, when the service has
  forgotten the idempotency key.
- Two workers get the same message at the same moment.
- The service accepts the letter and closes the connection without an answer.
- The dossier is revoked at each line of the worker, in turn.
- The dossier is revoked while a request for its letter has no answer.
- The dossier is revoked after the letter was accepted.
- The service refuses the letter.
- The service fails the letter after it accepted it, and says so three times.
- The service does not answer, twenty times.
- The letter is paid after it has expired.
- A bank takes the money after the letter was accepted.
- The events of a letter arrive three times and in any order.
- Somebody else sends an event.

The service forgets its idempotency keys before each later attempt. At the end each refund is made at the payment
provider, and its money must be there.

Control: each attack runs without its own guard, and succeeds.
"""

import hmac
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any, Final
from unittest.mock import patch
from uuid import UUID, uuid4

from django.test import override_settings
from django.utils import timezone

from accounts.models import User
from billing.api.checkout_views import present_page
from billing.models import Order, RefundRequest
from billing.services import hooks
from billing.sync import requested_refunds
from billing.vocabulary import OrderStatus, ProductCode
from dossiers.deliveries import endings, letter_events, letters, payments, transitions
from dossiers.deliveries.payments import open_letter_order
from dossiers.deliveries.requests import send_by_post
from dossiers.lifecycle import deletion
from dossiers.models import Delivery
from dossiers.post import lob
from dossiers.post.ports import PostalAddress
from dossiers.vocabulary import DeliveryStatus
from drills.harness.forked_workers import at_once, in_a_child, kill_this_process, stopping_at
from drills.harness.runner import DrillContext, Result, main
from maretech.common.work import durable
from testing.dossiers import final_of
from testing.fake_lob import FakeLob, Fault
from testing.fake_stripe import FakeStripe
from testing.letters import ADDRESS, account_of
from testing.phone import caller
from testing.web_purchases import deliver_events, forget_clients

# The lines at which a worker is killed, or its letter is not wanted any more.
FILES: Final = frozenset(str(module.__file__) for module in (letters, endings, transitions, lob, durable))
MOST_LINES: Final = 2000
TIMES: Final = 60
SMALL_TIMES: Final = 2
ROUNDS: Final = 10
OUTAGES: Final = 20
SEED: Final = 20_261_130
WHOLE_WAY: Final = ("letter.mailed", "letter.in_transit", "letter.processed_for_delivery", "letter.delivered")
_PRINTED: Final = b"%PDF-1.7 /MediaBox [0 0 612 792]"
_AN_HOUR_AGO: Final = timedelta(hours=1)


@dataclass
class Scene:
    """The services of one attack, and how much of it there is. `tries` are its letters, `wrong` those that failed."""

    post: FakeLob
    stripe: FakeStripe
    times: int
    step: int
    tries: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, letter: Delivery, *expected: str) -> None:
        """Count a letter. `expected` are the ends that are right, `letter` or `refund`."""
        self.tries += 1
        end = self._end_of(letter)
        if end not in expected:
            self.wrong.append(f"{end} and not {' or '.join(expected)}")

    def _end_of(self, letter: Delivery) -> str:
        """Return what became of the letter and its money: one of both, or what is wrong."""
        posted = [each for each in self.post.standing() if each["metadata"].get("delivery_id") == str(letter.pk)]
        order = _order_of(letter)
        refunds = 1 if order.status in (OrderStatus.REFUNDED, OrderStatus.LOST) else 0
        ends = {(1, 0): "letter", (0, 1): "refund"}
        return ends.get((len(posted), refunds), f"{len(posted)} letters, {refunds} refunds, {order.status}")


@dataclass(frozen=True)
class Attack:
    name: str
    run: Callable[[Scene], object]
    without_guard: Callable[[], AbstractContextManager[object]]


def drill(context: DrillContext) -> Result:
    scenes: dict[str, Scene] = {}
    for attack in ATTACKS:
        guard = attack.without_guard() if context.control else nullcontext()
        with _services(context) as scene, guard:
            attack.run(scene)
        scenes[attack.name] = scene
    n = ", ".join(f"{scene.tries} × {name}" for name, scene in scenes.items())
    wrong = [f"{name}: {fault}" for name, scene in scenes.items() for fault in scene.wrong]
    tries = sum(scene.tries for scene in scenes.values())
    figure = f"{tries} paid orders, {len(wrong)} without exactly one letter or one refund"
    figure += f" ({wrong[0]})" if wrong else ""
    succeeded = {name: bool(scene.wrong) for name, scene in scenes.items()}
    return Result(n, figure, "0 without exactly one", not wrong, succeeded)


def disable_guard() -> AbstractContextManager[object]:
    """Each attack disables its own guard."""
    return nullcontext()


@contextmanager
def _services(context: DrillContext) -> Iterator[Scene]:
    is_short = context.small or context.control
    account = {
        "STRIPE_SECRET_KEY": context.fake.secret_key,
        "STRIPE_WEBHOOK_SECRET": context.fake.webhook_secret,
        "STRIPE_API_BASE": context.fake.base_url,
        "ALLOWED_HOSTS": ["testserver"],  # events are delivered in this process
    }
    with FakeLob() as post, override_settings(**account_of(post), **account):
        forget_clients()
        # Typesetting is not what is attacked, and takes a process for each letter.
        with patch.object(letters, "letter_pdf", return_value=_PRINTED):
            yield Scene(post, context.fake, SMALL_TIMES if is_short else TIMES, 23 if is_short else 1)


# --- the attacks -----------------------------------------------------------------------------------------------------
def _killed_at_each_line(scene: Scene) -> None:
    for line in range(1, MOST_LINES, scene.step):
        letter = _paid(scene)
        is_over = not in_a_child(
            partial(stopping_at, line, FILES, partial(letters.work_on, letter.pk), kill_this_process)
        )
        _work_off(scene, letter)
        scene.add(letter, "letter")
        if is_over:
            return
    raise AssertionError("the letter does not end")


def _two_workers_at_once(scene: Scene) -> None:
    """A race that a busy machine seldom lets happen: never fewer tries."""
    for _ in range(max(20, scene.times)):
        letter = _paid(scene)
        at_once(partial(letters.work_on, letter.pk))
        _work_off(scene, letter)
        scene.add(letter, "letter")
        if scene.wrong:
            return


def _answer_lost(scene: Scene) -> None:
    for _ in range(scene.times):
        letter = _paid(scene)
        scene.post.fail(Fault.LOST)
        letters.work_on(letter.pk)
        _work_off(scene, letter)
        scene.add(letter, "letter")


def _revoked_at_each_line(scene: Scene) -> None:
    for line in range(1, MOST_LINES, scene.step):
        letter, ended = _paid(scene), list[bool]()

        def end_now(letter: Delivery = letter, ended: list[bool] = ended) -> None:
            _revoke(letter)
            ended.append(True)

        stopping_at(line, FILES, partial(letters.work_on, letter.pk), end_now)
        if not ended:
            return
        _work_off(scene, letter)
        scene.add(letter, "refund")
    raise AssertionError("the letter does not end")


def _revoked_without_an_answer(scene: Scene) -> None:
    for _ in range(scene.times):
        letter = _paid(scene)
        scene.post.fail(Fault.LOST)
        letters.work_on(letter.pk)
        _revoke(letter)
        _work_off(scene, letter)
        scene.add(letter, "refund")


def _revoked_after_it_was_accepted(scene: Scene) -> None:
    for number in range(scene.times):
        letter = _accepted(scene)
        is_printed = number % 2 == 1
        if is_printed:
            scene.post.print_letter(letter.provider_ref)
        _revoke(letter)
        _work_off(scene, letter)
        scene.add(letter, "letter" if is_printed else "refund")


def _refused(scene: Scene) -> None:
    for _ in range(scene.times):
        letter = _paid(scene)
        Delivery.objects.filter(pk=letter.pk).update(address={**ADDRESS, "name": "x" * 41})
        _work_off(scene, letter)
        scene.add(letter, "refund")


def _failed_after_it_was_accepted(scene: Scene) -> None:
    for _ in range(scene.times):
        letter = _accepted(scene)
        event = scene.post.advance(letter.provider_ref, "letter.failed")
        del scene.post.letters[letter.provider_ref]["status"]  # only the event says it
        for _again in range(3):
            _tell(scene, event)
        _work_off(scene, letter)
        del scene.post.letters[letter.provider_ref]  # it was not printed
        scene.add(letter, "refund")


def _outage(scene: Scene) -> None:
    for number in range(scene.times):
        letter = _paid(scene)
        scene.post.fail((Fault.CUT, Fault.UNAVAILABLE, Fault.LIMITED, Fault.NONSENSE)[number % 4], times=OUTAGES)
        for _ in range(OUTAGES):
            _make_due(letter)
            letters.work_on(letter.pk)
        _work_off(scene, letter)
        scene.add(letter, "letter")


def _paid_too_late(scene: Scene) -> None:
    for _ in range(scene.times):
        letter = _ordered(scene)
        _make_due(letter)
        letters.work_on(letter.pk)
        _pay(scene, letter)
        _work_off(scene, letter)
        scene.add(letter, "refund")


def _money_withdrawn(scene: Scene) -> None:
    """A bank takes the money, and keeps it: the letter must not be posted at our cost."""
    for _ in range(scene.times):
        letter = _accepted(scene)
        order = _order_of(letter)
        since = len(scene.stripe.events)
        dispute = scene.stripe.open_dispute(order.payment_ref)["id"]
        scene.stripe.withdraw_funds(dispute)
        deliver_events(scene.stripe, since=since)
        since = len(scene.stripe.events)
        scene.stripe.close_dispute(dispute, won=False)
        deliver_events(scene.stripe, since=since)
        _work_off(scene, letter)
        scene.add(letter, "refund")


def _events_shuffled(scene: Scene) -> None:
    rng = Random(SEED)  # noqa: S311 - an order of events, not a secret
    for _ in range(scene.times):
        letter = _accepted(scene)
        events = [scene.post.advance(letter.provider_ref, kind) for kind in WHOLE_WAY] * 3
        rng.shuffle(events)
        if events[-1]["event_type"]["id"] == "letter.delivered":
            events.reverse()
        for event in events:
            _tell(scene, event)
        letter.refresh_from_db()
        scene.add(letter, "letter")
        if letter.status != DeliveryStatus.DELIVERED:
            scene.wrong.append(f"{letter.status} and not delivered")


def _forged(scene: Scene) -> None:
    for _ in range(scene.times):
        letter = _accepted(scene)
        event = scene.post.advance(letter.provider_ref, "letter.failed")
        del scene.post.letters[letter.provider_ref]["status"]
        _tell(scene, event, secret="of somebody else")  # noqa: S106 - no secret of ours
        _work_off(scene, letter)
        scene.add(letter, "letter")


# --- without their guards --------------------------------------------------------------------------------------------
def _looks_for_no_letter() -> AbstractContextManager[object]:
    return patch.object(lob.LobService, "find", lambda *_: None)


@contextmanager
def _claims_without_comparing() -> Iterator[None]:
    def claim(pk: UUID, **_: object) -> Delivery:
        row: Delivery = Delivery.objects.get(pk=pk)
        row.attempts += 1
        Delivery.objects.filter(pk=pk).update(attempts=1)
        return row

    def note(letter: Delivery) -> bool:
        return letter.status == DeliveryStatus.PAID

    sent = lob.LobService._post  # noqa: SLF001 - the guard is taken away from the inside

    def without_key(service: lob.LobService, path: str, **request: Any) -> dict[str, Any]:
        return sent(service, path, **{name: value for name, value in request.items() if name != "headers"})

    with ExitStack() as stack:
        stack.enter_context(patch.object(Delivery, "claim", claim))
        stack.enter_context(patch.object(letters, "_note_request", note))
        stack.enter_context(patch.object(lob.LobService, "_post", without_key))
        stack.enter_context(patch.object(lob.LobService, "cancel", lambda *_: False))
        yield


@contextmanager
def _takes_nothing_back() -> Iterator[None]:
    def note(letter: Delivery) -> bool:
        return bool(Delivery.objects.filter(pk=letter.pk).update(handed_over_at=timezone.now()))

    with patch.object(letters, "_note_request", note), patch.object(lob.LobService, "cancel", lambda *_: False):
        yield


@contextmanager
def _ends_at_once() -> Iterator[None]:
    with _looks_for_no_letter(), patch.object(letters, "SETTLED_AFTER", timedelta(0)):
        yield


def _stops_nothing() -> AbstractContextManager[object]:
    return patch.object(deletion, "stop_letters", lambda *_: None)


def _refunds_nothing() -> AbstractContextManager[object]:
    return patch.object(endings, "refund_service", lambda *_, **__: False)


def _believes_no_event() -> AbstractContextManager[object]:
    return patch.object(letter_events, "receive", lambda *_: None)


def _counts_outages() -> AbstractContextManager[object]:
    return patch.object(letters, "_postpone", lambda *_: None)


@contextmanager
def _with_hooks(**changes: Any) -> Iterator[None]:
    before = hooks._hooks[ProductCode.DOSSIER_BY_POST]  # noqa: SLF001 - the guard is taken away from the inside
    hooks.register_service(ProductCode.DOSSIER_BY_POST, replace(payments.HOOKS, **changes))
    try:
        yield
    finally:
        hooks.register_service(ProductCode.DOSSIER_BY_POST, before)


def _takes_every_payment() -> AbstractContextManager[object]:
    return _with_hooks(paid=lambda _: True)


def _hears_of_no_bank() -> AbstractContextManager[object]:
    return _with_hooks(contested=lambda _: None, money_back=lambda _: None)


def _believes_the_last_event() -> AbstractContextManager[object]:
    def receive(body: bytes, _: object) -> None:
        event = json.loads(body)
        status = "delivered" if event["event_type"]["id"] == "letter.delivered" else "in_transit"
        ended_at = timezone.now() if status == "delivered" else None
        Delivery.objects.filter(provider_ref=event["reference_id"]).update(status=status, ended_at=ended_at)

    return patch.object(letter_events, "receive", receive)


def _trusts_everybody() -> AbstractContextManager[object]:
    return patch.object(hmac, "compare_digest", return_value=True)


ATTACKS: Final = (
    Attack("killed at a line", _killed_at_each_line, _looks_for_no_letter),
    Attack("two workers at once", _two_workers_at_once, _claims_without_comparing),
    Attack("answer lost", _answer_lost, _looks_for_no_letter),
    Attack("revoked at a line", _revoked_at_each_line, _takes_nothing_back),
    Attack("revoked without an answer", _revoked_without_an_answer, _ends_at_once),
    Attack("revoked after it was accepted", _revoked_after_it_was_accepted, _stops_nothing),
    Attack("refused", _refused, _refunds_nothing),
    Attack("failed after it was accepted", _failed_after_it_was_accepted, _believes_no_event),
    Attack("outage", _outage, _counts_outages),
    Attack("paid too late", _paid_too_late, _takes_every_payment),
    Attack("money withdrawn", _money_withdrawn, _hears_of_no_bank),
    Attack("events shuffled", _events_shuffled, _believes_the_last_event),
    Attack("event forged", _forged, _trusts_everybody),
)


# --- the owner, the bank and the workers -----------------------------------------------------------------------------
def _ordered(scene: Scene) -> Delivery:
    """Return a letter of an owner of its own, with its payment page open."""
    owner = User.objects.create_user(f"{uuid4().hex}@example.org")
    owner.email_verified_at = timezone.now()
    owner.save(update_fields=["email_verified_at"])
    letter = send_by_post(owner=owner, dossier_id=final_of(owner).pk, to=PostalAddress.of(ADDRESS))
    order_id, _ = open_letter_order(owner=owner, delivery_id=letter.pk)
    present_page(order_id)
    return _again(letter)


def _pay(scene: Scene, letter: Delivery) -> None:
    since = len(scene.stripe.events)
    scene.stripe.pay(_order_of(letter).provider_ref)
    deliver_events(scene.stripe, since=since)


def _paid(scene: Scene) -> Delivery:
    letter = _ordered(scene)
    _pay(scene, letter)
    return _again(letter)


def _accepted(scene: Scene) -> Delivery:
    letter = _paid(scene)
    letters.work_on(letter.pk)
    return _again(letter)


def _revoke(letter: Delivery) -> None:
    deletion.delete_dossier(owner=letter.dossier.owner, dossier_id=letter.dossier_id)


def _tell(scene: Scene, event: dict[str, Any], **forged: Any) -> None:
    """Deliver an event, and play the worker that it wakes."""
    body, headers = scene.post.signed(event, **forged)
    content_type = headers.pop("Content-Type")
    client: Any = caller()  # its types know text bodies only
    client.generic("POST", "/v1/webhooks/post", body, content_type=content_type, headers=headers)
    for delivery_id in letters.due_letters():
        letters.work_on(delivery_id)


def _make_due(letter: Delivery) -> None:
    now = timezone.now()
    Delivery.unfinished().filter(pk=letter.pk).update(due_at=now)
    Delivery.unfinished().filter(pk=letter.pk, handed_over_at__isnull=False).update(handed_over_at=now - _AN_HOUR_AGO)


def _work_off(scene: Scene, letter: Delivery) -> None:
    """Make the later attempts without their pauses, and each refund at the payment provider."""
    scene.post.recover()
    for _ in range(ROUNDS):
        scene.post.forget_keys()
        _make_due(letter)
        letters.work_on(letter.pk)
    for request in RefundRequest.objects.filter(order__owner=letter.dossier.owner):
        requested_refunds.carry_out(request.pk)


def _order_of(letter: Delivery) -> Order:
    order_id = _again(letter).order_id
    assert order_id is not None
    return Order.objects.get(pk=order_id)


def _again(letter: Delivery) -> Delivery:
    return Delivery.objects.select_related("dossier__owner").get(pk=letter.pk)


if __name__ == "__main__":
    main(drill, disable_guard, served=False)
