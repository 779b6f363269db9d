"""Test that what the project says to paste into a shell exists: targets of make, and commands of manage.py."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands

from maretech.processes import MANAGE

ROOT = MANAGE.parent
CODE = ("accounts", "billing", "corrosion", "evaluation", "inspections", "maretech", "ops", "testing", "training")
PAGES = [
    *(page for page in sorted(ROOT.glob("docs/**/*.md")) if page.parent.name != "adr"),
    *(ROOT / name for name in ("README.md", ".env.example", ".env.production.template", "ops/prometheus/alerts.yml")),
]
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
RUN = re.compile(r"""make manage [^`\n]*?ARGS=(?P<given>"[^"]+"|'[^'\n]+'|\w+)""")
# The shell has no such command; inside a container, `python` precedes it.
BARE = re.compile(r"(?<!python )(?<![\w/])manage\.py [a-z]\w+")


def printed(path: Path) -> Iterator[str]:
    """Yield the texts of a module that are not its documentation."""
    tree = ast.parse(path.read_text())
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, documented)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in docstrings:
            yield node.value


def hints() -> dict[str, str]:
    """Return every text that may name a command, by its file."""
    modules = [module for folder in CODE for module in sorted((ROOT / folder).glob("**/*.py"))]
    told = {str(module.relative_to(ROOT)): "\n".join(printed(module)) for module in modules}
    return told | {str(page.relative_to(ROOT)): page.read_text() for page in PAGES}


HINTS = {where: text for where, text in hints().items() if "make " in text or "manage.py" in text}


@pytest.mark.parametrize("where", HINTS)
def test_a_hint_works_when_pasted(where):
    text = HINTS[where]
    assert BARE.findall(text) == []
    for given in RUN.findall(text):
        assert given.strip("\"'").split()[0] in get_commands(), given
    for target in re.findall(r"`(?:[A-Z_]+=\S+ )*make ([a-z-]+)", text):
        assert target in TARGETS


def test_hints_are_found():
    assert len(HINTS) > 20
    assert "sweep_jobs" in HINTS["inspections/support/explain.py"]
    assert BARE.search("an account for it: manage.py create_staff")
    assert not BARE.search("python manage.py create_staff")
