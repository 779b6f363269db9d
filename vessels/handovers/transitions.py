"""Allowed transitions of a handover, and the only writer of its status.

Every function runs in the caller's transaction, which has locked the handover. Each change leaves an event.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.utils import timezone

from vessels.models import Handover, HandoverEvent
from vessels.vocabulary import HandoverStatus, Party

INITIATED, PENDING_CODES, COMPLETED, CANCELLED, DECLINED, EXPIRED, FAILED, DISPUTED, REVERSED = HandoverStatus
_ENDS: Final = frozenset({CANCELLED, DECLINED, EXPIRED, FAILED})
TRANSITIONS: Final[Mapping[HandoverStatus, frozenset[HandoverStatus]]] = {
    INITIATED: frozenset({PENDING_CODES}) | _ENDS,
    PENDING_CODES: frozenset({COMPLETED}) | _ENDS,
    COMPLETED: frozenset({DISPUTED}),
    DISPUTED: frozenset({COMPLETED, REVERSED}),
    **dict.fromkeys((*_ENDS, REVERSED), frozenset()),
}


class BadTransition(Exception):
    """The handover's status does not allow this transition."""


def note_offer(handover: Handover) -> None:
    """Note the first status of a new handover."""
    HandoverEvent.objects.create(handover=handover, to_status=INITIATED, cause="offered by the seller")


def await_second_code(handover: Handover, *, party: Party) -> None:
    """initiated → pending_codes: one party has consented."""
    _move(handover, PENDING_CODES, cause=f"code of the {party}")


def complete(handover: Handover, *, party: Party, moved: Mapping[str, list[str]], former: Mapping[str, Any]) -> None:
    """pending_codes → completed: both have consented, and everything has moved."""
    changes = {"completed_at": timezone.now(), "moved": dict(moved), "former_details": dict(former)}
    _move(handover, COMPLETED, cause=f"code of the {party}", **changes)


def end(handover: Handover, to: HandoverStatus, *, cause: str) -> None:
    """End an open offer without a change of owner: cancelled, declined, expired or failed."""
    _move(handover, to, cause=cause, ended_at=timezone.now())


def dispute(handover: Handover, *, party: Party, reason: str) -> None:
    """completed → disputed."""
    changes = {"disputed_at": timezone.now(), "disputed_by": party, "dispute_reason": reason}
    _move(handover, DISPUTED, cause=f"disputed by the {party}", **changes)


def decide(handover: Handover, to: HandoverStatus, *, cause: str) -> None:
    """disputed → completed or reversed, for good."""
    _move(handover, to, cause=cause, decided_at=timezone.now())


def _move(handover: Handover, to: HandoverStatus, *, cause: str, **changes: object) -> None:
    before = HandoverStatus(handover.status)
    if to not in TRANSITIONS[before]:
        raise BadTransition(f"{before} → {to}")
    for name, value in {"status": to, **changes}.items():
        setattr(handover, name, value)
    handover.save(update_fields=["status", *changes])
    HandoverEvent.objects.create(handover=handover, from_status=before, to_status=to, cause=cause)
