"""Durable work: a row describes work, and is retried until it is done or its attempts are used up.

The row is the truth; a message to the worker is only a hint. Three kinds of work keep their own bookkeeping:

- analyses (`inspections.lifecycle.transitions`): a lease, and a record of every attempt;
- photo checks (`inspections.work.photo_check`): a message requests the next photo in turn, an owner's live leases are
  limited, the last send and the end of the lease are two times, and new bytes may arrive during a check;
- mailed codes (`accounts.identity.mailed_codes`): the claim writes the hash of a new code, and retries end after an
  hour.

docs/adr/0038 gives the reasons.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, NoReturn, Self, final
from uuid import UUID

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

# A larger power would only exceed what a timedelta can hold.
_LARGEST_POWER = 10


@dataclass(frozen=True, slots=True)
class Retry:
    """How long a silent attempt keeps other workers out, and how many attempts there are."""

    first: timedelta
    factor: int
    longest: timedelta = timedelta.max
    max_attempts: int | None = None

    def wait(self, attempt: int) -> timedelta:
        """Return how long after the start of this attempt (the first is 1) the next one is due."""
        growth: int = self.factor ** min(attempt - 1, _LARGEST_POWER)
        return min(self.longest, self.first * growth)

    def is_used_up(self, attempts: int) -> bool:
        return self.max_attempts is not None and attempts >= self.max_attempts


def _no_way_to_give_up(row: object) -> NoReturn:
    raise TypeError(f"{row!r} has no attempts left, and its claim does not say how to give up")


class DurableWork(models.Model):
    """A row with work. Its subclass sets `retry` and defines `unfinished`, and `awaited` if that is narrower."""

    retry: ClassVar[Retry]

    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True

    @classmethod
    def unfinished(cls) -> QuerySet[Self]:
        """Return the rows with unfinished work, selected by their own columns alone.

        Postgres does not check a condition on another table again after it has waited for a concurrent change of the
        row, so `update_unless_changed` would let two workers through.
        """
        raise NotImplementedError

    @classmethod
    def awaited(cls) -> QuerySet[Self]:
        """Return the unfinished rows that are still needed."""
        return cls.unfinished()

    @final  # claims and sweeps rely on its meaning
    @classmethod
    def due(cls) -> QuerySet[Self]:
        """Return the awaited rows that no worker has claimed, or that a worker has left for too long."""
        return cls.awaited().filter(due_at__lte=timezone.now())

    @classmethod
    def claim(
        cls,
        pk: UUID | int,
        *,
        among: QuerySet[Self] | None = None,
        give_up: Callable[[Self], object] = _no_way_to_give_up,
    ) -> Self | None:
        """Claim the row for one attempt. Returns it to exactly one of several workers, and None to the others.

        Only a row in `among` can be claimed; the default is what is due. The attempt is counted before it begins, so
        that work that kills its worker uses up its attempts as well. Once they are used up, `give_up` ends the row.
        """
        row = (cls.due() if among is None else among).filter(pk=pk).first()
        if row is None:
            return None
        if cls.retry.is_used_up(row.attempts):
            give_up(row)
            return None
        attempt = row.attempts + 1
        if not row.update_unless_changed(attempts=attempt, due_at=timezone.now() + cls.retry.wait(attempt)):
            return None
        row.attempts = attempt
        return row

    def extend(self) -> None:
        """Defer the next attempt while this one makes progress."""
        self.update_unless_changed(due_at=timezone.now() + self.retry.wait(self.attempts))

    def postpone(self) -> None:
        """Wait for the end of an outage. This attempt does not count: the work is not at fault."""
        self.update_unless_changed(attempts=self.attempts - 1, due_at=timezone.now() + self.retry.wait(self.attempts))

    def update_unless_changed(self, **values: object) -> bool:
        """Update the row unless it was finished or claimed since it was read. Returns whether it was updated."""
        return bool(self.unfinished().filter(pk=self.pk, attempts=self.attempts).update(**values))
