"""The provider for development and tests: `mock-valid-<id>` is a receipt for the transaction `<id>`."""

import re
from datetime import UTC, datetime

from billing.providers.base import StorePurchase

RECEIPT = re.compile(r"mock-valid-([A-Za-z0-9._-]{1,100})")


class MockProvider:
    name = "mock"

    def __init__(self, *, product: str) -> None:
        """Create a provider that sells this product only."""
        self._product = product

    def purchase_of(self, receipt: str) -> StorePurchase | None:
        match = RECEIPT.fullmatch(receipt)
        if match is None:
            return None
        now = datetime.now(UTC)
        return StorePurchase(ref=match.group(1), product=self._product, owner_token="", is_paid=True, bought_at=now)
