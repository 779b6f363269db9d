"""Attack the rendering of dossiers, one guard at a time: each dossier becomes final once, with the same bytes.

Attacks:

- The worker is killed with `kill -9` at each line, in turn; another one continues later.
- The worker is killed between the store and the database; the next one works on another day.
- The worker is killed between the store and the database; its PDF stays in the store.
- A worker returns after another one has finished its dossier.
- Two workers get the same message at the same moment.
- The message is lost.
- The process that typesets is killed, twice.
- The worker is killed while it typesets; its folder stays.

After each attack the sweep wakes the workers, and garbage is collected as if a day had passed. Then there must be one
PDF per dossier, with the bytes of a rendering without disturbance, and one notification. In the attacks on lines, the
typesetter is replaced by a quick one.

Control: each attack runs without its own guard, and succeeds.
"""

import hashlib
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any, Final
from unittest.mock import patch
from uuid import UUID

from django.utils import timezone

from accounts.models import User
from dossiers import tasks, turns
from dossiers.content.gathering import facts_of
from dossiers.content.visits import PictureKeys
from dossiers.document import render, typesetter
from dossiers.document.content import DossierContent
from dossiers.lifecycle import rendering, transitions
from dossiers.models import Dossier
from dossiers.objects import garbage_collection
from drills.dossiers._renderings import collect_old_garbage, fault_of, finalised, inspected_owner, left_folders
from drills.harness.forked_workers import at_once, in_a_child, kill_this_process, stopping_at
from drills.harness.runner import DrillContext, Result, main
from inspections.models import Inspection
from maretech.common.work import durable
from maretech.common.work.durable import Retry

# The lines at which a worker is killed.
FILES: Final = frozenset(str(module.__file__) for module in (rendering, transitions, turns, durable))
MOST_LINES: Final = 2000
TIMES: Final = 20
SEED: Final = 20_261_130
_A_DAY: Final = timedelta(days=1)
_TWO_HOURS_SECONDS: Final = 7200


@dataclass
class Scene:
    """One owner with an inspection, and how much of an attack there is. `tries` are its dossiers."""

    owner: User
    inspection: Inspection
    folder: Path
    times: int
    step: int
    rng: Random = field(default_factory=lambda: Random(SEED))  # noqa: S311 - moments to kill at
    tries: int = 0
    wrong: list[str] = field(default_factory=list)

    def dossier(self) -> Dossier:
        return finalised(self.owner, self.inspection)

    def add(self, dossier: Dossier) -> None:
        """Let the sweeps run a day later, and count the dossier."""
        self.tries += 1
        _wake_workers(dossier)
        collect_old_garbage()
        if fault := fault_of(dossier):
            self.wrong.append(fault)
            Dossier.objects.filter(pk=dossier.pk, status="rendering").update(status="draft", dated_at=None)

    @property
    def rendered(self) -> int:
        """Return how often the quick typesetter has worked, in every process."""
        log = self.folder / "rendered"
        return log.stat().st_size if log.exists() else 0


@dataclass(frozen=True)
class Attack:
    name: str
    run: Callable[[Scene], object]
    without_guard: Callable[[], AbstractContextManager[object]]
    typesets: bool = False


def drill(context: DrillContext) -> Result:
    is_short = context.small or context.control
    scenes: dict[str, Scene] = {}
    for attack in ATTACKS:
        guard = attack.without_guard() if context.control else nullcontext()
        with _scene(is_short=is_short, typesets=attack.typesets) as scene, guard:
            attack.run(scene)
        scenes[attack.name] = scene
    n = ", ".join(f"{scene.tries} × {name}" for name, scene in scenes.items())
    wrong = [f"{name}: {fault}" for name, scene in scenes.items() for fault in scene.wrong]
    figure = f"{sum(scene.tries for scene in scenes.values())} dossiers, {len(wrong)} not final exactly once"
    figure += f" ({wrong[0]})" if wrong else ""
    succeeded = {name: bool(scene.wrong) for name, scene in scenes.items()}
    return Result(n, figure, "0 not final exactly once", not wrong, succeeded)


def disable_guard() -> AbstractContextManager[object]:
    """Each attack disables its own guard."""
    return nullcontext()


@contextmanager
def _scene(*, is_short: bool, typesets: bool) -> Iterator[Scene]:
    """Messages to workers go nowhere, and folders of renderings lie in a folder of the drill's own."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="maretech-drill-renderings-")))
        owner, inspection = inspected_owner()
        stack.enter_context(patch("dossiers.tasks.enqueue_on_commit"))
        stack.enter_context(patch("notifications.notify.enqueue_on_commit"))
        stack.enter_context(patch.object(tempfile, "tempdir", str(folder)))
        scene = Scene(owner, inspection, folder, 1 if is_short else TIMES, 29 if is_short else 1)
        if not typesets:
            stack.enter_context(patch.object(rendering, "render_pdf", partial(_quick_pdf, folder / "rendered")))
        yield scene


def _quick_pdf(log: Path, content: DossierContent) -> bytes:
    """Replace the typesetter: the same content makes the same bytes."""
    with log.open("ab") as each:
        each.write(b".")
    return b"%PDF-1.7 " + hashlib.sha256(repr(content).encode()).digest()


def _wake_workers(dossier: Dossier) -> None:
    """Let a day pass: the sweep sends a message for all work that is due, and workers do it."""
    for _ in range(Dossier.retry.max_attempts or 1):
        Dossier.unfinished().filter(pk=dossier.pk, due_at__lt=timezone.now() + _A_DAY).update(due_at=timezone.now())
        with patch.object(tasks, "send_rendering") as send:
            tasks.resume_dossier_work()
        for _message in range(send.call_count):
            rendering.render_next()


# --- the attacks -----------------------------------------------------------------------------------------------------
def _killed_at_each_line(scene: Scene) -> None:
    for line in range(1, MOST_LINES, scene.step):
        dossier = scene.dossier()
        is_over = not in_a_child(partial(stopping_at, line, FILES, rendering.render_next, kill_this_process))
        scene.add(dossier)
        if is_over:
            return
    raise AssertionError("the rendering does not end")


def _killed_before_it_is_noted(scene: Scene) -> None:
    with patch.object(rendering, "_finish", lambda *_: kill_this_process()):
        assert in_a_child(rendering.render_next)


def _continued_on_another_day(scene: Scene) -> None:
    for _ in range(scene.times):
        dossier = scene.dossier()
        yesterday = timezone.now() - _A_DAY
        Dossier.objects.filter(pk=dossier.pk).update(dated_at=yesterday, due_at=yesterday)
        _killed_before_it_is_noted(scene)
        scene.add(dossier)


def _killed_before_it_is_noted_at_each(scene: Scene) -> None:
    for _ in range(scene.times):
        dossier = scene.dossier()
        _killed_before_it_is_noted(scene)
        scene.add(dossier)


def _late_worker(scene: Scene) -> None:
    """The first worker hangs behind its rendering, longer than its time; the second one does the whole work."""
    quick = partial(_quick_pdf, scene.folder / "rendered")
    for _ in range(scene.times):
        dossier = scene.dossier()

        def hang(content: DossierContent, dossier: Dossier = dossier) -> bytes:
            with patch.object(rendering, "render_pdf", quick):
                _wake_workers(dossier)
            return quick(content)

        with patch.object(rendering, "render_pdf", hang):
            rendering.render_next()
        scene.add(dossier)


def _two_workers_at_once(scene: Scene) -> None:
    for _ in range(max(3, scene.times)):
        dossier, before = scene.dossier(), scene.rendered
        at_once(rendering.render_next)
        made = scene.rendered - before
        scene.add(dossier)
        if made != 1:
            scene.wrong.append(f"rendered {made} times")


def _message_lost(scene: Scene) -> None:
    for _ in range(scene.times):
        scene.add(scene.dossier())


def _typesetter_killed(scene: Scene) -> None:
    for _ in range(scene.times):
        dossier = scene.dossier()
        for _again in range(2):
            Dossier.objects.filter(pk=dossier.pk).update(due_at=timezone.now())
            with _typesetting(partial(_kill_typesetter, scene.rng)), suppress(MemoryError):
                rendering.render_next()
        scene.add(dossier)
        if left_folders(scene.folder):
            scene.wrong.append("a folder is left")


def _killed_while_it_typesets(scene: Scene) -> None:
    for _ in range(scene.times):
        dossier = scene.dossier()
        with _typesetting(partial(_kill_worker, scene.rng)):
            assert in_a_child(rendering.render_next)
        for folder in left_folders(scene.folder):
            old = time.time() - _TWO_HOURS_SECONDS
            os.utime(folder, (old, old))
        scene.add(dossier)
        if left_folders(scene.folder):
            scene.wrong.append("a folder is left")


def _typesetting(run: Callable[..., object]) -> AbstractContextManager[object]:
    return patch.object(typesetter, "subprocess", SimpleNamespace(run=run))


def _kill_typesetter(rng: Random, command: Sequence[str], **options: Any) -> "subprocess.CompletedProcess[bytes]":
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=options["env"]) as child:  # noqa: S603 - our own module
        time.sleep(rng.uniform(0, 0.3))
        child.kill()
        out, _ = child.communicate()
    return subprocess.CompletedProcess(command, child.returncode, out, b"")


def _kill_worker(rng: Random, command: Sequence[str], **options: Any) -> None:
    """Kill the worker while its child works, which goes on alone and ends."""
    subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=options["env"])  # noqa: S603
    time.sleep(rng.uniform(0, 0.3))
    kill_this_process()


# --- without their guards --------------------------------------------------------------------------------------------
def _is_never_due_again() -> AbstractContextManager[object]:
    return patch.object(Dossier, "retry", Retry(first=timedelta(days=3650), factor=1, max_attempts=3))


def _is_dated_by_each_attempt() -> AbstractContextManager[object]:
    def facts_of_now(dossier: Dossier) -> tuple[DossierContent, PictureKeys]:
        facts, keys = facts_of(dossier)
        return replace(facts, created_at=timezone.now()), keys

    return patch.object(rendering, "facts_of", facts_of_now)


def _collects_no_garbage() -> AbstractContextManager[object]:
    return patch.object(garbage_collection, "collect_garbage", list)


def _writes_under_one_name() -> AbstractContextManager[object]:
    return patch.object(rendering, "uuid4", lambda: UUID(int=1))


def _claims_without_comparing() -> AbstractContextManager[object]:
    def claim(pk: UUID, **_: object) -> Dossier:
        row: Dossier = Dossier.objects.get(pk=pk)
        time.sleep(0.5)  # both have read it
        row.attempts += 1
        Dossier.objects.filter(pk=pk).update(attempts=row.attempts, due_at=timezone.now() + _A_DAY / 2)
        return row

    return patch.object(Dossier, "claim", claim)


def _wakes_nobody() -> AbstractContextManager[object]:
    return patch.object(tasks, "due_count", lambda _: 0)


def _has_one_attempt() -> AbstractContextManager[object]:
    return patch.object(Dossier, "retry", Retry(first=timedelta(minutes=3), factor=2, max_attempts=1))


def _deletes_no_folder() -> AbstractContextManager[object]:
    return patch.object(render, "_delete_abandoned", lambda: None)


ATTACKS: Final = (
    Attack("killed at each line", _killed_at_each_line, _is_never_due_again),
    Attack("continued on another day", _continued_on_another_day, _is_dated_by_each_attempt),
    Attack("killed before it was noted", _killed_before_it_is_noted_at_each, _collects_no_garbage),
    Attack("late workers", _late_worker, _writes_under_one_name),
    Attack("two workers at once", _two_workers_at_once, _claims_without_comparing),
    Attack("message lost", _message_lost, _wakes_nobody),
    Attack("typesetter killed twice", _typesetter_killed, _has_one_attempt, typesets=True),
    Attack("killed while it typesets", _killed_while_it_typesets, _deletes_no_folder, typesets=True),
)

if __name__ == "__main__":
    main(drill, disable_guard, served=False)
