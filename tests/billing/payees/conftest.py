"""A fake Stripe, an app that delivers services, and a payee with an account, on a Monday."""

from collections.abc import Iterator

import pytest
import time_machine

from billing.models import Payee
from billing.payees.register import register_payee
from testing.deliverer import Deliverer, delivering
from testing.factories import UserFactory
from testing.fake_stripe import FakeStripe
from testing.web_purchases import selling
from tests.billing.payees.moments import MONDAY


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(MONDAY):
        yield


@pytest.fixture
def fake(settings) -> Iterator[FakeStripe]:
    with selling(settings) as fake:
        yield fake


@pytest.fixture
def app() -> Iterator[Deliverer]:
    with delivering() as app:
        yield app


@pytest.fixture
def payee(db, fake) -> Payee:
    account = fake.connect_account()["id"]
    return register_payee(user=UserFactory.create(), country="DE", currency="EUR", account_ref=account)
