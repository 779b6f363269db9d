"""Test the drills at test size: they hold, and without their guard they fail."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from django.db import connection

from billing.tasks import look_after_payments
from drills.__main__ import ALL
from drills.harness import Stage
from testing.fake_stripe import FakeStripe
from tests.billing.web import selling

IN_PROCESS = ["random_steps", "reconciliation", "forged_receipts", "fairness", "deploy_check"]
OVER_HTTP = [
    "forged_webhooks",
    "one_receipt",
    "key_scope",
    "slots",
    "same_key",
    "shuffled_events",
    "sealed_books",
    "erasure",
    "subscriptions",
    "registration_races",
    "admin_roles",
]
# SQLite runs one transaction at a time: removing the lock has no effect.
NO_RACE_ON_SQLITE = {"slots"}


@pytest.fixture
def fake(settings):
    with selling(settings) as fake:
        yield fake


def staged(fake: FakeStripe, live_server, *, control: bool = False) -> Stage:
    fake.webhook_url = f"{live_server.url}/v1/webhooks/stripe"
    return Stage(fake, live_server.url, small=True, control=control, work=look_after_payments)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", [*IN_PROCESS, *OVER_HTTP])
def test_a_drill_holds(name, fake, live_server):
    result = import_module(f"drills.{name}").drill(staged(fake, live_server))
    assert result.held, result


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", [*IN_PROCESS, *OVER_HTTP])
def test_without_its_guard_it_falls_short(name, fake, live_server):
    if name in NO_RACE_ON_SQLITE and connection.vendor == "sqlite":
        pytest.skip("SQLite runs one IMMEDIATE transaction at a time")
    drill = import_module(f"drills.{name}")
    with drill.disable_guard():
        result = drill.drill(staged(fake, live_server, control=True))
    assert result.fell, result


def test_every_drill_stands_behind_a_promise_of_the_readme():
    readme = Path(__file__).parents[2].joinpath("README.md").read_text()
    table = readme.partition("## What we promise")[2].partition("\n## ")[0]
    named = [
        name for row in re.findall(r"^\|.*", table, re.MULTILINE) for name in re.findall(r"`(\w+)`", row.split("|")[2])
    ]
    assert sorted(named) == sorted(ALL)
