"""Google Play client: reads purchases server to server, acknowledges them, and follows the pushes that Google signs.

Plain Python on top of Google's own authentication library.
"""

from billing.providers.play_store.client import PlayStore
from billing.providers.play_store.publisher import Publisher
from billing.providers.play_store.pushes import Pushes

__all__ = ["PlayStore", "Publisher", "Pushes"]
