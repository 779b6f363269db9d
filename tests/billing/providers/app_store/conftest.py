from collections.abc import Iterator

import pytest

from billing.provider_registry import stores
from testing.fake_stores.app_store import FakeAppStore
from testing.fake_stores.configuration import configure_app_store


@pytest.fixture
def apple(settings, tmp_path) -> Iterator[FakeAppStore]:
    """A fake App Store, with this server configured for it as for the real one."""
    with FakeAppStore() as apple:
        configure_app_store(settings, apple, tmp_path)
        yield apple
    stores.cache_clear()
