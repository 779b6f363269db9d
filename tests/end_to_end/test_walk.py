"""Test the walk of README with curl: pasted into a shell, and pasted again, each call answers as README says."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from maretech.processes import MANAGE, running
from testing.demo import photos

pytestmark = pytest.mark.services
README = (MANAGE.parent / "README.md").read_text()
WRITTEN_FOR = "http://127.0.0.1:8000"
# A part of each answer that no other answer has, in the order of the calls.
ANSWERS = [
    *('"free_points"', '"uploads"', '"queued"', '"status":"completed"', '"signal_detected"', "PAYMENT_REQUIRED"),
    *('"session_id"', '"order_id"', '"paid":true', "PAYWALL_UI_035", '"plan":"yearly"'),
    *('"segments"', '"result_ready"'),
]


def walk() -> str:
    """Return the block of README's section on curl."""
    section = README.partition("\n## With curl\n")[2].partition("\n## ")[0]
    (block,) = re.findall(r"^```sh\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)
    return block


def put_photos(folder: Path) -> None:
    for number, content in enumerate(photos.rendered(mode="corrosion", points=1, severity=0.5)[1].values(), 1):
        (folder / f"photo{number}.jpg").write_bytes(content)


def test_the_walk_of_readme_can_be_pasted_twice(tmp_path):
    put_photos(tmp_path)
    assert WRITTEN_FOR in walk()
    with running(var_dir=tmp_path / "var", env={"ENGINE": "stub"}) as server:
        pasted = walk().replace(WRITTEN_FOR, server.base_url)
        process = subprocess.run(
            ["bash"], input=pasted * 2, cwd=tmp_path, capture_output=True, text=True, timeout=180, check=True
        )
    assert process.stderr == ""
    answers = [line for line in process.stdout.splitlines() if line]
    for line in answers:
        json.loads(line)
    for answer, part in zip(answers, ANSWERS * 2, strict=True):
        assert part in answer
