"""What a store provider does with a receipt. Plain Python."""

from typing import Protocol


class ReceiptVerifier(Protocol):
    name: str

    def transaction_of(self, receipt: str) -> str | None:
        """The store transaction a genuine receipt proves, or None for anything that cannot be verified."""
        ...
