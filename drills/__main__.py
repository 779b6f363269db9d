"""Run all drills, or some: `python -m drills [GROUP|NAME...]`. Prints a table and writes `drills/report.json`.

With CONTROL=1 each drill runs without its guard and must fail; a drill that names its attacks must fail for each
attack. A drill that does not finish proves nothing.
"""

import os
import subprocess
import sys
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from pkgutil import iter_modules
from typing import Final

from drills.harness import environment
from drills.harness.runner import REPORT, line, rows

FOLDER: Final = Path(__file__).parent
# Modules that begin with an underscore belong to the drills beside them.
GROUPS: Final = {
    group: [module.name for module in iter_modules([str(FOLDER / group)]) if not module.name.startswith("_")]
    for group in ("money", "requests", "jobs", "notifications", "photos", "dossiers", "security", "operations")
}
GROUP_OF: Final = {name: group for group, names in GROUPS.items() for name in names}
# A drill spends most of its time waiting for leases to expire and for killed processes to restart.
LANES: Final = 3
# The longest drill takes half of this on two cores. A drill that hangs must not block the report of the others.
LIMIT_SECONDS: Final = 1200
# These take minutes. They start first, the longest ahead of the rest, so that no long drill runs alone at the end.
LONG: Final = (
    "broker_outage",
    "killed_web",
    "shuffled_events",
    "erasure",
    "key_reuse",
    "random_steps",
    "service_steps",
    "letters",
    "handovers",
    "subscriptions",
    "lifecycle_model",
    "killed_workers",
    "killed_renderings",
    "hostile_recordings",
    "rendering_attacks",
    "deploy_check",
    "store_outage",
    "second_attempt",
    "expired_leases",
    "mail_outage",
    "notifications_once",
    "delivery_attacks",
    "stalled_consumer",
    "timeline_recomputed",
    "photos_survive",
    "backup",
)
# These run last, one at a time: the fuzzer takes a core for minutes, which would disturb those that measure a time, and
# the other two measure fractions of a second.
ALONE: Final = ("fuzzing", "fairness", "login_time")


def main(words: list[str]) -> int:
    names = [name for word in words or list(GROUPS) for name in GROUPS.get(word, (word,))]
    unknown = [name for name in names if name not in GROUP_OF]
    if unknown:
        print(f"There is no drill {unknown[0]}. There are: {', '.join([*GROUPS, *GROUP_OF])}.", file=sys.stderr)
        return 2
    REPORT.unlink(missing_ok=True)
    began = time.monotonic()
    together = [name for name in names if name not in ALONE]
    waiting = deque(sorted(together, key=lambda name: LONG.index(name) if name in LONG else len(LONG)))
    brokers = environment.brokers(LANES)
    with ThreadPoolExecutor(len(brokers)) as lanes:
        list(lanes.map(lambda broker: _run_one_after_the_other(waiting, broker), brokers))
    _run_one_after_the_other(deque(name for name in names if name in ALONE), brokers[0])
    found = [row for row in rows() if row["drill"] in names]
    print("drill | N | figure | bound | passed | seconds")
    for row in found:
        print(line(row))
    print(f"On {' | '.join(sorted({str(row['on']) for row in found}))}.")
    print("No failure in N trials means a failure rate under about 3/N.")
    for name in names:
        if name not in [row["drill"] for row in found]:
            print(f"{name} | - | did not end | - | FAILED | -")
    minutes, seconds = divmod(round(time.monotonic() - began), 60)
    print(f"In {minutes}:{seconds:02} minutes.")
    passed = sum(1 for row in found if row["passed"])
    if os.environ.get("CONTROL") == "1":
        failed = len(found) - passed
        print(f"{failed} of {len(names)} failed without their guard")
        return 0 if failed == len(names) else 1
    print(f"{passed} of {len(names)} passed")
    return 0 if passed == len(names) else 1


def _run_one_after_the_other(waiting: deque[str], broker: str) -> None:
    while name := _next_of(waiting):
        print(f"{name} …", file=sys.stderr, flush=True)
        command = [sys.executable, "-m", f"drills.{GROUP_OF[name]}.{name}"]
        env = {**environment.OUTSIDE, "DRILL_REDIS_URL": broker}
        drill = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)  # noqa: S603 - our own
        try:
            drill.wait(LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            drill.terminate()  # it cleans up, and has no line in the report
            with suppress(subprocess.TimeoutExpired):
                drill.wait(60)
            drill.kill()


def _next_of(waiting: deque[str]) -> str:
    try:
        return waiting.popleft()
    except IndexError:
        return ""


if __name__ == "__main__":
    os.chdir(REPORT.parent.parent)
    sys.exit(main(sys.argv[1:]))
