"""Hooks called for each submission, delivered result and deletion: apps above this one register here in `ready`.

A listener runs inside the transaction of what happened, under the lock of the owner's entitlement: its writes are
committed with it or not at all. It must be quick and touch nothing but the database.
"""

from collections.abc import Callable, Mapping

from inspections.models import Inspection

Listener = Callable[[Inspection], None]
ContextSource = Callable[[Inspection], Mapping[str, str]]

_on_submission: dict[str, list[ContextSource]] = {}
_on_delivery: dict[str, list[Listener]] = {}
_on_deletion: dict[str, list[Listener]] = {}


def on_submission(mode: str, source: ContextSource) -> None:
    """Register `source` for every inspection of `mode` that is submitted: entries of its capture context.

    What the owner typed for the inspection is kept; an entry is used only where nothing was typed.
    """
    _on_submission.setdefault(mode, []).append(source)


def on_delivery(mode: str, listener: Listener) -> None:
    """Register `listener` for every inspection of `mode` with a delivered result."""
    _on_delivery.setdefault(mode, []).append(listener)


def on_deletion(mode: str, listener: Listener) -> None:
    """Register `listener` for every inspection of `mode` that its owner deletes.

    It is called after `deleted_at` is written, once or again if the deletion is repeated. Erasing an account deletes
    each inspection this way too.
    """
    _on_deletion.setdefault(mode, []).append(listener)


def completed_context(inspection: Inspection) -> dict[str, str]:
    """Return the capture context of an inspection that is submitted, with what the apps above know."""
    found: dict[str, str] = {}
    for source in _on_submission.get(inspection.mode, ()):
        found.update(source(inspection))
    return {**found, **inspection.capture_context}


def announce_delivered(inspection: Inspection) -> None:
    for listener in _on_delivery.get(inspection.mode, ()):
        listener(inspection)


def announce_deleted(inspection: Inspection) -> None:
    for listener in _on_deletion.get(inspection.mode, ()):
        listener(inspection)
