"""Erase and export comparisons as part of a person's data."""

from typing import Any, Final

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.privacy.archive import Archive
from accounts.privacy.register import Counts, DataSubject, PersonalData
from corrosion.models import Comparison
from corrosion.vocabulary import ComparisonState

# Fields of a point that the owner sees; measured values are for staff.
_SHOWN: Final = ("point_index", "trend", "reasons")


def count(subject: DataSubject) -> Counts:
    return {"comparisons": _of(subject.id).count()}


def erase(subject: DataSubject) -> None:
    _of(subject.id).delete()


def export(user: User, archive: Archive) -> None:
    own = _of(user.pk).filter(state=ComparisonState.DONE, before__deleted_at=None, after__deleted_at=None)
    if comparisons := [_comparison(row) for row in own.order_by("requested_at")]:
        archive.json("corrosion/comparisons.json", comparisons)


def _of(owner_id: Any) -> QuerySet[Comparison]:
    return Comparison.objects.filter(Q(before__owner_id=owner_id) | Q(after__owner_id=owner_id))


def _comparison(row: Comparison) -> dict[str, Any]:
    points = [{name: point[name] for name in _SHOWN} for point in row.points]
    fields = {"from": row.before_id, "to": row.after_id, "comparable": row.comparable, "trend": row.trend}
    return {**fields, "reasons": row.reasons, "points": points, "explanation": row.explanation}


PERSONAL_DATA: Final = PersonalData(app="corrosion", erased=(Comparison,), count=count, erase=erase, export=export)
