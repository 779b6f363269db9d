from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from billing.provider_registry import stores
from tests.standins.app_store import APPLE_ID, BUNDLE_ID, ISSUER_ID, KEY_ID, AppStoreStandIn


@pytest.fixture
def apple(settings, tmp_path) -> Iterator[AppStoreStandIn]:
    """The App Store stand-in, with this server configured for it as for the real one."""
    with AppStoreStandIn() as apple:
        set_up(settings, apple, tmp_path)
        yield apple
    stores.cache_clear()


def set_up(settings: Any, apple: AppStoreStandIn, folder: Path) -> None:
    (folder / "StandInRoot.cer").write_bytes(apple.authority.root.der)
    settings.MOCK_BILLING = False
    settings.APP_STORE_BUNDLE_ID, settings.APP_STORE_APPLE_ID = BUNDLE_ID, APPLE_ID
    settings.APP_STORE_ISSUER_ID, settings.APP_STORE_KEY_ID = ISSUER_ID, KEY_ID
    settings.APP_STORE_PRIVATE_KEY = apple.api_key_pem
    settings.APP_STORE_ENVIRONMENT = apple.environment.lower()
    settings.APP_STORE_ROOTS_DIR, settings.APP_STORE_API_BASE = str(folder), apple.url
    stores.cache_clear()
