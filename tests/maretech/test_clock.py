"""Test that no module reads the clock when it is imported: on a slow machine that time is long past when it is used."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.anywhere
ROOT = Path(__file__).resolve().parents[2]
CLOCKS = {"now", "time", "today", "utcnow", "localdate", "monotonic"}
PACKAGES = sorted(path.parent.name for path in ROOT.glob("*/__init__.py"))


class AtImport(ast.NodeVisitor):
    """Collects calls that run on import; bodies of functions run later, their decorators and defaults do not."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        for each in (*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)):
            self.visit(each)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        pass

    def visit_Call(self, node: ast.Call) -> None:
        if ast.unparse(node.func).rpartition(".")[2] in CLOCKS:
            self.calls.append(f"line {node.lineno}: {ast.unparse(node)}")
        self.generic_visit(node)


def clock_reads(source: str) -> list[str]:
    visitor = AtImport()
    visitor.visit(ast.parse(source))
    return visitor.calls


def modules() -> Iterator[Path]:
    for package in PACKAGES:
        yield from (path for path in sorted((ROOT / package).rglob("*.py")) if "migrations" not in path.parts)


def test_no_module_reads_the_clock_when_it_is_imported():
    found = {str(path.relative_to(ROOT)): reads for path in modules() if (reads := clock_reads(path.read_text()))}
    assert not found


def test_a_read_in_a_constant_decorator_or_default_is_found():
    assert clock_reads("NOW = int(time.time())")
    assert clock_reads("@parametrize('at', [timezone.now()])\ndef test(at): ...")
    assert clock_reads("def at(moment=datetime.now(UTC)): ...")
    assert not clock_reads("def at(): return timezone.now()")
