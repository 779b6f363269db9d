"""A fake Stripe, and an app that delivers services."""

from collections.abc import Iterator

import pytest

from testing.deliverer import Deliverer, delivering
from testing.fake_stripe import FakeStripe
from testing.web_purchases import selling


@pytest.fixture
def fake(settings) -> Iterator[FakeStripe]:
    with selling(settings) as fake:
        yield fake


@pytest.fixture
def app() -> Iterator[Deliverer]:
    with delivering() as app:
        yield app
