"""Fuzz the whole schema with Schemathesis, signed in, all checks, stateful: no 5xx, and only documented answers.

Calls that are always refused find nothing. So the fuzzer acts as the app of an owner who has inspected and bought
before and knows the ids of all that, and two of three operations must succeed, by the server's count. The rest need
values that no generator produces: a password, a mailed code, a provider's signature, the exact photo that was
announced.

It makes one call at a time: the library that generates its cases is not thread-safe on this Python. The tests have no
small version, because the drill takes minutes.

Control: any JSON is accepted, object or not.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch
from uuid import UUID

from django.utils import timezone
from rest_framework.parsers import JSONParser

from accounts.models import User
from dossiers.shares.changes import open_share
from drills.harness.api_client import read_metrics, sign_up
from drills.harness.runner import DrillContext, Result, main
from drills.harness.sample_inspections import buy_credit, opened, unfinished, wait_until
from inspections.capture import submission
from inspections.vocabulary import Mode
from maretech.common.http.parsing import BoundedJSONParser
from testing.dossiers import draft_of, final_of
from testing.factories import UserFactory, handover_of, maintenance_of
from testing.surveys import confirmed_of, disputed_of, over_of, review_of, slot_of, surveyor_in

EXAMPLES: Final = 200
EACH: Final = 5
CONFIG: Final = Path(__file__).with_name("fuzzing.toml")


def disable_guard() -> AbstractContextManager[object]:
    return patch.object(BoundedJSONParser, "parse", JSONParser.parse)


def drill(context: DrillContext) -> Result:
    examples = 10 if context.small or context.control else EXAMPLES
    with _report_of(context, examples) as report:
        found = [f"{failure['title']}: {failure['operations'][0]}" for failure in report["failures"]]
        found += [str(error) for error in report["errors"]]
        cases, tested = report["test_cases"]["generated"], report["operations"]["tested"]
        figure = f"{len(found)} faults in {cases} cases over {tested} operations" + (f" ({found[0]})" if found else "")
        done = len(_done(context.base_url))
        figure += f"; {done} of the operations were also done"
        whole = tested == report["operations"]["total"] and not report["operations"]["errored"]
        passed = whole and 3 * done >= 2 * tested and not found
        return Result(f"{examples} examples × {tested} operations", figure, "0 faults, two of three done", passed)


def _done(base_url: str) -> set[tuple[str, str]]:
    """Return method and route of the operations that were answered with a 2xx. OPTIONS and HEAD are no operations."""
    counts = [one for one in read_metrics(base_url) if one.name == "maretech_http_request_seconds_count"]
    done = [one.labels for one in counts if one.value and one.labels["status"].startswith("2")]
    found = {(labels["method"], labels["route"]) for labels in done if labels["route"].startswith("v1/")}
    return {(method, route) for method, route in found if method not in ("OPTIONS", "HEAD")}


def _inspecting_owner(base_url: str) -> User:
    """Make a subscriber with judged inspections of both modes, and others ready to be submitted."""
    who = sign_up(base_url)
    owner = User.objects.get(email=who.email)
    owner.email_verified_at = timezone.now()
    owner.save(update_fields=["email_verified_at"])
    who.post("/subscriptions/corrosion/mock", {"active": True})
    judged = [_opened(owner, mode) for mode in Mode.values() for _ in range(EACH)]
    for inspection_id in judged:
        submission.submit_inspection(owner=owner, inspection_id=inspection_id, accept_incomplete=True)
    wait_until(lambda: not unfinished(judged), seconds=120)
    for mode in Mode.values():
        for _ in range(EACH):
            _opened(owner, mode)
    _make_appointments(owner)
    _make_dossiers(owner)
    return owner


def _make_appointments(owner: User) -> None:
    """Make appointments of the owner in several states, an open dispute, and other owners' reviews."""
    own = surveyor_in("Hall 3, Kiel", user=owner)
    for nth in range(1, EACH + 1):
        for made in (confirmed_of, over_of, disputed_of):
            made(owner)
        review_of(UserFactory.create())
        confirmed_of(UserFactory.create(), slot_of(own, starts_in=timedelta(days=nth)))


def _make_dossiers(owner: User) -> None:
    """Make drafts and a final dossier with its share, offers of vessels, and maintenance."""
    open_share(final_of(owner), days=7)
    for _ in range(EACH):
        draft_of(owner)
        handover_of(owner)
        maintenance_of(owner)


def _opened(owner: User, mode: str) -> UUID:
    if mode == Mode.OSMOSIS:
        buy_credit(owner)
    return opened(owner, mode).pk


@contextmanager
def _report_of(context: DrillContext, examples: int) -> Iterator[dict[str, Any]]:
    env = {
        **os.environ,
        "PYTHONPATH": str(CONFIG.parents[2]),
        "SCHEMATHESIS_HOOKS": "drills.security._fuzzing_hooks",
        "FUZZING_AS": _inspecting_owner(context.base_url).email,
    }
    with tempfile.TemporaryDirectory() as folder:
        report, printed = Path(folder, "report.json"), Path(folder, "output.txt")
        command = [str(Path(sys.executable).with_name("schemathesis")), f"--config-file={CONFIG}", "run"]
        command += [f"{context.base_url}/v1/schema", "--checks=all", f"--max-examples={examples}"]
        command += ["--continue-on-failure", "--no-color", "--report=json", f"--report-json-path={report}"]
        # NUL in texts: no schema says that it is refused, and the tests send it to every field.
        command += ["--generation-database=none", "--generation-allow-x00=false", "--warnings=off"]
        with printed.open("w") as output:
            subprocess.run(command, env=env, stdout=output, stderr=output, cwd=folder, check=False)  # noqa: S603
        if not report.exists():
            raise RuntimeError(printed.read_text()[-2000:])
        found: dict[str, Any] = json.loads(report.read_text())
        if found["failures"] or found["errors"]:
            print(printed.read_text(), file=sys.stderr)
        yield found


if __name__ == "__main__":
    main(drill, disable_guard)
