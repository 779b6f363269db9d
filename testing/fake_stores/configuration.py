"""Configure this server for a fake store."""

from pathlib import Path
from typing import Any

from billing.provider_registry import stores
from testing.fake_stores.app_store import APPLE_ID, BUNDLE_ID, ISSUER_ID, KEY_ID, FakeAppStore


def configure_app_store(settings: Any, apple: FakeAppStore, folder: Path) -> None:
    """Configure this server for the fake App Store as for the real one; `folder` gets the root certificate."""
    (folder / "FakeRoot.cer").write_bytes(apple.authority.root.der)
    settings.MOCK_BILLING = False
    settings.APP_STORE_BUNDLE_ID, settings.APP_STORE_APPLE_ID = BUNDLE_ID, APPLE_ID
    settings.APP_STORE_ISSUER_ID, settings.APP_STORE_KEY_ID = ISSUER_ID, KEY_ID
    settings.APP_STORE_PRIVATE_KEY = apple.api_key_pem
    settings.APP_STORE_ENVIRONMENT = apple.environment.lower()
    settings.APP_STORE_ROOTS_DIR, settings.APP_STORE_API_BASE = str(folder), apple.url
    stores.cache_clear()
