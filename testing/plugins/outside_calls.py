"""Check that outside calls happen outside transactions: a hanging store, provider or mail server holds no lock."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import pytest
import requests
from django.core.mail import EmailMessage
from django.db import connection

from maretech.common.storage.local import LocalStore
from maretech.common.storage.s3 import S3Store

STORE_CALLS = ("head", "heads", "read", "write", "write_file", "delete", "list", "entries", "ping")
CALLS = [
    *((store, name) for store in (LocalStore, S3Store) for name in STORE_CALLS),
    (EmailMessage, "send"),
    (requests.Session, "send"),
]


def transactions_under_way() -> int:
    """Return the open transactions of the code, without the one that a test opens around itself."""
    blocks: list[Any] = connection.atomic_blocks  # Django's types hide who opened them
    return sum(1 for block in blocks if not block._from_testcase)


@contextmanager
def watched() -> Iterator[list[str]]:
    """Record outside calls inside a transaction until the block ends. It never raises: the code might swallow that."""
    noted: list[str] = []
    with pytest.MonkeyPatch.context() as patched:
        for owner, name in CALLS:
            patched.setattr(owner, name, _noting(getattr(owner, name), f"{owner.__name__}.{name}", noted))
        yield noted


def _noting(original: Callable[..., Any], name: str, noted: list[str]) -> Callable[..., Any]:
    @wraps(original)
    def call(*args: Any, **kwargs: Any) -> Any:
        if transactions_under_way():
            noted.append(name)
        return original(*args, **kwargs)

    return call
