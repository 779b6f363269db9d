"""Pytest plugin of `make stress`: runs the tests in random order, ten minutes later.

Later than their import: a test that computes "now" when it is imported fails. `STRESS_SEED` repeats an order. Slow
tests keep the real time: the processes that they start do not share the shifted clock.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random, randrange

import pytest
import time_machine

SEED = int(os.environ.setdefault("STRESS_SEED", str(randrange(10**6))))  # the processes of xdist inherit it
LATER = timedelta(minutes=10)


def pytest_report_header() -> str:
    return f"stress: order of STRESS_SEED={SEED}, clock {LATER} later"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Shuffle files, and the tests in each file: fixtures of a module are still built once."""
    order, files = Random(SEED), dict.fromkeys(item.path for item in items)
    places = {path: order.random() for path in files}
    items.sort(key=lambda item: (places[item.path], order.random()))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    if item.get_closest_marker("slow"):
        return (yield)
    with time_machine.travel(datetime.now(UTC) + LATER):
        return (yield)
