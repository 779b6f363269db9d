from collections.abc import Iterator

import pytest

from billing import stores
from tests.billing.web import selling
from tests.standins.play_store import FakeGoogle


@pytest.fixture
def fake(settings):
    """Stripe."""
    with selling(settings) as fake:
        yield fake


@pytest.fixture
def google(settings) -> Iterator[FakeGoogle]:
    """Google Play."""
    with FakeGoogle() as google:
        for name, value in google.settings().items():
            setattr(settings, name, value)
        _made_anew()
        yield google
    _made_anew()


def _made_anew() -> None:
    stores.stores.cache_clear()
    stores.play_store.cache_clear()
