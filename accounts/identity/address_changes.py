"""Who has to know that an account has another address. Apps above register here when they are ready."""

from typing import Protocol
from uuid import UUID


class Listener(Protocol):
    def __call__(self, *, user_id: UUID, old: str, new: str) -> None: ...


_listeners: list[Listener] = []


def on_address_change(listener: Listener) -> None:
    """Register what is called in the transaction of every change, before the user's row is written."""
    _listeners.append(listener)


def announce_address_change(*, user_id: UUID, old: str, new: str) -> None:
    """Call this first in the transaction that changes the address: those who listen lock rows of their own."""
    for listener in _listeners:
        listener(user_id=user_id, old=old, new=new)
