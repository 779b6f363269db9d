"""Erase and export comparisons, their earlier answers, maintenance and reminders as part of a person's data."""

from typing import Any, Final

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.privacy.archive import Archive
from accounts.privacy.register import Counts, DataSubject, PersonalData
from billing.entitlements import entitlements
from corrosion.comparison.baselines import baselines_of
from corrosion.models import Comparison, Maintenance, Reminder, SupersededAnswer
from corrosion.vocabulary import ComparisonState

# Fields of a point that the owner sees; measured values are for staff.
_SHOWN: Final = ("point_index", "trend", "reasons")
_SET: Final = ("vessel_id", "interval_days", "enabled", "created_at", "armed_at", "sent_due_on", "sent_at")
_MAINTENANCE: Final = ("vessel_id", "kind", "performed_on", "points", "note", "created_at")


def count(subject: DataSubject) -> Counts:
    return {
        "comparisons": _of(subject.id).count(),
        "earlier answers of comparisons": _earlier(subject.id).count(),
        "maintenance": Maintenance.objects.owned_by(subject.id).count(),
        "reminders": Reminder.objects.filter(owner=subject.id).count(),
    }


@transaction.atomic
def erase(subject: DataSubject) -> None:
    entitlements.lock(subject.id)  # first, as those who write reminders do
    Reminder.objects.filter(owner=subject.id).delete()
    _of(subject.id).delete()
    Maintenance.objects.owned_by(subject.id).delete()


def export(user: User, archive: Archive) -> None:
    """Export what the owner was shown. An answer that maintenance noted since makes wrong is not exported as one."""
    if reminders := [_reminder(row) for row in Reminder.objects.filter(owner=user).order_by("created_at", "id")]:
        archive.json("corrosion/reminders.json", reminders)
    own = Comparison.objects.filter(before__owner=user, after__owner=user)
    own = own.filter(before__deleted_at=None, after__deleted_at=None)
    done = own.filter(state=ComparisonState.DONE).select_related("before", "after").order_by("requested_at")
    baselines = baselines_of(user.pk, {row.before.vessel_id for row in done})
    if comparisons := [_comparison(row) for row in done if not baselines.contradict(row)]:
        archive.json("corrosion/comparisons.json", comparisons)
    earlier = SupersededAnswer.objects.filter(comparison__in=own).select_related("comparison")
    if answers := [_earlier_answer(row) for row in earlier.order_by("superseded_at", "pk")]:
        archive.json("corrosion/earlier-comparisons.json", answers)
    if maintenance := [_maintenance(row) for row in Maintenance.objects.owned_by(user)]:
        archive.json("corrosion/maintenance.json", maintenance)


def _of(owner_id: Any) -> QuerySet[Comparison]:
    return Comparison.objects.filter(Q(before__owner_id=owner_id) | Q(after__owner_id=owner_id))


def _earlier(owner_id: Any) -> QuerySet[SupersededAnswer]:
    return SupersededAnswer.objects.filter(comparison__in=_of(owner_id))


def _comparison(row: Comparison) -> dict[str, Any]:
    return {"from": row.before_id, "to": row.after_id, **_answer(row)}


def _earlier_answer(row: SupersededAnswer) -> dict[str, Any]:
    times = {"computed_at": row.computed_at, "superseded_at": row.superseded_at, "cause": row.cause}
    return {"from": row.comparison.before_id, "to": row.comparison.after_id, **_answer(row), **times}


def _answer(row: Comparison | SupersededAnswer) -> dict[str, Any]:
    points = [{name: point[name] for name in _SHOWN} for point in row.points]
    fields = {"comparable": row.comparable, "trend": row.trend, "reasons": row.reasons}
    return {**fields, "points": points, "explanation": row.explanation}


def _reminder(row: Reminder) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _SET}


def _maintenance(row: Maintenance) -> dict[str, Any]:
    return {"maintenance_id": row.pk, **{name: getattr(row, name) for name in _MAINTENANCE}}


PERSONAL_DATA: Final = PersonalData(
    app="corrosion",
    erased=(Comparison, SupersededAnswer, Maintenance, Reminder),
    count=count,
    erase=erase,
    export=export,
)
