"""Fair order between owners: the owner with the fewest unfinished pieces of work comes next, then the oldest piece.

Each piece of work is given a turn when it is asked for (start-time fair queueing), so that taking the next one is one
look into an index, however long the backlog is.
"""

from typing import Any

from django.db.models import QuerySet


def next_turn(unfinished: QuerySet[Any], *, own: QuerySet[Any], column: str) -> int:
    """The turn of one more piece of work: behind the owner's own ones, and beside the first of everybody else.

    `own` are the owner's among `unfinished`. The caller holds the owner's lock; what is asked for at the same moment
    by another owner may get the same turn, and then the older one comes first.
    """
    now_served: int = _first(unfinished, column) or 0
    own_last = _first(own, f"-{column}")
    return now_served if own_last is None else max(now_served, own_last + 1)


def _first(rows: QuerySet[Any], order: str) -> int | None:
    return rows.order_by(order).values_list(order.removeprefix("-"), flat=True).first()
