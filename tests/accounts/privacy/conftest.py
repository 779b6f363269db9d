"""The owner and the client of all tests, instead of those of the account tests."""

from testing.plugins.fixtures import client, owner

__all__ = ["client", "owner"]
