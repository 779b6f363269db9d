"""Surveyors who are paid through a fake Stripe, on a Monday, and the phones of an owner and of a surveyor."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from surveys.models import Surveyor
from testing.fake_stripe import FakeStripe
from testing.phone import Phone
from testing.surveys import surveyor_in
from testing.web_purchases import selling

MONDAY = datetime(2026, 11, 16, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def fake(settings) -> Iterator[FakeStripe]:
    with selling(settings) as fake:
        yield fake


@pytest.fixture
def surveyor(db) -> Surveyor:
    return surveyor_in()


@pytest.fixture
def paid_surveyor(db, fake) -> Surveyor:
    return surveyor_in(account_ref=fake.connect_account()["id"])


@pytest.fixture
def desk_phone(surveyor) -> Phone:
    """The surveyor's own phone."""
    return Phone.of(surveyor.user)
