"""Test which tests `make check` leaves out."""

import pytest

pytest_plugins = ["pytester"]
CONFTEST = 'pytest_plugins = ["testing.plugins.markers"]'
FILE = """
{imported}
import pytest

@pytest.mark.parametrize("case", [1, 2, 3])
def test_pure(case): ...

class TestOther:
    def test_pure(self): ...

@pytest.mark.django_db
def test_rows(): ...

@pytest.mark.django_db
def test_more_rows(): ...

@pytest.mark.django_db(transaction=True)
def test_commit(): ...

def test_server(live_server): ...

@pytest.mark.services
def test_services(): ...
"""


@pytest.mark.parametrize(
    ("imported", "fast"),
    [
        ("import json", ["test_pure[1]", "test_pure", "test_rows"]),
        ("import numpy as np", ["test_pure[1]"]),
        ("import subprocess", []),
        ("from maretech.processes import running", []),
        ("from hypothesis import given", []),
    ],
)
def test_the_imports_and_fixtures_of_a_test_decide_whether_it_is_slow(pytester, imported, fast):
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(FILE.format(imported=imported))
    items, _ = pytester.inline_genitems("-p", "no:django")
    assert [item.name for item in items if not item.get_closest_marker("slow")] == fast
    if fast:
        marked = [item.name for item in items if item.get_closest_marker("database")]
        assert marked == ["test_rows", "test_more_rows", "test_commit", "test_server"]
