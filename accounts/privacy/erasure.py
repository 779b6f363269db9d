"""Worker side of erasure: erases a closed account app by app, and keeps a receipt that names no person.

The erasure's row is the truth: the worker retries until every app's part has finished. Each part is safe to run again.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Erasure, User
from accounts.privacy.register import Counts, Part, Person, parts
from accounts.tries import claim_attempt
from maretech.common.work.isolation import log_and_continue

# Anything in transit when an account was erased (a request, a webhook) arrives well within this time.
_ON_ITS_WAY: Final = timedelta(days=2)

log = structlog.get_logger(__name__)


def carry_out(erasure_id: UUID) -> None:
    """Erase the account's data, app by app. A failure in one app does not stop the others; the worker retries it."""
    erasure = _claimed(erasure_id)
    if erasure is None:
        return
    person = person_of(erasure.user)
    failed = [part.app for part in _topmost_first() if not _erased(part, person, erasure)]
    if not failed:
        Erasure.objects.filter(pk=erasure.pk, done_at=None).update(done_at=timezone.now())
        log.info("account erased", receipt=str(erasure.pk), account=str(person.id))


def counted(person: Person) -> dict[str, Counts]:
    """Return what an erasure would find, by app. Changes nothing."""
    return {part.app: part.count(person) for part in _topmost_first()}


def person_of(user: User) -> Person:
    return Person(user.pk, user.email)


def erasures_to_carry_out() -> list[UUID]:
    """Return the open erasures that no worker has claimed."""
    due = Erasure.objects.filter(done_at=None, next_try_at__lte=timezone.now())
    return list(due.order_by("requested_at").values_list("pk", flat=True))


def lately_done() -> QuerySet[Erasure]:
    return Erasure.objects.filter(done_at__gt=timezone.now() - _ON_ITS_WAY).select_related("user")


def erase_again(done: QuerySet[Erasure]) -> None:
    """Erase again the night after: removes data that arrived for the person during the erasure."""
    for erasure in done:
        for part in _topmost_first():
            _erased(part, person_of(erasure.user), erasure)


def _claimed(erasure_id: UUID) -> Erasure | None:
    open_ones = Erasure.objects.filter(done_at=None)
    return open_ones.select_related("user").get(pk=erasure_id) if claim_attempt(open_ones, erasure_id) else None


def _topmost_first() -> Iterator[Part]:
    """Yield the parts from the highest app to the lowest, so that dependent rows go first."""
    return reversed(parts())


def _note_count(part: Part, person: Person, erasure: Erasure) -> None:
    """Record how much the part held when it was first counted. A part that cannot be counted is erased all the same."""
    if part.app in (erasure.counts or {}):
        return
    with log_and_continue("not counted", app=part.app, receipt=str(erasure.pk)):
        erasure.counts = {**(erasure.counts or {}), part.app: part.count(person)}
        Erasure.objects.filter(pk=erasure.pk).update(counts=erasure.counts)


def _erased(part: Part, person: Person, erasure: Erasure) -> bool:
    _note_count(part, person, erasure)
    with log_and_continue("not erased yet", app=part.app, receipt=str(erasure.pk), attempts=erasure.attempts):
        part.erase(person)
        return True
    return False
