"""Test the drills of photos at test size: they hold, and without their guard they fail."""

from importlib import import_module

import pytest

from drills.harness import Stage

WANT_A_STORE = ("overwritten", "abandoned")
ON_A_REAL_STORE = [pytest.param(name, marks=pytest.mark.services) for name in WANT_A_STORE]
OVER_HTTP = [pytest.param("hostile_files", marks=pytest.mark.anywhere), "no_position"]


@pytest.fixture
def store(request) -> None:
    """An empty store for the drills that need a real one."""
    if request.node.callspec.params["name"] in WANT_A_STORE:
        store = request.getfixturevalue("s3")
        store.delete(store.list("inspections/"))


def result_of(name: str, live_server, *, control: bool = False):
    return import_module(f"drills.{name}").drill(Stage(None, live_server.url, small=True, control=control))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", [*ON_A_REAL_STORE, *OVER_HTTP])
def test_a_drill_holds(name, store, live_server):
    result = result_of(name, live_server)
    assert result.held, result


# Of the hostile files only those without harmful memory use: `CONTROL=1 python -m drills.hostile_files`.
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", [*ON_A_REAL_STORE, *OVER_HTTP])
def test_without_its_guard_it_falls_short(name, store, live_server):
    with import_module(f"drills.{name}").disable_guard():
        result = result_of(name, live_server, control=True)
    assert result.fell, result
