"""Test the drills of access at test size: they hold, and without their guard they fail."""

from importlib import import_module

import pytest
from django.db import connection

from drills import deploy_check
from tests.billing.web import selling
from tests.drills.test_small import staged

ABOUT_ANSWERS = ["strangers", "mass_assignment", "login_time", "reset_codes"]
DOORS = [*(pytest.param(name, marks=pytest.mark.anywhere) for name in ABOUT_ANSWERS), "token_theft"]


@pytest.fixture
def fake(settings):
    with selling(settings) as fake:
        yield fake


def test_every_check_of_a_production_is_tried():
    assert deploy_check.forgotten() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", DOORS)
def test_a_drill_holds(name, fake, live_server):
    result = import_module(f"drills.{name}").drill(staged(fake, live_server))
    assert result.held, result


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", DOORS)
def test_without_its_guard_it_falls_short(name, fake, live_server):
    if name == "token_theft" and connection.vendor == "sqlite":
        pytest.skip("SQLite runs one IMMEDIATE transaction at a time")
    drill = import_module(f"drills.{name}")
    with drill.disable_guard():
        result = drill.drill(staged(fake, live_server, control=True))
    assert result.fell, result
