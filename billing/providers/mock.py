"""The provider of development and tests: `mock-valid-<id>` is a receipt for the transaction `<id>`."""

import re

RECEIPT = re.compile(r"mock-valid-([A-Za-z0-9._-]{1,100})")


class MockProvider:
    name = "mock"

    def transaction_of(self, receipt: str) -> str | None:
        match = RECEIPT.fullmatch(receipt)
        return match.group(1) if match else None
