"""How long what is kept is kept. Each app registers its rules here; the nightly task and the command apply them all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog
from django.db.models import QuerySet

from maretech.common.work.isolation import log_and_continue

log = structlog.get_logger(__name__)

# So few that each statement stays far below the database's limit, and what is done stays done.
CHUNK_ROWS: Final = 1000


def _delete(rows: QuerySet) -> None:  # type: ignore[type-arg]
    rows.delete()


@dataclass(frozen=True, slots=True)
class Rule:
    """`over` finds the rows whose time is over; `end` does away with them, or with what they need not hold any more.

    Applied again it finds nothing more to do, and it may be killed at any line.
    """

    what: str
    over: Callable[[], QuerySet]  # type: ignore[type-arg]
    end: Callable[[QuerySet], None] = _delete  # type: ignore[type-arg]


_rules: list[Rule] = []


def keep_no_longer(*rules: Rule) -> None:
    """Register rules; called by the app they belong to when it is ready."""
    _rules.extend(rules)


def overdue() -> dict[str, int]:
    """How many rows each rule would deal with now. Changes nothing."""
    return {rule.what: rule.over().count() for rule in _rules}


def apply_retention() -> dict[str, int]:
    """Apply every rule; returns how many rows each dealt with. One that fails keeps no other from its work."""
    done: dict[str, int] = {}
    for rule in _rules:
        with log_and_continue("retention rule failed", rule=rule.what):
            done[rule.what] = _apply(rule)
    log.info("retention applied", **{what.replace(" ", "_"): count for what, count in done.items() if count})
    return done


def _apply(rule: Rule) -> int:
    """A chunk at a time, in the order of their keys: what a rule leaves where it is does not come again."""
    keys = rule.over().order_by("pk").values_list("pk", flat=True)
    count, chunk = 0, list(keys[:CHUNK_ROWS])
    while chunk:
        rule.end(rule.over().filter(pk__in=chunk))
        count += len(chunk)
        chunk = list(keys.filter(pk__gt=chunk[-1])[:CHUNK_ROWS])
    return count
