from collections.abc import Iterator

import pytest

from testing.fake_stores.play_store import FakeGoogle
from testing.web_purchases import selling
from tests.billing.providers.play_store.calls import selling_on_play


@pytest.fixture
def fake(settings):
    """The fake Stripe."""
    with selling(settings) as fake:
        yield fake


@pytest.fixture
def google(settings) -> Iterator[FakeGoogle]:
    """The fake Google Play."""
    with selling_on_play(settings) as google:
        yield google
