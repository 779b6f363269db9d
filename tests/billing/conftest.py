"""A fake of the store for each provider that a test requests."""

from collections.abc import Iterator

import pytest

from testing.fake_stores.play_store import FakeGoogle
from tests.billing.providers.play import selling_on_play


@pytest.fixture
def google(settings) -> Iterator[FakeGoogle]:
    """Google Play, and a server that sells there, without mock billing."""
    settings.MOCK_BILLING = False
    with selling_on_play(settings) as google:
        yield google
