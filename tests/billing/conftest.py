"""A store of our own for each provider that a test asks for."""

from collections.abc import Iterator

import pytest

from tests.billing.play import selling_on_play
from tests.standins.play_store import FakeGoogle


@pytest.fixture
def google(settings) -> Iterator[FakeGoogle]:
    """Google Play, and a server that sells there; no mock billing beside it."""
    settings.MOCK_BILLING = False
    with selling_on_play(settings) as google:
        yield google
