"""The App Store: what Apple signed, verified, and how a purchase stands now by Apple's server.

Plain Python over Apple's own library.
"""

from billing.providers.app_store.provider import ApiKey, AppStore

__all__ = ["ApiKey", "AppStore"]
