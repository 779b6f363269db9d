"""Fair order of the work on dossiers: a message to a worker asks for the next row in turn, not for a certain one.

One owner with many renderings or recordings therefore delays no other.
"""

from collections.abc import Callable
from typing import Any, Final, TypeVar
from uuid import UUID

from inspections.lifecycle.fair_queue import next_turn
from maretech.common.work.durable import DurableWork

Work = TypeVar("Work", bound=DurableWork)

# Of several workers that find the same next row, one claims it; the others search again.
_CLAIM_TRIES: Final = 20
# Enough messages to wake every worker: each that finds work sends the next one.
WOKEN_AT_ONCE: Final = 50


def claim_next(model: type[Work], *, give_up: Callable[[Work], object]) -> Work | None:
    """Claim the due row with the next turn for one attempt; None if none is due."""
    for _ in range(_CLAIM_TRIES):
        pk = next_due(model)
        if pk is None:
            return None
        row = model.claim(pk, give_up=give_up)
        if row is not None:
            return row
    return None


def next_due(model: type[DurableWork]) -> UUID | None:
    """Return the due row with the next turn."""
    return model.due().order_by("turn", "due_at").values_list("pk", flat=True).first()


def due_count(model: type[DurableWork]) -> int:
    """Return how many messages to workers are of use now."""
    return min(WOKEN_AT_ONCE, model.due().count())


def turn_of(model: type[DurableWork], **owner: Any) -> int:
    """Return the turn of one more row of the owner. The caller holds the owner's lock."""
    unfinished = model.unfinished()
    return next_turn(unfinished, own=unfinished.filter(**owner), column="turn")
