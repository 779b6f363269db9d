"""Change the model, and note and remove maintenance, while workers compute the timelines of several vessels.

Each vessel was photographed rusty, then clean: its repaint lies between, so that a comparison across it would say
"improving". Maintenance is noted at the moment at which a worker measures such a pair. A thread reads the timelines all
the time, another notes every answer it sees. No timeline may show a change across noted maintenance; at the end every
answer must be one model's, none may be across maintenance, and each answer that was ever seen must be stored or kept.

Without a server, threads of this process are the workers.

Control: an answer is stored and shown whatever was noted since, old answers are not kept, and none is recomputed.
"""

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import Final
from unittest.mock import patch
from uuid import UUID, uuid4

import cv2
import numpy as np
from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone
from numpy.typing import NDArray

from accounts.models import User
from corrosion.comparison import outdated, work
from corrosion.comparison.baselines import Baselines
from corrosion.comparison.compute import compute
from corrosion.maintenance.changes import Job, add_maintenance, remove_maintenance
from corrosion.models import Comparison, SupersededAnswer
from corrosion.tasks import send_comparison
from corrosion.timeline.reading import timeline_of
from corrosion.timeline.shape import Timeline
from corrosion.vocabulary import ComparisonState, MaintenanceKind, SupersedingCause
from drills.harness.runner import DrillContext, Result, main
from drills.harness.sample_inspections import wait_until
from drills.harness.workers import workers_beside
from inspections.engines.base import Prediction
from inspections.lifecycle import hooks
from inspections.models import Inspection
from maretech.common.storage import object_store
from maretech.common.work.durable import Retry
from maretech.common.work.isolation import log_and_continue
from testing.factories import AssetFactory, InspectionFactory, SlotFactory, UserFactory, deliver_result
from vessels.models import Vessel

FIRST_DAY: Final = date(2026, 1, 10)
NOON: Final = time_of_day(12)
LABEL: Final = "Tern"
SERVER: Final = {"DRILL_WITH": "drills.jobs.timeline_recomputed.at_work"}
MEASURING_SECONDS: Final = 0.15
LOCAL_WORKERS: Final = 3
# An attempt that SQLite refused is repeated soon: the drill does not measure the pause.
LOCAL_RETRY: Final = Retry(first=timedelta(seconds=3), factor=1, max_attempts=20)
SHOWN: Final = "a change is shown across maintenance"
STORED: Final = "an answer across maintenance is stored"
LOST: Final = "an old answer is lost"
OLD_MODEL: Final = "an answer stays with the old model"
UNFINISHED: Final = "a timeline stays unfinished"


@contextmanager
def disable_guard() -> Iterator[None]:
    with ExitStack() as stack:
        for name, replacement in (
            ("corrosion.comparison.answers._has_same_baselines", lambda *_: True),
            ("corrosion.models.Comparison.update_unless_changed", _update_always),
            ("corrosion.comparison.work._keep", lambda *_: None),
        ):
            stack.enter_context(patch(name, replacement))
        stack.enter_context(patch.object(Baselines, "contradict", lambda *_: False))
        stack.enter_context(patch.object(Baselines, "is_restarted", lambda *_: False))
        stack.enter_context(patch("corrosion.comparison.outdated.reopen_outdated", list))
        yield


def _update_always(row: Comparison, **values: object) -> bool:
    return bool(Comparison.objects.filter(pk=row.pk).update(**values))


# --- Inside the workers ------------------------------------------------------------------------------------------


class RednessPredictor:
    """Takes what is redder than blue for rust, slowly; its version is in a file, so that it can be changed."""

    mode = "corrosion"

    def __init__(self) -> None:
        self.model_version = _model_file().read_text()

    def predict(self, pixels: NDArray[np.uint8]) -> Prediction:
        time.sleep(MEASURING_SECONDS)
        redness = pixels[..., 0].astype(np.float32) - pixels[..., 2]
        return Prediction(probability=0.9, quality_flags=(), probability_map=(redness > 40).astype(np.float32))


@contextmanager
def at_work() -> Iterator[None]:
    with (
        patch("corrosion.comparison.compute.engine_for", lambda **_: RednessPredictor()),
        patch("corrosion.comparison.answers.model_version_of", lambda **_: _model_file().read_text()),
    ):
        yield


def _model_file() -> Path:
    return Path(settings.VAR_DIR) / "drill-model"


# --- Outside -----------------------------------------------------------------------------------------------------


@dataclass
class Boat:
    """A vessel, its visits in order, and when its maintenance was noted and removed. `gap` is the visit after it."""

    owner: User
    vessel: Vessel
    visits: list[UUID]
    gap: int
    noted: list[tuple[float, float]] = field(default_factory=list)
    maintenance_id: UUID | None = None

    @property
    def day(self) -> date:
        return FIRST_DAY + timedelta(days=10 * self.gap - 5)

    def note(self) -> None:
        job = Job(kind=MaintenanceKind.PAINTED, performed_on=self.day)
        row, _ = add_maintenance(owner=self.owner, vessel_id=self.vessel.pk, job=job)
        self.maintenance_id = row.pk
        self.noted.append((time.monotonic(), float("inf")))

    def remove(self) -> None:
        assert self.maintenance_id is not None
        self.noted[-1] = (self.noted[-1][0], time.monotonic())
        remove_maintenance(owner=self.owner, maintenance_id=self.maintenance_id)

    def is_noted(self, since: float, until: float) -> bool:
        return any(begin <= since and until <= end for begin, end in self.noted)

    def is_across(self, before: UUID, after: UUID) -> bool:
        return self.visits.index(before) < self.gap <= self.visits.index(after)


@dataclass
class Witness:
    """What the threads saw: changes shown across maintenance, and every answer that ever stood in a row."""

    shown: int = 0
    read: int = 0
    answers: set[tuple[int, datetime]] = field(default_factory=set)


def drill(context: DrillContext) -> Result:
    count, visits, rounds = (2, 3, 2) if context.small or context.control else (8, 6, 4)
    _model_file().write_text("drill-1")
    with ExitStack() as stack:
        stack.enter_context(at_work())
        if context.server is None:
            stack.enter_context(patch.object(Comparison, "retry", LOCAL_RETRY))
        _start_workers(context, stack)
        boats = [_boat(visits, gap=1 + number % (visits - 1)) for number in range(count)]
        witness = Witness()
        stop = stack.enter_context(_threads(boats, witness, is_served=context.server is not None))
        wait_until(lambda: _is_finished(boats), seconds=120)
        _model_file().write_text("drill-2")
        for number in range(rounds):
            _note_while_measured(boats)
            if number < rounds - 1:
                for boat in boats:
                    boat.remove()
        # In this order: an answer reopened between the two checks is unfinished and no longer of the old model.
        wait_until(lambda: not _of_old_model(boats) and _is_finished(boats), seconds=5 if context.control else 180)
        stop.set()
    with at_work():
        return _result(boats, witness)


def _result(boats: list[Boat], witness: Witness) -> Result:
    kept = set(SupersededAnswer.objects.values_list("comparison_id", "computed_at"))
    current = set(_done().values_list("pk", "computed_at"))
    across = [
        row
        for boat in boats
        for row in _done().filter(before__vessel=boat.vessel.pk, trend__isnull=False)
        if boat.maintenance_id and boat.is_across(row.before_id, row.after_id)
    ]
    wrong = {
        SHOWN: witness.shown,
        STORED: len(across),
        LOST: len(witness.answers - kept - current),
        OLD_MODEL: _of_old_model(boats),
    }
    unfinished = sum(1 for boat in boats if timeline_of(boat.vessel).pending)
    faults = [f"{what}: {number}" for what, number in {**wrong, UNFINISHED: unfinished}.items() if number]
    figure = f"{witness.read} timelines read, {len(kept)} old answers kept; {', '.join(faults) or 'no fault'}"
    n = f"{len(boats)} vessels, {sum(len(boat.noted) for boat in boats)} times painted, 1 model changed"
    attacks = {what: bool(number) for what, number in wrong.items()}
    return Result(n, figure, "no fault", not faults, attacks)


def _note_while_measured(boats: list[Boat]) -> None:
    """Note the paint of each boat while a worker measures a pair across it, which is made to be measured now."""
    for boat in boats:
        across = [row for row in _of(boat) if boat.is_across(row.before_id, row.after_id)]
        work.reopen_finished(Comparison.objects.filter(pk__in=[row.pk for row in across]), cause=SupersedingCause.STAFF)
        wait_until(partial(_is_measured, boat), seconds=10, every=0.01)
        boat.note()


def _is_measured(boat: Boat) -> bool:
    claimed = [row for row in _of(boat) if row.state == ComparisonState.PENDING and row.attempts]
    return any(boat.is_across(row.before_id, row.after_id) for row in claimed)


def _is_finished(boats: list[Boat]) -> bool:
    return not any(timeline_of(boat.vessel).pending for boat in boats)


def _of_old_model(boats: list[Boat]) -> int:
    of_old = _done().filter(in_timeline=True, model_version="drill-1")
    return of_old.filter(before__vessel__in=[boat.vessel.pk for boat in boats]).count()


def _of(boat: Boat) -> list[Comparison]:
    return list(Comparison.objects.filter(before__vessel=boat.vessel.pk, in_timeline=True))


def _done() -> QuerySet[Comparison]:
    return Comparison.objects.filter(state=ComparisonState.DONE)


# --- Threads -----------------------------------------------------------------------------------------------------


def _start_workers(context: DrillContext, stack: ExitStack) -> None:
    if context.server is not None:
        stack.enter_context(workers_beside(2, at_once=2, env=SERVER, control=context.control))


@contextmanager
def _threads(boats: list[Boat], witness: Witness, *, is_served: bool) -> Iterator[Event]:
    """Run the readers and the scheduler, and without a server the workers, until the event is set."""
    stop = Event()
    acts: list[Callable[[], None]] = [
        partial(_read, boats, witness),
        partial(_note_answers, witness),
        _schedule if is_served else _reopen,
    ]
    if not is_served:
        acts += [_compute_one] * LOCAL_WORKERS
    threads = [Thread(target=_repeat, args=(act, stop), daemon=True) for act in acts]
    for thread in threads:
        thread.start()
    try:
        yield stop
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _repeat(act: Callable[[], None], stop: Event) -> None:
    while not stop.is_set():
        act()
        time.sleep(0.05)
    connection.close()


def _read(boats: list[Boat], witness: Witness) -> None:
    for boat in boats:
        since = time.monotonic()
        timeline = timeline_of(boat.vessel, is_requested=False)
        witness.read += 1
        if _shows_change(timeline, boat) and boat.is_noted(since, time.monotonic()):
            witness.shown += 1


def _shows_change(timeline: Timeline, boat: Boat) -> bool:
    after_gap = boat.visits[boat.gap]
    for point in timeline.points:
        if any(visit.inspection_id == after_gap and visit.step and visit.step.trend for visit in point.visits):
            return True
        if any(boat.is_across(part.from_id, part.to_id) and part.trend for part in point.segments):
            return True
    return False


def _note_answers(witness: Witness) -> None:
    witness.answers |= {(pk, at) for pk, at in _done().values_list("pk", "computed_at") if at is not None}


def _reopen() -> None:
    outdated.reopen_outdated()


def _schedule() -> None:
    """Do what the scheduler does, more often."""
    outdated.reopen_outdated()
    for pk in work.comparisons_to_send():
        send_comparison(pk)
    time.sleep(0.1)


def _compute_one() -> None:
    """Compute one that is due, or that a message was sent for: no worker of this process reads messages."""
    wanted = Comparison.awaited().filter(Q(due_at__lte=timezone.now()) | Q(attempts=0))
    pk = wanted.order_by("?").values_list("pk", flat=True).first()
    if pk is not None:
        with log_and_continue("not computed", comparison=pk):  # SQLite may refuse it; a worker survives that too
            compute(pk)


# --- Boats -------------------------------------------------------------------------------------------------------


def _boat(visits: int, *, gap: int) -> Boat:
    """Create a vessel that was rusty at each visit before the gap and clean from then on."""
    owner: User = UserFactory.create(email=f"boat-{uuid4().hex}@example.org")
    made = [_visit(owner, number, rust=0.3 if number < gap else 0.02) for number in range(visits)]
    for inspection in made:
        hooks.announce_delivered(inspection)
    vessel = made[0].vessel
    assert vessel is not None
    return Boat(owner, vessel, [inspection.pk for inspection in made], gap)


def _visit(owner: User, number: int, *, rust: float) -> Inspection:
    at = datetime.combine(FIRST_DAY, NOON, tzinfo=UTC) + timedelta(days=10 * number)
    inspection: Inspection = InspectionFactory.create(owner=owner, completed=True, vessel_label=LABEL, created_at=at)
    slot, pk, content = SlotFactory.create(inspection=inspection), uuid4(), _photo(rust, grain=number)
    key = f"{inspection.key_prefix}evidence/{pk}"
    object_store().write(key, content, content_type="image/png")
    AssetFactory.create(id=pk, slot=slot, frozen=True, evidence_uri=key, evidence_sha256=_sha256(content))
    entry = {"point_index": 1, "label": "", "coverage_band": "light", "signal_detected": "yes", "overlay_uri": None}
    deliver_result(inspection, corrosion={"points": [entry]})
    return inspection


def _photo(rust: float, *, grain: int) -> bytes:
    """Return the plate with this share of rust. `grain` makes the files of two visits differ."""
    rng, size = np.random.default_rng(1), (480, 360)
    noise = rng.normal(0, 1, size[::-1]).astype(np.float32)
    texture = np.sum([cv2.GaussianBlur(noise, (0, 0), sigma) * sigma * 14 for sigma in (1.5, 4, 9)], axis=0)
    pixels = np.clip(np.array([120, 132, 140]) + texture[..., None], 0, 255).astype(np.uint8)
    lobes = cv2.resize(rng.normal(0, 1, (9, 12)).astype(np.float32), size, interpolation=cv2.INTER_CUBIC)
    pixels[lobes > np.quantile(lobes, 1 - rust)] = (150, 84, 40)
    pixels[0, 0] = grain
    return cv2.imencode(".png", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))[1].tobytes()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    main(drill, disable_guard, env=SERVER)
