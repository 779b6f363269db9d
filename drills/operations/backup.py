"""Take a backup while owners upload and pay, and restore it to a second place: books and photographs must be whole.

Real orders, inspections, photos and exports by a running server with an S3-compatible store. The steps are those of
docs/runbooks/backup-and-restore.md: `pg_dump`, a copy of the objects, `pg_restore` into an empty database, and
`manage.py verify_data` there, with the copy in the embedded store. Then the copy is damaged, and `verify_data` must
find each damage. The tests have no small version: they test what `verify_data` finds without services.

Control: the objects are copied before the database, so that rows claim photos that the copy lacks.
"""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from itertools import chain, cycle
from pathlib import Path
from typing import Any, Final, LiteralString
from unittest.mock import patch
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
from django.conf import settings

from accounts.models import EXPORTS, Export
from drills.harness import environment
from drills.harness.api_client import call, crowd
from drills.harness.purchases import buy, pay
from drills.harness.runner import DrillContext, Result, main
from inspections.models import Inspection, MediaAsset
from inspections.vocabulary import InspectionStatus
from maretech.common.storage import object_store
from maretech.common.storage.base import ObjectMissing
from maretech.processes import MANAGE
from testing.demo import photos
from testing.phone import Phone, Refused

OWNERS: Final = 4
PATIENCE_SECONDS: Final = 90.0
LARGEST_BYTES: Final = 64 * 1024 * 1024
Step = Callable[[], None]


def disable_guard() -> AbstractContextManager[object]:
    return patch.dict(globals(), {"in_order": lambda dump, copy: (copy, dump)})


def in_order(dump: Step, copy: Step) -> tuple[Step, Step]:
    """Dump the rows before copying the objects: every object is stored before the row that claims it."""
    return dump, copy


def drill(context: DrillContext) -> Result:
    if settings.USES_SQLITE:
        return Result("0", "not tried: no Postgres answers, and `pg_dump` is what is tried", "-", passed=False)
    if shutil.which("pg_dump") is None:
        return Result("0", "not tried: this machine has no pg_dump", "-", passed=False)
    target = 8 if context.small else 24
    with _owners_at_work(context):
        _wait_until(lambda: _completed() >= target and _exports() == OWNERS)
        backup = Backup(Path(os.environ["VAR_DIR"]) / "backup")
        for step in in_order(backup.dump, backup.copy_objects):
            step()
            seen = MediaAsset.objects.count()
            _wait_until(partial(_is_more_than, seen + OWNERS))  # owners go on meanwhile
    backup.restore()
    stray = backup.verify("--delete-unknown")
    whole = backup.verify()
    expected = [damage(backup) for damage in DAMAGES if whole.is_whole]  # otherwise there are no photographs to damage
    damaged = backup.verify()
    missed = [words for words in expected if words not in damaged.output]
    figure = (
        f"restored in {backup.seconds:.1f} s: {whole.summary}; "
        f"{len(expected) - len(missed)} of {len(DAMAGES)} damages found{f' (not: {missed})' if missed else ''}"
    )
    passed = stray.is_whole and whole.is_whole and not damaged.is_whole and not missed
    return Result(f"{_completed()} inspections, {len(DAMAGES)} damages", figure, "0 wrong, all damages found", passed)


@contextmanager
def _owners_at_work(context: DrillContext) -> Iterator[None]:
    """Buy, photograph and submit one inspection after another as several owners, until the block ends."""
    walk = photos.rendered(mode="osmosis", points=1, severity=0.5)
    over = threading.Event()

    def work(phone: Phone, mode: str) -> None:
        while not over.is_set():
            with suppress(Refused):
                opened = phone.send("/inspections", {"mode": mode}, HTTP_IDEMPOTENCY_KEY=str(time.monotonic_ns()))
                for target in opened["uploads"]:
                    phone.upload(target, walk[1][target["angle"]])
                phone.send(f"/inspections/{opened['inspection_id']}/complete")

    people = crowd(context.base_url, OWNERS)
    for who in people:
        pay(context.fake, buy(who))
        who.post("/payments/osmosis/mock", {"paid": True})
        who.post("/subscriptions/corrosion/mock", {"active": True})
        call(who.base_url, "GET", "/auth/me/export", token=who.token)
    context.fake.deliver(context.fake.events)
    threads = [
        threading.Thread(target=work, args=(Phone.at(who.base_url, who.token), mode), daemon=True)
        for who, mode in zip(people, cycle(["osmosis", "corrosion"]), strict=False)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join(timeout=30)


class Verified:
    """The output of `verify_data`."""

    def __init__(self, ended: "subprocess.CompletedProcess[str]") -> None:
        self.is_whole, self.output = ended.returncode == 0, ended.stdout
        self.summary = (ended.stdout.splitlines() or [ended.stderr[-300:]])[-1]


class Backup:
    """The two files of a backup, and the place where it is restored."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.var_dir = folder, folder / "var"
        self.objects = self.var_dir / "objects"
        self.var_dir.mkdir(parents=True)
        self.source = os.environ["DATABASE_URL"]
        self.name = f"{urlsplit(self.source).path[1:]}_restored"
        self.target = urlunsplit(urlsplit(self.source)._replace(path=f"/{self.name}"))
        self.seconds = 0.0

    def dump(self) -> None:
        _run("pg_dump", "--format=custom", f"--file={self.folder / 'database.dump'}", self.source)

    def copy_objects(self) -> None:
        store = object_store()
        for key in chain(store.list("inspections/"), store.list(EXPORTS)):
            path = self.objects / key
            path.parent.mkdir(parents=True, exist_ok=True)
            with suppress(ObjectMissing):  # deleted meanwhile
                path.write_bytes(store.read(key, max_bytes=LARGEST_BYTES))

    def restore(self) -> None:
        began = time.monotonic()
        environment.make_database(suffix="_restored")
        options = ("--no-owner", "--no-acl", "--exit-on-error", f"--dbname={self.target}")
        _run("pg_restore", *options, str(self.folder / "database.dump"))
        self.seconds = time.monotonic() - began

    def verify(self, *options: str) -> Verified:
        env = {**os.environ, "DATABASE_URL": self.target, "VAR_DIR": str(self.var_dir)}
        env["HEARTBEAT_STALE_SECONDS"] = "1"  # the dump is a moment old: its heartbeats still look fresh
        command = [sys.executable, str(MANAGE), "verify_data", *options]
        return Verified(subprocess.run(command, env=env, capture_output=True, text=True, check=False))  # noqa: S603

    def frozen(self, number: int) -> Path:
        """Return one photograph that a row claims. No row claims what was frozen after the dump."""
        with psycopg.connect(self.target) as server:
            query = "SELECT evidence_uri FROM inspections_mediaasset WHERE evidence_uri <> '' ORDER BY id"
            return self.objects / str(server.execute(query).fetchall()[number][0])

    def execute_unsealed(self, statement: LiteralString) -> object:
        """Execute SQL as a user who bypasses the seals; return the single value that comes back."""
        with psycopg.connect(self.target, autocommit=True) as server:
            server.execute("SET session_replication_role = replica")
            row = server.execute(statement).fetchone()
        return row[0] if row else None


def _lost_object(backup: Backup) -> str:
    path = backup.frozen(0)
    path.unlink()
    return f"{path.name} is missing"


def _changed_object(backup: Backup) -> str:
    path = backup.frozen(1)
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    return f"{path.name} holds other bytes"


def _lost_export(backup: Backup) -> str:
    path = next((backup.objects / EXPORTS).glob("*/*.zip"))
    path.unlink()
    return f"{path.name} is missing"


def _stray_object(backup: Backup) -> str:
    path = backup.frozen(2).with_name(str(uuid4()))
    path.write_bytes(b"stray")
    return f"{path.name} is accounted for by no row"


def _lost_entry(backup: Backup) -> str:
    lost = (
        "DELETE FROM billing_ledgerentry WHERE id = (SELECT min(id) FROM billing_ledgerentry) RETURNING transaction_id"
    )
    return f"transaction {backup.execute_unsealed(lost)} sums to"


def _lost_booking(backup: Backup) -> str:
    """Delete the row of a transaction without its entries."""
    newest = "SELECT transaction_id FROM billing_ledgerentry ORDER BY id DESC LIMIT 1"
    lost = f"DELETE FROM billing_ledgertransaction WHERE id = ({newest}) RETURNING id"  # noqa: S608 - of our own words
    return f"transaction {backup.execute_unsealed(lost)} has entries and no row of its own"


# Each function does its damage and returns how `verify_data` must report it.
DAMAGES: Final[tuple[Callable[[Backup], str], ...]] = (
    _lost_object,
    _lost_export,
    _changed_object,
    _stray_object,
    _lost_entry,
    _lost_booking,
)


def _completed() -> int:
    return Inspection.objects.filter(status=InspectionStatus.COMPLETED).count()


def _exports() -> int:
    return Export.objects.exclude(built_at=None).count()


def _is_more_than(photos: int) -> bool:
    return MediaAsset.objects.count() > photos


def _wait_until(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_true() and time.monotonic() < deadline:
        time.sleep(0.2)


def _run(*command: str) -> Any:
    return subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own


if __name__ == "__main__":
    main(drill, disable_guard, on_s3=True)
