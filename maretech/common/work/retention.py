"""Retention of data. Each app registers its rules here; the nightly task and the command apply them all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog
from django.db.models import QuerySet

from maretech.common.work.isolation import log_and_continue

log = structlog.get_logger(__name__)

# Small enough to keep each statement far below the database's limit; each finished chunk stays done.
CHUNK_ROWS: Final = 1000


def _delete(rows: QuerySet) -> None:  # type: ignore[type-arg]
    rows.delete()


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """A retention rule. `select` finds the expired rows; `delete` deletes them, or removes what they no longer need.

    A second application finds nothing more to do. The rule may be killed at any line.
    """

    what: str
    select: Callable[[], QuerySet]  # type: ignore[type-arg]
    delete: Callable[[QuerySet], None] = _delete  # type: ignore[type-arg]


_rules: list[RetentionRule] = []


def register_retention(*rules: RetentionRule) -> None:
    """Register rules. Their app calls this when it is ready."""
    _rules.extend(rules)


def overdue() -> dict[str, int]:
    """Return how many rows each rule would process now. Changes nothing."""
    return {rule.what: rule.select().count() for rule in _rules}


def apply_retention() -> dict[str, int]:
    """Apply every rule. Returns how many rows each processed. A failing rule does not stop the others."""
    done: dict[str, int] = {}
    for rule in _rules:
        with log_and_continue("retention rule failed", rule=rule.what):
            done[rule.what] = _apply(rule)
    log.info("retention applied", **{what.replace(" ", "_"): count for what, count in done.items() if count})
    return done


def _apply(rule: RetentionRule) -> int:
    """Apply one rule in chunks, in the order of keys, so that a row that the rule leaves is not visited again."""
    keys = rule.select().order_by("pk").values_list("pk", flat=True)
    count, chunk = 0, list(keys[:CHUNK_ROWS])
    while chunk:
        rule.delete(rule.select().filter(pk__in=chunk))
        count += len(chunk)
        chunk = list(keys.filter(pk__gt=chunk[-1])[:CHUNK_ROWS])
    return count
