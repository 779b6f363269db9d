"""Hand over hundreds of vessels while processes are killed, dispute some, and look for what was lost or doubled.

Each sale has a seller with inspections, photos, maintenance, a comparison, a dossier and a link to it, and a buyer with
credits. Attacks:

- Both codes are entered at the same moment, or each twice.
- A party enters the code of the other one, and a stranger enters one.
- Five wrong codes are entered at once, and then the right one.
- The offer expires, is cancelled or is declined at the moment of the second code.
- The buyer has too few credits, or has bought them a moment ago; the rest is bought after the refusal.
- A party is erased before the second code, or at its moment.
- A worker is killed with `kill -9` at each line while it mails a code; another one continues.
- A process is killed at each line of the transfer, of a dispute and of a reversal; the request is repeated.

At full size two web processes and the worker that mails are killed all the time, too. At the end each vessel has one
owner, to whom its inspections, maintenance and comparisons belong; credits and journal sum to what they were; no object
is lost; the other party does not see the vessel; a stranger gets 404; and every acknowledged code and completion holds.

Control: without locks, without the transaction and without each check that an attack is about. Nothing else is killed.
"""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final
from unittest.mock import patch

from django.db import connections
from django.db.models import QuerySet
from django.test import override_settings
from django.utils import timezone

from accounts.models import User
from accounts.privacy.erasure import erase_account
from accounts.privacy.erasure_requests import order_erasure
from billing.ledger import inspection_credits, integrity
from billing.models import Order
from billing.orders import transfers
from corrosion import handovers as corrosion_handovers
from dossiers.lifecycle import vessel_links as dossier_links
from drills.harness.api_client import Answer, Caller, at_once, side_by_side
from drills.harness.forked_workers import in_a_child, kill_this_process, stopping_at
from drills.harness.processes import children_of, kill, pid_of
from drills.harness.runner import DrillContext, Result, main
from drills.harness.sample_inspections import signed_in, wait_until
from drills.harness.webs import Web, webs_beside
from drills.money._sales import SOLD, Mailbox, Sale, buy, sale
from inspections.lifecycle import vessel_links as inspection_links
from maretech.common.work import durable
from vessels.handovers import codes, confirmation, departures, disputes, endings, locking, offers, transfer, transitions
from vessels.models import OPEN, Handover, HandoverCode, HandoverQuerySet
from vessels.vocabulary import HandoverStatus, Party

# The lines at which a process is killed.
MOVING: Final = frozenset(
    str(module.__file__)
    for module in (
        *(confirmation, disputes, endings, locking, transfer, transitions, transfers),
        *(inspection_links, corrosion_handovers, dossier_links),
    )
)
SENDING: Final = frozenset(str(module.__file__) for module in (codes, durable))
MOST_LINES: Final = 2000
SIDE_BY_SIDE: Final = 6
SENDER: Final = "worker-housekeeping"
SENT_WITHIN_SECONDS: Final = 240
SEED: Final = 20_261_130


@dataclass
class Scene:
    """The surroundings of the attacks. `webs` are killed; `through` names them in another order for each request."""

    context: DrillContext
    mailbox: Mailbox
    staff: User
    times: int
    step: int
    webs: Sequence[Web] = ()
    sales: dict[str, list[Sale]] = field(default_factory=dict)
    erased: dict[str, User] = field(default_factory=dict)
    rng: Random = field(default_factory=lambda: Random(SEED))  # noqa: S311 - an order, not a secret

    def new_sale(self, name: str, number: int = 0, **more: Any) -> Sale:
        made = sale(self.context.base_url, self.mailbox, **{"price": 1 + number % 2, **more})
        self.sales.setdefault(name, []).append(made)
        return made

    def through(self) -> tuple[str, ...]:
        addresses = [web.base_url for web in self.webs]
        self.rng.shuffle(addresses)
        return tuple(addresses)


@dataclass(frozen=True)
class Attack:
    """An attack on one sale, after its offer and the arrival of its codes."""

    run: Callable[[Scene, Sale, int], object]
    credits: Callable[[int], int] | None = None


def drill(context: DrillContext, folder: Path | None = None) -> Result:
    with tempfile.TemporaryDirectory(prefix="maretech-drill-mails-") as made:
        mails = folder or Path(made)
        backend = "django.core.mail.backends.filebased.EmailBackend"
        with override_settings(EMAIL_BACKEND=backend, EMAIL_FILE_PATH=str(mails)):
            return _attacked(context, mails)


def disable_guard() -> AbstractContextManager[object]:
    """Remove locks, transactions and checks together: each attack meets the one that it is about."""
    stack = ExitStack()
    for target, name, without in (
        (QuerySet, "select_for_update", lambda rows, *_, **__: rows.all()),
        (confirmation, "transaction", _NoTransaction),
        (disputes, "dispute_handover", disputes.dispute_handover.__wrapped__),  # type: ignore[attr-defined]
        (disputes, "reverse_handover", disputes.reverse_handover.__wrapped__),  # type: ignore[attr-defined]
        (confirmation, "is_right", _is_a_code_of_it),
        (confirmation, "_count_wrong", lambda *_: None),
        (Handover, "is_open", property(lambda row: row.status in OPEN)),
        (transfers, "transferable_credits", lambda _: 1_000_000),
        (departures, "_settle", lambda *_: None),
        (HandoverQuerySet, "of", lambda rows, _: rows.all()),
        (HandoverCode, "due", classmethod(lambda model: model.awaited().filter(attempts=0))),
        (endings, "expire_offer", lambda _: None),
    ):
        stack.enter_context(patch.object(target, name, without))
    stack.enter_context(patch("vessels.handovers.confirmation.User", _NobodyIsGone))
    return stack


class _NoTransaction:
    """Replaces `django.db.transaction`: each statement is committed at once."""

    @staticmethod
    @contextmanager
    def atomic() -> Iterator[None]:
        yield


class _NobodyIsGone:
    """Replaces the model of accounts where it is asked whether both are open."""

    class objects:  # noqa: N801 - as Django names it
        @staticmethod
        def filter(**_: object) -> Any:
            return type("Two", (), {"count": staticmethod(lambda: 2)})


def _is_a_code_of_it(row: HandoverCode, code: str) -> bool:
    """Accept the code of either party, and take so long that another request acts meanwhile."""
    time.sleep(0.6)
    return any(codes.is_right(each, code) for each in HandoverCode.objects.filter(handover=row.handover_id))


# --- the attacks over HTTP -------------------------------------------------------------------------------------------
def _both_at_once(scene: Scene, sold: Sale, _: int) -> None:
    at_once([partial(sold.confirm, party, through=scene.through()) for party in Party])
    sold.expect_end(HandoverStatus.COMPLETED)


def _each_twice_at_once(scene: Scene, sold: Sale, _: int) -> None:
    at_once([partial(sold.confirm, party, through=scene.through()) for party in (*Party, *Party)])
    sold.expect_end(HandoverStatus.COMPLETED)


def _code_of_the_other(scene: Scene, sold: Sale, number: int) -> None:
    """Enter the wrong party's code, in the wrong order, then the right ones."""
    first, second = (Party.BUYER, Party.SELLER) if number % 2 else (Party.SELLER, Party.BUYER)
    sold.expect(sold.confirm(first, sold.code(second), through=scene.through()), 400)
    sold.expect(sold.confirm(first, through=scene.through()), 200)
    sold.expect(sold.confirm(second, sold.code(first), through=scene.through()), 400)
    sold.expect(sold.confirm(second, through=scene.through()), 200)
    sold.expect_end(HandoverStatus.COMPLETED)


def _wrong_codes(scene: Scene, sold: Sale, number: int) -> None:
    guessing, other = (Party.BUYER, Party.SELLER) if number % 2 else (Party.SELLER, Party.BUYER)
    sold.confirm(other, through=scene.through())
    wrong = sold.wrong_code()
    at_once([partial(sold.confirm, guessing, wrong, through=scene.through()) for _ in range(5)])
    sold.expect(sold.confirm(guessing, through=scene.through()), 409, "HANDOVER_CLOSED")
    sold.expect_end(HandoverStatus.FAILED)


def _expired(scene: Scene, sold: Sale, _: int) -> None:
    sold.confirm(Party.SELLER, through=scene.through())
    Handover.objects.filter(pk=sold.offered_id).update(expires_at=timezone.now() - timedelta(seconds=1))
    confirming = partial(sold.confirm, Party.BUYER, through=scene.through())
    acts: list[Callable[[], Any]] = [confirming, partial(endings.expire_offer, sold.offered_id)]
    sold.expect(at_once(acts)[0], 409, "HANDOVER_CLOSED")
    endings.expire_offer(sold.offered_id)
    sold.expect_end(HandoverStatus.EXPIRED)


def _cancelled(scene: Scene, sold: Sale, number: int) -> None:
    _ended_at_that_moment(scene, sold, Party.SELLER, "cancel", HandoverStatus.CANCELLED, number)


def _declined(scene: Scene, sold: Sale, number: int) -> None:
    _ended_at_that_moment(scene, sold, Party.BUYER, "decline", HandoverStatus.DECLINED, number)


def _ended_at_that_moment(scene: Scene, sold: Sale, party: Party, act: str, end: HandoverStatus, number: int) -> None:
    """End the offer at the moment of the second code, or soon after it arrived: one of both happens."""

    def ending() -> Answer:
        time.sleep((0.0, 0.2, 0.02, 0.05)[number % 4])
        return sold.send(party, act, through=scene.through())

    last = Party.BUYER if party == Party.SELLER else Party.SELLER
    sold.confirm(party, through=scene.through())
    confirming = partial(sold.confirm, last, through=scene.through())
    acts: list[Callable[[], Answer]] = [confirming, ending]
    confirmed, ended = at_once(acts)
    sold.expect_end(HandoverStatus.COMPLETED, end)
    has_ended = sold.row.status == end
    sold.expect(ended, 200 if has_ended else 409)
    sold.expect(confirmed, 409 if has_ended else 200)


def _too_few_credits(scene: Scene, sold: Sale, number: int) -> None:
    """Ask for more credits than there are, or for one that could still be refunded."""
    first, second = (Party.BUYER, Party.SELLER) if number % 2 else (Party.SELLER, Party.BUYER)
    late = buy(sold, ago=timedelta(0)) if number % 2 else None
    sold.expect(sold.confirm(first, through=scene.through()), 200)
    sold.expect(sold.confirm(second, through=scene.through()), 409, "CREDITS_MISSING")
    sold.expect_end(HandoverStatus.PENDING_CODES)
    if late is None:
        buy(sold)
    else:
        Order.objects.filter(pk=late.pk).update(paid_at=timezone.now() - timedelta(days=30))
    sold.expect(sold.confirm(second, through=scene.through()), 200)
    sold.expect_end(HandoverStatus.COMPLETED)


def _erased(scene: Scene, sold: Sale, number: int) -> None:
    """Erase a party before the second code, or at its moment."""
    going, staying = (Party.BUYER, Party.SELLER) if number % 2 else (Party.SELLER, Party.BUYER)
    who = sold.buyer if going == Party.BUYER else sold.seller
    scene.erased[str(sold.handover_id)] = who
    sold.confirm(going, through=scene.through())
    sold.code(staying)
    confirming, erasing = partial(sold.confirm, staying, through=scene.through()), partial(_erase, scene, who)
    end = HandoverStatus.DECLINED if going == Party.BUYER else HandoverStatus.CANCELLED
    if number % 4 < 2:
        erasing()
        confirming()
        sold.expect_end(end)
    else:
        acts: list[Callable[[], Any]] = [confirming, erasing]
        at_once(acts)
        sold.expect_end(HandoverStatus.COMPLETED, end)


def _erase(scene: Scene, who: User) -> None:
    erasure = order_erasure(user=who, staff=scene.staff, reason="drill")
    for _ in range(3):  # the server's own worker may have claimed it
        erasure.__class__.objects.filter(pk=erasure.pk, done_at=None).update(due_at=timezone.now())
        erase_account(erasure.pk)
        if erasure.__class__.objects.filter(pk=erasure.pk, done_at__isnull=False).exists() or scene.context.control:
            return
        time.sleep(1)


OVER_HTTP: Final = {
    "both codes at once": Attack(_both_at_once),
    "each code twice at once": Attack(_each_twice_at_once),
    "the code of the other": Attack(_code_of_the_other),
    "wrong codes": Attack(_wrong_codes),
    "expired": Attack(_expired),
    "cancelled at that moment": Attack(_cancelled),
    "declined at that moment": Attack(_declined),
    "too few credits": Attack(_too_few_credits, credits=lambda number: number % 2),
    "erased in between": Attack(_erased),
}
KILLED_SENDING: Final = "killed at a line while it mails"
KILLED_MOVING: Final = "killed at a line of the transfer"
KILLED_DECIDING: Final = "killed at a line of a dispute or its reversal"
STRANGER: Final = "a stranger sees it"


# --- killed at a line ------------------------------------------------------------------------------------------------
def _killed_while_it_mails(scene: Scene) -> None:
    """Kill a worker at a line, and let another one continue."""
    for line in range(1, MOST_LINES, 3 if scene.step < 10 else 8):  # there are few
        sold = _offered_without_a_worker(scene, KILLED_SENDING)
        [first, *_] = codes.codes_of(sold.offered_id)
        is_over = not in_a_child(
            partial(stopping_at, line, SENDING, partial(codes.send_code, first), kill_this_process)
        )
        _mail(sold)
        if all(map(sold.code, Party)):
            for party in Party:
                sold.confirm_here(party)
        sold.expect_end(HandoverStatus.COMPLETED)
        if is_over:
            return
    raise AssertionError("the mail does not end")


def _killed_while_it_moves(scene: Scene) -> None:
    """Kill the process of the second code at a line: all has moved, or nothing. Then the buyer repeats it."""
    for line in range(1, MOST_LINES, scene.step):
        sold = _offered_without_a_worker(scene, KILLED_MOVING)
        _mail(sold)
        sold.confirm_here(Party.SELLER)
        code = sold.code(Party.BUYER)
        confirming = partial(confirmation.confirm_handover, user=sold.buyer, handover_id=sold.offered_id, code=code)
        is_over = not in_a_child(partial(stopping_at, line, MOVING, confirming, kill_this_process))
        sold.look_over()
        sold.confirm_here(Party.BUYER, code)
        sold.expect_end(HandoverStatus.COMPLETED)
        if is_over:
            return
    raise AssertionError("the transfer does not end")


def _killed_while_it_decides(scene: Scene) -> None:
    """Dispute, and reverse every other sale. Each is killed at a line, and repeated."""
    dispute_over = reversal_over = False
    number = 0
    while not (dispute_over and reversal_over):
        line = 1 + number * scene.step
        sold = _offered_without_a_worker(scene, KILLED_DECIDING)
        _mail(sold)
        for party in Party:
            sold.confirm_here(party)
        by = sold.buyer if number % 4 < 2 else sold.seller
        disputing = partial(disputes.dispute_handover, user=by, handover_id=sold.offered_id, reason="drill")
        dispute_over |= not in_a_child(partial(stopping_at, line, MOVING, disputing, kill_this_process))
        sold.look_over()
        disputing()
        sold.expect_end(HandoverStatus.DISPUTED)
        rule = disputes.keep_completed if number % 2 else disputes.reverse_handover
        deciding = partial(rule, staff=scene.staff, handover_id=sold.offered_id, reason="drill")
        is_over = not in_a_child(partial(stopping_at, line, MOVING, deciding, kill_this_process))
        reversal_over |= is_over and rule is disputes.reverse_handover
        sold.look_over()
        with suppress(disputes.NotDisputed):  # it was decided before it was killed
            deciding()
        sold.expect_end(HandoverStatus.COMPLETED if rule is disputes.keep_completed else HandoverStatus.REVERSED)
        number += 1
        if number > MOST_LINES or (scene.context.control and sold.faults):
            return


def _offered_without_a_worker(scene: Scene, name: str) -> Sale:
    """Offer a vessel; no message wakes the server's worker, so that the drill plays it."""
    sold = scene.new_sale(name)
    with patch.object(offers, "enqueue_on_commit"):
        offered = offers.offer_vessel(
            seller=sold.seller, vessel_id=sold.vessel_id, to_email=sold.buyer.email, credits=sold.price
        )
    sold.handover_id = offered.pk
    codes.find_buyer(offered.pk)
    return sold


def _mail(sold: Sale) -> None:
    """Make the later attempts without their pauses. If the server's worker made a newer code, wait for its mail."""
    for _ in range(2):
        HandoverCode.unfinished().filter(handover=sold.handover_id).update(due_at=timezone.now())
        for code_id in codes.codes_of(sold.offered_id):
            codes.send_code(code_id)
    wait_until(lambda: all(map(sold.code, Party)), seconds=3, every=0.1)


# --- the whole -------------------------------------------------------------------------------------------------------
def _attacked(context: DrillContext, mails: Path) -> Result:
    is_short = context.small or context.control
    staff = User.objects.create(email="decides@example.org", password="!", is_staff=True)  # noqa: S106
    scene = Scene(context, Mailbox(mails), staff, times=2 if is_short else 46, step=40 if is_short else 4)
    # First, because they fork: a fork while a thread of this process writes its log would wait for it forever.
    _killed_while_it_mails(scene)
    _killed_while_it_moves(scene)
    _killed_while_it_decides(scene)
    prepared = [(name, scene.new_sale(name, number, **_credits(attack, number)), number)
                for name, attack in OVER_HTTP.items() for number in range(scene.times)]  # fmt: skip
    kills = _offer_all(scene, [sold for _, sold, _ in prepared])
    kills += _run_all(scene, prepared)
    return _result(scene, kills)


def _credits(attack: Attack, number: int) -> dict[str, int]:
    return {"credits": attack.credits(number)} if attack.credits else {}


def _offer_all(scene: Scene, sales: list[Sale]) -> int:
    """Offer the vessels, and wait until every code is mailed. Kills the worker that mails meanwhile."""
    if scene.context.server is None:
        for sold in sales:
            sold.offer()
            _mail(sold)
        return 0
    killed = 0
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        offering = [pool.submit(_closing, sold.offer) for sold in sales]
        while wait(offering, timeout=1.5).not_done:
            if not scene.context.control:
                pid = pid_of(scene.context.server, SENDER)
                killed += bool(pid and kill(*children_of(pid)))
        for each in offering:
            each.result()
    ids = [sold.handover_id for sold in sales]
    unsent = HandoverCode.unfinished().filter(handover__in=ids)
    wait_until(lambda: not unsent.exists(), seconds=SENT_WITHIN_SECONDS, every=1)
    return killed


def _run_all(scene: Scene, prepared: list[tuple[str, Sale, int]]) -> int:
    """Run the attacks side by side, while the web processes that they go through are killed one after the other."""

    def run(name: str, sold: Sale, number: int) -> None:
        OVER_HTTP[name].run(scene, sold, number)

    scene.rng.shuffle(prepared)
    if scene.context.server is None or scene.context.control:
        for name, sold, number in prepared:
            run(name, sold, number)
        return 0
    killed = 0
    with webs_beside(2) as webs, ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        for web in webs:
            web.wait_until_ready()
        scene.webs = webs
        running: list[Future[Any]] = [pool.submit(_closing, partial(run, *each)) for each in prepared]
        while wait(running, timeout=scene.rng.uniform(0.5, 1.5)).not_done:
            web = webs[killed % len(webs)]
            if web.is_ready:
                web.kill()
                web.start()
                killed += 1
        for each in running:
            each.result()
        scene.webs = ()
    return killed


def _closing(call: Callable[[], object]) -> None:
    try:
        call()
    finally:
        connections.close_all()


def _result(scene: Scene, kills: int) -> Result:
    everything = [sold for sales in scene.sales.values() for sold in sales]
    stranger = signed_in(User.objects.create(email="stranger@example.org", password="!"), scene.context.base_url)  # noqa: S106
    side_by_side(partial(_look_over, scene), everything, by=4)
    seen = [path for paths in side_by_side(partial(_seen_by, stranger), everything, by=4) for path in paths]
    books = _faults_of_books(everything)
    succeeded = {name: any(sold.faults for sold in sales) for name, sales in scene.sales.items()}
    succeeded[STRANGER] = bool(seen)
    wrong = [f"{name}: {sold.faults[0]}" for name, sales in scene.sales.items() for sold in sales if sold.faults]
    wrong += [f"{STRANGER}: {path}" for path in seen[:1]] + books[:1]
    disputed = len(scene.sales[KILLED_DECIDING])
    reversed_ = Handover.objects.filter(status=HandoverStatus.REVERSED).count()
    in_line = sum(len(scene.sales[name]) for name in (KILLED_SENDING, KILLED_MOVING)) + 2 * disputed
    figure = f"{len(wrong)} wrong; {Handover.objects.filter(status__in=SOLD).count()} sold, {reversed_} reversed"
    figure += f" ({wrong[0]})" if wrong else ""
    n = f"{len(everything)} handovers, {disputed} disputed, {kills} × kill -9 of web and worker, {in_line} at a line"
    passed = not any(succeeded.values()) and not books
    return Result(n, figure, "one owner each, nothing lost, a stranger gets 404", passed, succeeded)


def _look_over(scene: Scene, sold: Sale) -> None:
    erased = scene.erased.get(str(sold.handover_id))
    sold.look_over(erased=erased)
    if not (erased is not None and erased == (sold.buyer if sold.row.status in SOLD else sold.seller)):
        sold.look_through_the_api(erased=erased)


def _seen_by(stranger: Caller, sold: Sale) -> list[str]:
    return sold.seen_by(stranger)


def _faults_of_books(sales: list[Sale]) -> list[str]:
    """Return what is wrong with the journal, and whether the credits of all sum to what was bought."""
    bought = sum(sum(sold.bought.values()) for sold in sales)
    owners = {who.pk for sold in sales for who in (sold.seller, sold.buyer)}
    there = sum(inspection_credits.balance_of(pk).available for pk in owners)
    return [*integrity.faults_of_books(), *([f"{there} credits of {bought}"] if there != bought else [])]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="maretech-drill-mails-") as mail_folder:
        main(
            partial(drill, folder=Path(mail_folder)),
            disable_guard,
            env={"EMAIL_URL": f"filemail:///{mail_folder}"},
        )
