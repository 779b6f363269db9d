"""Test that the image contains what is served, and nothing that only development uses."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.anywhere
ROOT = Path(__file__).resolve().parents[2]
SERVED = {
    *("accounts", "notifications", "billing", "vessels", "inspections", "corrosion", "osmosis", "dossiers"),
    *("surveys", "maretech"),
    *("docker", "manage.py", "requirements.txt"),
    *("docs/contract.md", "docs/changelog.md"),  # pages beside the schema
}
# The image is built with them, and removes them: it keeps what is built of the web app.
BUILT_FROM = {"web", "clients/typescript", "docs/openapi.yaml", "ops/build_web.sh", "requirements-web.txt"}
REMOVED = {"web", "clients", "docs/openapi.yaml", "ops", "requirements-web.txt"}


def in_the_image() -> set[str]:
    """Return the names that `.dockerignore` lets through: it excludes all, then names each."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    return {rule.removeprefix("!").rstrip("/") for rule in rules if rule.startswith("!")}


def test_the_image_contains_the_served_packages():
    assert in_the_image() - BUILT_FROM == SERVED
    assert f"RUN rm -r {' '.join(sorted(REMOVED))}\n" in (ROOT / "Dockerfile").read_text()
    assert all(name in REMOVED or name.split("/")[0] in REMOVED for name in BUILT_FROM)


def test_every_package_is_declared_as_served_or_left_out():
    roots = {init.parent.name for init in ROOT.glob("*/__init__.py")}
    left_out = {"drills", "evaluation", "ops", "rendering", "testing", "tests", "training"}
    assert roots - left_out <= SERVED
    assert not left_out & (in_the_image() - BUILT_FROM)
