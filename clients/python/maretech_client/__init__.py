"""Typed calls of the Maretech API, and a helper that captures an inspection on a bad connection.

`api` and `models` are generated from the server's schema, one module per operation and per shape. `Session` signs in,
`Capture` runs one inspection, and `Refused` is raised by both when the server refuses.
"""

from .capture import Capture
from .client import AuthenticatedClient, Client
from .refusals import Refused
from .retries import RetryingTransport
from .session import Session, Tokens

__all__ = ["AuthenticatedClient", "Capture", "Client", "Refused", "RetryingTransport", "Session", "Tokens"]
