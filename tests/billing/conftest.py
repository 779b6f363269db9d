"""A fake of the store for each provider that a test requests."""

from collections.abc import Iterator

import pytest

from billing.provider_registry import stores
from testing.fake_stores.app_store import FakeAppStore
from testing.fake_stores.configuration import configure_app_store
from testing.fake_stores.play_store import FakeGoogle
from tests.billing.providers.play_store.calls import selling_on_play


@pytest.fixture
def apple(settings, tmp_path) -> Iterator[FakeAppStore]:
    """A fake App Store, with this server configured for it as for the real one."""
    with FakeAppStore() as apple:
        configure_app_store(settings, apple, tmp_path)
        yield apple
    stores.cache_clear()


@pytest.fixture
def google(settings) -> Iterator[FakeGoogle]:
    """Google Play, and a server that sells there, without mock billing."""
    settings.MOCK_BILLING = False
    with selling_on_play(settings) as google:
        yield google
