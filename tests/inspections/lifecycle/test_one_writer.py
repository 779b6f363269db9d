"""Test that each status is written in one module: any other write would bypass its rules."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.anywhere
ROOT = Path(__file__).resolve().parents[3]
SERVED = ("accounts", "billing", "corrosion", "inspections", "maretech")
WRITERS = {
    "AssetState": "inspections/lifecycle/photo_state.py",
    "InspectionStatus": "inspections/lifecycle/transitions.py",
    "JobState": "inspections/lifecycle/transitions.py",
}
WRITING = {"update", "create", "update_or_create", "get_or_create"}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for app in SERVED:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), ast.parse(path.read_text())


def names_in(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def written_in(module: ast.Module) -> set[str]:
    """Return the vocabularies of which a member is assigned to a `state` or `status`, or passed to a write."""
    found: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Assign):
            targets = {
                each.attr for target in node.targets for each in ast.walk(target) if isinstance(each, ast.Attribute)
            }
            found |= names_in(node.value) if targets & {"state", "status"} else set()
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITING:
            for keyword in node.keywords:
                found |= names_in(keyword.value) if keyword.arg in ("state", "status") else set()
    return found & set(WRITERS)


def test_each_status_has_one_writer():
    writers = {(name, path) for path, module in modules() for name in written_in(module)}
    assert writers <= set(WRITERS.items())
    assert ("AssetState", WRITERS["AssetState"]) in writers


def test_a_second_writer_would_be_found():
    assert written_in(ast.parse("asset.state, asset.at = AssetState.READY, now")) == {"AssetState"}
    assert written_in(ast.parse("jobs.filter(state=JobState.QUEUED).update(state=JobState.RUNNING)")) == {"JobState"}
    assert written_in(ast.parse("jobs.filter(state=JobState.QUEUED)")) == set()
