"""Erase and export comparisons and reminders as part of a person's data."""

from typing import Any, Final

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.privacy.archive import Archive
from accounts.privacy.register import Counts, DataSubject, PersonalData
from billing.entitlements import entitlements
from corrosion.models import Comparison, Reminder
from corrosion.vocabulary import ComparisonState

# Fields of a point that the owner sees; measured values are for staff.
_SHOWN: Final = ("point_index", "trend", "reasons")
_SET: Final = ("vessel_id", "interval_days", "enabled", "created_at", "armed_at", "sent_due_on", "sent_at")


def count(subject: DataSubject) -> Counts:
    return {"comparisons": _of(subject.id).count(), "reminders": Reminder.objects.filter(owner=subject.id).count()}


@transaction.atomic
def erase(subject: DataSubject) -> None:
    entitlements.lock(subject.id)  # first, as those who write reminders do
    Reminder.objects.filter(owner=subject.id).delete()
    _of(subject.id).delete()


def export(user: User, archive: Archive) -> None:
    if reminders := [_reminder(row) for row in Reminder.objects.filter(owner=user).order_by("created_at", "id")]:
        archive.json("corrosion/reminders.json", reminders)
    own = _of(user.pk).filter(state=ComparisonState.DONE, before__deleted_at=None, after__deleted_at=None)
    if comparisons := [_comparison(row) for row in own.order_by("requested_at")]:
        archive.json("corrosion/comparisons.json", comparisons)


def _of(owner_id: Any) -> QuerySet[Comparison]:
    return Comparison.objects.filter(Q(before__owner_id=owner_id) | Q(after__owner_id=owner_id))


def _comparison(row: Comparison) -> dict[str, Any]:
    points = [{name: point[name] for name in _SHOWN} for point in row.points]
    fields = {"from": row.before_id, "to": row.after_id, "comparable": row.comparable, "trend": row.trend}
    return {**fields, "reasons": row.reasons, "points": points, "explanation": row.explanation}


def _reminder(row: Reminder) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _SET}


PERSONAL_DATA: Final = PersonalData(
    app="corrosion", erased=(Comparison, Reminder), count=count, erase=erase, export=export
)
