"""Worker side: an account that is closed is erased, app by app, and a receipt that names nobody says what went.

The row of the erasure is the truth: it is tried until every app's part came to its end, each safe to run again.
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
from accounts.tries import take_turn
from maretech.common.work.isolation import log_and_continue

# What was on its way when an account was erased (a request, a webhook) has arrived long before.
_ON_ITS_WAY: Final = timedelta(days=2)

log = structlog.get_logger(__name__)


def carry_out(erasure_id: UUID) -> None:
    """Erase what there is, app by app. What fails in one keeps no other, and is tried again until it is done."""
    erasure = _claimed(erasure_id)
    if erasure is None:
        return
    person = person_of(erasure.user)
    failed = [part.app for part in _topmost_first() if not _erased(part, person, erasure)]
    if not failed:
        Erasure.objects.filter(pk=erasure.pk, done_at=None).update(done_at=timezone.now())
        log.info("account erased", receipt=str(erasure.pk), account=str(person.id))


def counted(person: Person) -> dict[str, Counts]:
    """What an erasure would find, by app. Changes nothing."""
    return {part.app: part.count(person) for part in _topmost_first()}


def person_of(user: User) -> Person:
    return Person(user.pk, user.email)


def erasures_to_carry_out() -> list[UUID]:
    """Those that no worker is at."""
    due = Erasure.objects.filter(done_at=None, next_try_at__lte=timezone.now())
    return list(due.order_by("requested_at").values_list("pk", flat=True))


def lately_done() -> QuerySet[Erasure]:
    return Erasure.objects.filter(done_at__gt=timezone.now() - _ON_ITS_WAY).select_related("user")


def erase_again(done: QuerySet[Erasure]) -> None:
    """The night after: whatever arrived for somebody who was being erased."""
    for erasure in done:
        for part in _topmost_first():
            _erased(part, person_of(erasure.user), erasure)


def _claimed(erasure_id: UUID) -> Erasure | None:
    open_ones = Erasure.objects.filter(done_at=None)
    return open_ones.select_related("user").get(pk=erasure_id) if take_turn(open_ones, erasure_id) else None


def _topmost_first() -> Iterator[Part]:
    """From the highest app to the lowest: what stands on something goes before it."""
    return reversed(parts())


def _note_count(part: Part, person: Person, erasure: Erasure) -> None:
    """What there was when the part was first looked at. What cannot be counted now is erased all the same."""
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
