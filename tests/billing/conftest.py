"""A store of our own for each provider that a test asks for."""

from collections.abc import Iterator

import pytest

from billing import stores
from tests.standins.play_store import FakeGoogle


@pytest.fixture
def google(settings) -> Iterator[FakeGoogle]:
    """Google Play, and a server that sells there; no mock billing beside it."""
    settings.MOCK_BILLING = False
    with FakeGoogle() as google:
        for name, value in google.settings().items():
            setattr(settings, name, value)
        _made_anew()
        yield google
    _made_anew()


def _made_anew() -> None:
    stores.stores.cache_clear()
    stores.play_store.cache_clear()
