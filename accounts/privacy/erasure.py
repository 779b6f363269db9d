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
from accounts.privacy.register import Counts, DataSubject, PersonalData, registered
from maretech.common.work.isolation import log_and_continue

# Anything in transit when an account was erased (a request, a webhook) arrives well within this time.
_IN_TRANSIT: Final = timedelta(days=2)

log = structlog.get_logger(__name__)


def erase_account(erasure_id: UUID) -> None:
    """Settle what the person shares with others, then erase the account's data, app by app.

    A failure in one app does not stop the others; the worker retries it. Nothing is erased before all is settled.
    """
    erasure = Erasure.claim(erasure_id)
    if erasure is None:
        return
    subject = subject_of(erasure.user)
    if not all(_try_settle(data, subject, erasure) for data in _from_topmost_app()):
        return
    failed = [data.app for data in _from_topmost_app() if not _try_erase(data, subject, erasure)]
    if not failed:
        Erasure.objects.filter(pk=erasure.pk, done_at=None).update(done_at=timezone.now())
        log.info("account erased", receipt=str(erasure.pk), account=str(subject.id))


def count_data(subject: DataSubject) -> dict[str, Counts]:
    """Return what an erasure would find, by app. Changes nothing."""
    return {data.app: data.count(subject) for data in _from_topmost_app()}


def subject_of(user: User) -> DataSubject:
    return DataSubject(user.pk, user.email)


def due_erasures() -> list[UUID]:
    """Return the open erasures that no worker has claimed."""
    return list(Erasure.due().order_by("requested_at").values_list("pk", flat=True))


def recently_erased() -> QuerySet[Erasure]:
    return Erasure.objects.filter(done_at__gt=timezone.now() - _IN_TRANSIT).select_related("user")


def erase_again(done: QuerySet[Erasure]) -> None:
    """Erase again the night after: removes data that arrived for the person during the erasure."""
    for erasure in done:
        subject = subject_of(erasure.user)
        if all(_try_settle(data, subject, erasure) for data in _from_topmost_app()):
            for data in _from_topmost_app():
                _try_erase(data, subject, erasure)


def _from_topmost_app() -> Iterator[PersonalData]:
    """Yield the parts from the highest app to the lowest, so that dependent rows go first."""
    return reversed(registered())


def _note_count(data: PersonalData, subject: DataSubject, erasure: Erasure) -> None:
    """Record how much the part held when it was first counted. A part that cannot be counted is erased all the same."""
    if data.app in (erasure.counts or {}):
        return
    with log_and_continue("not counted", app=data.app, receipt=str(erasure.pk)):
        erasure.counts = {**(erasure.counts or {}), data.app: data.count(subject)}
        Erasure.objects.filter(pk=erasure.pk).update(counts=erasure.counts)


def _try_settle(data: PersonalData, subject: DataSubject, erasure: Erasure) -> bool:
    with log_and_continue("not settled yet", app=data.app, receipt=str(erasure.pk), attempts=erasure.attempts):
        data.settle(subject)
        return True
    return False


def _try_erase(data: PersonalData, subject: DataSubject, erasure: Erasure) -> bool:
    _note_count(data, subject, erasure)
    with log_and_continue("not erased yet", app=data.app, receipt=str(erasure.pk), attempts=erasure.attempts):
        data.erase(subject)
        return True
    return False
