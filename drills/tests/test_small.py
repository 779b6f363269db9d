"""Test the drills at test size: they pass, and without their guard they fail."""

import re
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from django.db import connection

from billing.tasks import sweep_payments
from drills.__main__ import GROUP_OF
from drills.harness.runner import DrillContext
from drills.security import deploy_check
from testing.fake_stripe import FakeStripe
from testing.web_purchases import selling

ON_THE_DATABASE = [
    "appointment_holds",
    "admin_roles",
    "delivery_attacks",
    "deploy_check",
    "erasure",
    "fairness",
    "forged_receipts",
    "forged_webhooks",
    "handovers",
    "immutable_ledger",
    "key_reuse",
    "key_scope",
    "letters",
    "location_leak",
    "one_receipt",
    "random_steps",
    "reconciliation",
    "registration_races",
    "reminders_once",
    "rendering_attacks",
    "service_steps",
    "shuffled_events",
    "slots",
    "subscriptions",
    "timeline_recomputed",
    "token_theft",
]
# About answers and files, which are the same on every database.
ANYWHERE = ["cross_owner_access", "hostile_files", "hostile_recordings", "login_time", "mass_assignment", "reset_codes"]
NEED_A_STORE = ["garbage_collection", "overwritten"]
DRILLS = [
    *ON_THE_DATABASE,
    *(pytest.param(name, marks=pytest.mark.anywhere) for name in ANYWHERE),
    *(pytest.param(name, marks=pytest.mark.services) for name in NEED_A_STORE),
]
# SQLite runs one IMMEDIATE transaction at a time: removing the lock has no effect.
NO_RACE_ON_SQLITE = {"appointment_holds", "handovers", "slots", "token_theft"}
README = Path(__file__).parents[2] / "README.md"


@pytest.fixture
def fake(settings):
    with selling(settings) as fake:
        yield fake


@pytest.fixture(autouse=True)
def _empty_store(request) -> None:
    """Give the drills that need a real store an empty one."""
    params = getattr(getattr(request.node, "callspec", None), "params", {})
    if params.get("name") in NEED_A_STORE:
        store = request.getfixturevalue("s3")
        store.delete(store.list("inspections/"))


def drill_of(name: str) -> ModuleType:
    return import_module(f"drills.{GROUP_OF[name]}.{name}")


def small(fake: FakeStripe, live_server, *, control: bool = False) -> DrillContext:
    fake.webhook_url = f"{live_server.url}/v1/webhooks/stripe"
    return DrillContext(fake, live_server.url, small=True, control=control, work=sweep_payments)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", DRILLS)
def test_a_drill_passes(name, fake, live_server):
    result = drill_of(name).drill(small(fake, live_server))
    assert result.passed, result


# Of the hostile files only those without harmful memory use: `CONTROL=1 python -m drills.photos.hostile_files`.
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", DRILLS)
def test_a_drill_fails_without_its_guard(name, fake, live_server):
    if name in NO_RACE_ON_SQLITE and connection.vendor == "sqlite":
        pytest.skip("SQLite runs one IMMEDIATE transaction at a time")
    drill = drill_of(name)
    with drill.disable_guard():
        result = drill.drill(small(fake, live_server, control=True))
    assert result.proves_guards, result


def test_deploy_check_tries_every_production_check():
    assert deploy_check.forgotten() == []


def test_the_readme_names_every_drill_behind_a_promise():
    table = README.read_text().partition("## What we promise")[2].partition("\n## ")[0]
    rows = re.findall(r"^\|.*", table, re.MULTILINE)
    assert sorted(name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[2])) == sorted(GROUP_OF)
