"""Which tests are marked `database`, and which `slow`: both follow from what a test, or its file, uses.

`make check` runs the tests that are not `slow`. A test is slow if it commits to the database, or if its file starts
servers or processes, or draws many examples. Of a file's other tests with database or pictures, the first one
runs; of any other test with many cases, the first case does.
"""

from collections.abc import Hashable, Iterator
from functools import cache
from types import ModuleType
from typing import Final

import pytest

_DATABASES: Final = {"db", "transactional_db", "live_server"}
_COMMITS: Final = {"transactional_db", "live_server"}
_SLOW: Final = {
    *("subprocess", "multiprocessing", "maretech.processes", "testing.fake_stripe"),
    *("testing.plugins.shared_server", "testing.web_purchases", "testing.lifecycle_model", "hypothesis", "random"),
}
_PICTURES: Final = {
    *("numpy", "cv2", "PIL", "rendering", "evaluation"),
    *("dossiers.document.render", "tests.dossiers.document.reading"),
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    represented: set[Hashable] = set()
    for item in items:
        if _meets_database(item) and not item.get_closest_marker("anywhere"):
            item.add_marker("database")
        group = _group_of(item)
        if _is_slow(item) or group in represented:
            item.add_marker("slow")
        else:
            represented.add(group)


def _meets_database(item: pytest.Item) -> bool:
    return item.get_closest_marker("django_db") is not None or bool(_DATABASES.intersection(_fixtures(item)))


def _group_of(item: pytest.Item) -> Hashable:
    if _meets_database(item) or not _PICTURES.isdisjoint(_used(item)):
        return item.path
    return item.path, item.parent, getattr(item, "originalname", item.name)


def _is_slow(item: pytest.Item) -> bool:
    marked = item.get_closest_marker("django_db")
    return (
        item.get_closest_marker("services") is not None
        or (marked is not None and bool(marked.kwargs.get("transaction")))
        or not _COMMITS.isdisjoint(_fixtures(item))
        or not _SLOW.isdisjoint(_used(item))
    )


def _fixtures(item: pytest.Item) -> list[str]:
    return getattr(item, "fixturenames", [])


def _used(item: pytest.Item) -> set[str]:
    """Return the modules from which the item's file imports, each with the packages that it is in."""
    return _used_by(getattr(item, "module", None) or item)


@cache
def _used_by(file: Hashable) -> set[str]:
    return {package for name in _imported(file) for package in _with_parents(name)}


def _imported(file: object) -> Iterator[str]:
    for value in vars(file).values():
        if isinstance(value, ModuleType):
            yield value.__name__
        elif isinstance(value, type) or callable(value):
            yield str(getattr(value, "__module__", ""))


def _with_parents(name: str) -> Iterator[str]:
    parts = name.split(".")
    return (".".join(parts[: count + 1]) for count in range(len(parts)))
