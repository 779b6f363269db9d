"""Hooks called for each delivered result: apps that depend on this one register here in `ready`."""

from collections.abc import Callable

from inspections.models import Inspection

Listener = Callable[[Inspection], None]

_listeners: dict[str, list[Listener]] = {}


def on_delivery(mode: str, listener: Listener) -> None:
    """Register `listener` for every inspection of `mode` with a delivered result.

    It runs inside the delivering transaction, under the lock of the owner's entitlement: its writes are committed with
    the result or not at all. It must be quick and touch nothing but the database.
    """
    _listeners.setdefault(mode, []).append(listener)


def announce_delivered(inspection: Inspection) -> None:
    for listener in _listeners.get(inspection.mode, ()):
        listener(inspection)
