"""Fair order between owners: the owner with the least unfinished work comes first, then the oldest piece of work.

Each piece of work gets its turn when it is requested (start-time fair queueing), so that finding the next one takes one
index lookup, for any length of the backlog.
"""

from typing import Any

from django.db.models import QuerySet


def next_turn(unfinished: QuerySet[Any], *, own: QuerySet[Any], column: str) -> int:
    """Returns the turn of one more piece of work: behind the owner's own, beside the first of every other owner.

    `own` are the owner's among `unfinished`. The caller holds the owner's lock. Concurrent requests of another owner
    may get the same turn; then the older one comes first.
    """
    now_served: int = _first(unfinished, column) or 0
    own_last = _first(own, f"-{column}")
    return now_served if own_last is None else max(now_served, own_last + 1)


def _first(rows: QuerySet[Any], order: str) -> int | None:
    return rows.order_by(order).values_list(order.removeprefix("-"), flat=True).first()
