"""Whom a delivered result is announced to: apps above register here when they are ready."""

from collections.abc import Callable

from inspections.models import Inspection

Listener = Callable[[Inspection], None]

_listeners: dict[str, list[Listener]] = {}


def on_delivery(mode: str, listener: Listener) -> None:
    """Have `listener` called with every inspection of `mode` whose result is delivered.

    It runs inside the delivering transaction, under the lock of the owner's entitlement: what it writes is there with
    the result or not at all. It must be quick and touch nothing but the database.
    """
    _listeners.setdefault(mode, []).append(listener)


def announce_delivered(inspection: Inspection) -> None:
    for listener in _listeners.get(inspection.mode, ()):
        listener(inspection)
