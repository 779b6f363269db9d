"""The App Store: what Apple signed, verified, and how a purchase stands now by Apple's server.

Plain Python over Apple's own library.
"""

from billing.providers.app_store.provider import AppStore
from billing.providers.app_store.server import ApiKey

__all__ = ["ApiKey", "AppStore"]
