"""Test that pasted hints work: targets of make exist, and commands of manage.py accept their arguments."""

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand, CommandError

from maretech.processes import MANAGE

ROOT = MANAGE.parent
CODE = (
    *("accounts", "notifications", "billing", "vessels", "inspections", "corrosion", "osmosis", "dossiers"),
    *("surveys", "maretech"),
    *("evaluation", "ops", "testing", "training"),
)
PAGES = [
    *(page for page in sorted(ROOT.glob("docs/**/*.md")) if page.parent.name != "adr"),
    *(ROOT / name for name in ("README.md", ".env.example", ".env.production.template", "ops/prometheus/alerts.yml")),
]
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
RUN = re.compile(r"""make manage [^`\n]*?ARGS=(?:("[^"]+"|'[^'\n]+')|(\w+))""")
# Printed by `serve`, with the place of its data.
OF_SERVE = re.compile(r"""\bhint\(("[^"]+")\)""")
IN_A_CONTAINER = re.compile(r"python manage\.py ([a-z]\w+[^`\n\"'#;&]*)")
# The image has neither `testing` nor `evaluation`.
NOT_IN_THE_IMAGE = {"demo", "evaluate_engine", "evaluate_speed", "evaluate_trend"}
# Replaces what a command fills in when it prints the hint.
FILLED_IN = "VALUE"
# What a reader replaces.
PLACEHOLDERS = {
    "ACCOUNT-ID": "5f0c2c5e-6a0b-4f0e-9b55-0c8a3e1d2f4b",
    "D": "2026-11-24",
    "DIR": "folder",
    "EMAIL": "you@example.org",
    "ID": "5f0c2c5e-6a0b-4f0e-9b55-0c8a3e1d2f4b",
    "M": "corrosion",
    "P": "stripe",
    "WHY": "a reason",
    "YOU": "you@example.org",
}
# The shell has no such command; inside a container, `python` precedes it.
BARE = re.compile(r"(?<!python )(?<![\w/])manage\.py [a-z]\w+")


def printed(path: Path) -> Iterator[str]:
    """Yield the texts of a module that are not its documentation."""
    tree = ast.parse(path.read_text())
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    documented_nodes = [node for node in ast.walk(tree) if isinstance(node, documented) and ast.get_docstring(node)]
    docstrings = {id(cast(ast.Expr, node.body[0]).value) for node in documented_nodes}
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else FILLED_IN for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts | docstrings:
            yield node.value


def command_of(name: str) -> BaseCommand:
    found = get_commands()[name]
    return found if isinstance(found, BaseCommand) else load_command_class(found, name)


def parse(line: str) -> str:
    """Parse a command line as the command itself does. Returns the command's name; raises `CommandError`."""
    name, *arguments = (PLACEHOLDERS.get(word, word) for word in shlex.split(line))
    command_of(name).create_parser("manage.py", name).parse_args(arguments)
    return name


def hints() -> dict[str, str]:
    """Return every text that may name a command, by its file."""
    modules = [module for folder in CODE for module in sorted((ROOT / folder).glob("**/*.py"))]
    modules = [module for module in modules if any(word in module.read_text() for word in ("make ", "manage.py"))]
    texts = {str(module.relative_to(ROOT)): "\n".join(printed(module)) for module in modules}
    return texts | {str(page.relative_to(ROOT)): page.read_text() for page in PAGES}


HINTS = {where: text for where, text in hints().items() if "make " in text or "manage.py" in text}


@pytest.mark.parametrize("where", HINTS)
def test_a_hint_works_when_pasted(where):
    text = HINTS[where]
    assert BARE.findall(text) == []
    for quoted, bare in RUN.findall(text):
        line = quoted[1:-1] or bare
        if line != FILLED_IN:
            parse(line)
    for line in IN_A_CONTAINER.findall(text):
        assert parse(line) not in NOT_IN_THE_IMAGE, line
    for target in re.findall(r"`(?:[A-Z_]+=\S+ )*make ([a-z-]+)", text):
        assert target in TARGETS


def test_what_serve_prints_works_when_pasted():
    lines = OF_SERVE.findall((ROOT / "maretech" / "management" / "commands" / "serve.py").read_text())
    assert [parse(line.strip('"')) for line in lines] == ["create_staff"]


@pytest.mark.parametrize("line", ["explain_inspection", "erase_account EMAIL …", "reconcile --day yesterday", "rerun"])
def test_a_hint_that_fails_when_pasted_is_noticed(line):
    with pytest.raises(CommandError):
        parse(line)


def test_hints_are_found():
    assert len(HINTS) > 20
    assert "sweep_jobs" in HINTS["inspections/support/explain.py"]
    assert BARE.search("an account for it: manage.py create_staff")
    assert not BARE.search("python manage.py create_staff")
