"""App Store client: verifies Apple's signatures and reads the current state of a purchase from Apple's server.

Plain Python on top of Apple's own library.
"""

from billing.providers.app_store.client import AppStore
from billing.providers.app_store.server import ApiKey

__all__ = ["ApiKey", "AppStore"]
