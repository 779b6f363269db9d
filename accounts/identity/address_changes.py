"""Listeners for changes of an account's address. Apps above this one register theirs when they are ready."""

from typing import Protocol
from uuid import UUID


class Listener(Protocol):
    def __call__(self, *, user_id: UUID, old: str, new: str) -> None: ...


_listeners: list[Listener] = []


def on_address_change(listener: Listener) -> None:
    """Register a listener. Each change calls it in its own transaction, before the user's row is written."""
    _listeners.append(listener)


def announce_address_change(*, user_id: UUID, old: str, new: str) -> None:
    """Call every listener. Call this first in the change's transaction, because listeners lock rows of their own."""
    for listener in _listeners:
        listener(user_id=user_id, old=old, new=new)
