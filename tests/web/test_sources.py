"""Test the sources of the web app: their types, and the unit tests that run without a browser."""

import subprocess
import sys

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR


def test_types_and_unit_tests_pass():
    if not (ROOT / "web" / "node_modules" / ".locked").is_file():
        pytest.skip("npm's packages are not installed: `make web` fetches them.")
    checked = subprocess.run(
        ["ops/build_web.sh", sys.executable, "check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
