"""Listeners for what an owner must know of the account's security. The app that notifies registers its own."""

from typing import Protocol
from uuid import UUID

from accounts.vocabulary import SecurityEvent


class Listener(Protocol):
    def __call__(self, *, user_id: UUID, event: SecurityEvent, event_id: UUID) -> None: ...


_listeners: list[Listener] = []


def on_security_event(listener: Listener) -> None:
    """Register a listener. It is called in the transaction of the event and touches nothing but the database."""
    _listeners.append(listener)


def announce_security_event(*, user_id: UUID, event: SecurityEvent, event_id: UUID) -> None:
    """Call every listener. `event_id` is the event's own: a second announcement of it has no effect."""
    for listener in _listeners:
        listener(user_id=user_id, event=event, event_id=event_id)
