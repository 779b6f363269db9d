"""Schemathesis over the whole schema, signed in, all checks, stateful: no 5xx, and nothing but what is documented.

Who is only ever refused finds nothing: at least half of the operations have to be done, as the server counts them.
One call at a time: what it draws its cases with does not stand threads on this Python. The tests have no small version,
because it takes minutes. Control: any JSON is let in, whether it is an object or not.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from rest_framework.parsers import JSONParser

from drills.calling import sign_up, told_by_metrics
from drills.harness import Result, Stage, main
from maretech.common.parsing import BoundedJSONParser

EXAMPLES: Final = 200
CONFIG: Final = Path(__file__).with_name("fuzzing.toml")


def without_guard() -> AbstractContextManager[object]:
    return patch.object(BoundedJSONParser, "parse", JSONParser.parse)


def drill(stage: Stage) -> Result:
    examples = 10 if stage.small or stage.control else EXAMPLES
    with _report_of(stage, examples) as report:
        found = [f"{failure['title']}: {failure['operations'][0]}" for failure in report["failures"]]
        found += [str(error) for error in report["errors"]]
        cases, tested = report["test_cases"]["generated"], report["operations"]["tested"]
        figure = f"{len(found)} faults in {cases} cases over {tested} operations" + (f" ({found[0]})" if found else "")
        done = len(_done(stage.base_url))
        figure += f"; {done} of them were also done"
        whole = tested == report["operations"]["total"] and not report["operations"]["errored"] and 2 * done >= tested
        return Result(f"{examples} examples × {tested} operations", figure, "0 faults", whole and not found)


def _done(base_url: str) -> set[tuple[str, str]]:
    """Method and route of what was answered with a 2xx."""
    counts = [one for one in told_by_metrics(base_url) if one.name == "maretech_http_request_seconds_count"]
    done = [one.labels for one in counts if one.value and one.labels["status"].startswith("2")]
    return {(labels["method"], labels["route"]) for labels in done if labels["route"].startswith("v1/")}


@contextmanager
def _report_of(stage: Stage, examples: int) -> Iterator[dict[str, Any]]:
    env = {
        **os.environ,
        "PYTHONPATH": str(CONFIG.parent.parent),
        "SCHEMATHESIS_HOOKS": "drills.fuzzing_phone",
        "FUZZING_AS": sign_up(stage.base_url).email,
    }
    with tempfile.TemporaryDirectory() as folder:
        report, said = Path(folder, "report.json"), Path(folder, "said.txt")
        command = [str(Path(sys.executable).with_name("schemathesis")), f"--config-file={CONFIG}", "run"]
        command += [f"{stage.base_url}/v1/schema", "--checks=all", f"--max-examples={examples}"]
        command += ["--continue-on-failure", "--no-color", "--report=json", f"--report-json-path={report}"]
        # NUL in texts: no schema says that it is refused, and the tests send it to every field.
        command += ["--generation-database=none", "--generation-allow-x00=false", "--warnings=off"]
        with said.open("w") as output:
            subprocess.run(command, env=env, stdout=output, stderr=output, cwd=folder, check=False)  # noqa: S603
        if not report.exists():
            raise RuntimeError(said.read_text()[-2000:])
        found: dict[str, Any] = json.loads(report.read_text())
        if found["failures"] or found["errors"]:
            print(said.read_text(), file=sys.stderr)
        yield found


if __name__ == "__main__":
    main(drill, without_guard)
