"""Kill the workers that render dossiers with `kill -9`, and their typesetters; lose and double their messages.

Every dossier must become final once: with one PDF in the store, with the bytes of a rendering without disturbance, and
one notification. No rendering may fail for good, and garbage collection must leave no object and no folder behind. The
pause between two attempts is shortened, because the drill does not measure it. A third attempt is spared: a rendering
that ends its worker three times is given up. `rendering_attacks` attacks one guard at a time.

Control: the sweep wakes no worker.
"""

import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Final
from unittest.mock import patch

from django.test import override_settings
from django.utils import timezone

from dossiers.models import Dossier
from dossiers.tasks import render_dossier
from dossiers.vocabulary import DossierStatus
from drills.dossiers._renderings import collect_old_garbage, faults_of, finalised, inspected_owner, left_folders
from drills.harness.processes import children_of, kill, pid_of
from drills.harness.runner import DrillContext, Result, main
from drills.harness.sample_inspections import wait_until
from maretech.common.work.durable import Retry
from maretech.processes import Server

WORKER: Final = "worker-dossiers"
DOSSIERS_OF_AN_OWNER: Final = 4
# A child is the process that renders. Each death of a whole worker doubles the pause before the next one starts.
VICTIMS: Final = ("typesetter", "child", "typesetter", "child", "typesetter", "main")
PATIENCE_SECONDS: Final = 60
PAUSE: Final = timedelta(seconds=20)
SERVER: Final = {"DRILL_WITH": "drills.dossiers.killed_renderings.with_short_pauses"}


def disable_guard() -> AbstractContextManager[object]:
    return patch("dossiers.tasks.due_count", lambda _: 0)


@contextmanager
def with_short_pauses() -> Iterator[None]:
    with patch.object(Dossier, "retry", Retry(first=PAUSE, factor=1, max_attempts=3)):
        yield


def drill(context: DrillContext, folder: Path) -> Result:
    assert context.server is not None
    count, kills = (8, 3) if context.small or context.control else (100, 30)
    people = [inspected_owner() for _ in range(count // DOSSIERS_OF_AN_OWNER)]
    dossiers = [finalised(*people[number % len(people)]) for number in range(count)]
    for number in range(count):
        for _ in range((0, 1, 3)[number % 3]):  # lost, sent, doubled
            render_dossier.apply_async(queue="dossiers")
    killed = Counter(_kill_one_after_another(context.server, count, kills))
    wait_until(lambda: not Dossier.unfinished().exists(), seconds=60 if context.control else 400)
    with override_settings(PUBLIC_URL=context.server.base_url):
        return _result(dossiers, killed, folder)


def _result(dossiers: list[Dossier], killed: Counter[str], folder: Path) -> Result:
    folders = left_folders(folder)
    for each in folders:
        os.utime(each, (0, 0))
    orphans = collect_old_garbage()
    # The drill's own renderings, to compare with, delete the folders as any later rendering does.
    with patch.object(tempfile, "tempdir", str(folder)):
        wrong = list(faults_of(dossiers))
    left = len(left_folders(folder))
    again = sum(1 for dossier in dossiers if dossier.attempts > 1)
    counts = ", ".join(f"{times} × {name}" for name, times in sorted(killed.items()))
    first = f" ({wrong[0]})" if wrong else ""
    figure = (
        f"{len(dossiers) - len(wrong)} final once with the same bytes, {len(wrong)} not{first}; "
        f"{again} rendered again, "
        f"{orphans} orphans deleted, {len(folders)} folders of killed workers, {left} left ({counts})"
    )
    passed = not wrong and not left and again > 0
    n = f"{len(dossiers)} dossiers, {killed.total()} × kill -9"
    return Result(n, figure, f"{len(dossiers)} once, 0 not, 0 left", passed)


def _kill_one_after_another(server: Server, count: int, kills: int) -> Iterator[str]:
    """Spread the kills over the run, each at a random moment of a rendering."""
    rng = Random(kills)  # noqa: S311 - moments to kill at
    for number in range(kills):
        wait_until(partial(_have_finished, int(count * 0.9) * number // kills), seconds=PATIENCE_SECONDS, every=0.05)
        if not wait_until(partial(_is_rendering, server), seconds=PATIENCE_SECONDS, every=0.02):
            return
        victim = VICTIMS[number % len(VICTIMS)]
        time.sleep(rng.uniform(0, 0.4))
        if _is_rendering(server) and kill(*_pids(server, victim)):
            yield victim


def _have_finished(count: int) -> bool:
    return Dossier.objects.filter(status=DossierStatus.FINAL).count() >= count


def _is_rendering(server: Server) -> bool:
    """Return whether the worker is at a first or second attempt."""
    return bool(_pids(server, "typesetter")) and not Dossier.unfinished().filter(
        attempts__gte=3, due_at__gt=timezone.now()
    )


def _pids(server: Server, victim: str) -> list[int]:
    worker = pid_of(server, WORKER)
    children = children_of(worker) if worker else []
    return {
        "main": [worker] if worker else [],
        "child": children[:1],
        "typesetter": [pid for child in children for pid in children_of(child)],
    }[victim]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="maretech-drill-renderings-") as own:
        main(partial(drill, folder=Path(own)), disable_guard, env={**SERVER, "TMPDIR": own})
