"""A fake Lob and a fake Stripe: letters are paid on the web."""

from collections.abc import Iterator

import pytest

from testing.fake_lob import FakeLob
from testing.fake_stripe import FakeStripe
from testing.letters import posting
from testing.web_purchases import selling


@pytest.fixture
def lob(settings) -> Iterator[FakeLob]:
    with posting(settings) as fake:
        yield fake


@pytest.fixture
def fake(settings) -> Iterator[FakeStripe]:
    with selling(settings) as fake:
        yield fake
