"""The mock provider: it confirms the receipts of development and tests."""

from billing.providers.mock.client import MockProvider

__all__ = ["MockProvider"]
