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
from typing import Final

from drills import ground
from drills.harness import REPORT, line, rows

GROUPS: Final = {
    "money": (
        "shuffled_events",
        "forged_webhooks",
        "sealed_books",
        "random_steps",
        "one_receipt",
        "forged_receipts",
        "reconciliation",
        "subscriptions",
    ),
    "requests": ("same_key", "key_scope", "killed_web", "slots"),
    "jobs": (
        "killed_workers",
        "broker_gone",
        "database_gone",
        "store_gone",
        "second_attempt",
        "stopped_workers",
        "late_workers",
        "poison",
        "mail_gone",
        "lives",
    ),
    "photos": ("overwritten", "hostile_files", "no_position", "abandoned", "fairness"),
    "doors": (
        "strangers",
        "mass_assignment",
        "token_theft",
        "registration_races",
        "admin_roles",
        "limits",
        "login_time",
        "reset_codes",
        "proven_addresses",
        "deploy_check",
        "fuzzing",
        "erasure",
    ),
    "operations": ("silent_worker", "backup"),
}
# A drill spends most of its time waiting for leases to expire and for killed processes to restart.
LANES: Final = 3
# The longest drill takes half of this on two cores. A drill that hangs must not block the report of the others.
LIMIT_SECONDS: Final = 1200
ALL: Final = [name for group in GROUPS.values() for name in group]
# These take minutes. They start first, the longest ahead of the rest, so that no long drill runs alone at the end.
LONG: Final = (
    "fuzzing",
    "broker_gone",
    "login_time",
    "killed_web",
    "shuffled_events",
    "erasure",
    "same_key",
    "random_steps",
    "subscriptions",
    "lives",
    "killed_workers",
    "deploy_check",
    "store_gone",
    "second_attempt",
    "late_workers",
    "mail_gone",
    "silent_worker",
    "backup",
)


def main(asked: list[str]) -> int:
    names = [name for word in asked or list(GROUPS) for name in GROUPS.get(word, (word,))]
    unknown = [name for name in names if name not in ALL]
    if unknown:
        print(f"There is no drill {unknown[0]}. There are: {', '.join([*GROUPS, *ALL])}.", file=sys.stderr)
        return 2
    REPORT.unlink(missing_ok=True)
    began = time.monotonic()
    waiting = deque(sorted(names, key=lambda name: LONG.index(name) if name in LONG else len(LONG)))
    brokers = ground.brokers(LANES)
    with ThreadPoolExecutor(len(brokers)) as lanes:
        list(lanes.map(lambda broker: _run_one_after_the_other(waiting, broker), brokers))
    found = [row for row in rows() if row["drill"] in names]
    print("drill | N | figure | bound | held | seconds")
    for row in found:
        print(line(row))
    print(f"On {' | '.join(sorted({str(row['on']) for row in found}))}.")
    print("No failure in N trials means a failure rate under about 3/N.")
    for name in names:
        if name not in [row["drill"] for row in found]:
            print(f"{name} | - | came to no end | - | FELL SHORT | -")
    minutes, seconds = divmod(round(time.monotonic() - began), 60)
    print(f"In {minutes}:{seconds:02} minutes.")
    held = sum(1 for row in found if row["held"])
    if os.environ.get("CONTROL") == "1":
        short = len(found) - held
        print(f"{short} of {len(names)} fell short without their guard")
        return 0 if short == len(names) else 1
    print(f"{held} of {len(names)} held")
    return 0 if held == len(names) else 1


def _run_one_after_the_other(waiting: deque[str], broker: str) -> None:
    while name := _taken_from(waiting):
        print(f"{name} …", file=sys.stderr, flush=True)
        command, env = [sys.executable, "-m", f"drills.{name}"], {**ground.OUTSIDE, "DRILL_REDIS_URL": broker}
        drill = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)  # noqa: S603 - our own
        try:
            drill.wait(LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            drill.terminate()  # it cleans up, and has no line in the report
            with suppress(subprocess.TimeoutExpired):
                drill.wait(60)
            drill.kill()


def _taken_from(waiting: deque[str]) -> str:
    try:
        return waiting.popleft()
    except IndexError:
        return ""


if __name__ == "__main__":
    os.chdir(REPORT.parent.parent)
    sys.exit(main(sys.argv[1:]))
