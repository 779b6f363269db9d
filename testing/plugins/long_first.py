"""Begin with the tests that start servers and browsers: they wait much, and would run alone at the end.

pytest-xdist gives each process one part of the list, so each part begins with its share of them.
"""

from itertools import chain
from typing import Final

import pytest

from testing.plugins.markers import used_by

_LONG: Final = {"maretech.processes", "testing.plugins.shared_server", "drills"}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    parts: int = getattr(config, "workerinput", {"workercount": 1})["workercount"]
    long = [item for item in items if _is_long(item)]
    others = [item for item in items if not _is_long(item)]
    edges = [len(others) * part // parts for part in range(parts + 1)]
    items[:] = chain.from_iterable(
        [*long[part::parts], *others[edges[part] : edges[part + 1]]] for part in range(parts)
    )


def _is_long(item: pytest.Item) -> bool:
    return item.get_closest_marker("services") is not None or not _LONG.isdisjoint(used_by(item))
