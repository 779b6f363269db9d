"""Erase and export vessels as part of a person's data."""

from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from accounts.privacy.archive import Archive
from accounts.privacy.register import Counts, DataSubject, PersonalData
from billing.entitlements import entitlements
from vessels.models import Vessel
from vessels.uses import uses

_INPUT: Final = (
    "name",
    "hull_material",
    "length_m",
    "built_year",
    "hull_id",
    "home_port",
    "created_at",
    "archived_at",
)


def count(subject: DataSubject) -> Counts:
    return {"vessels": _of(subject.id).count()}


@transaction.atomic
def erase(subject: DataSubject) -> None:
    """Delete the vessels, even while inspections of them are not erased yet. Locks in the same order as openings do."""
    entitlements.lock(subject.id)
    for use in uses():
        use.forget_owner(subject.id)
    _of(subject.id).delete()


def export(user: User, archive: Archive) -> None:
    if rows := [_vessel(row) for row in _of(user.pk).order_by("created_at", "id")]:
        archive.json("vessels/vessels.json", rows)


def _of(owner_id: UUID) -> QuerySet[Vessel]:
    return Vessel.objects.owned_by(owner_id)


def _vessel(row: Vessel) -> dict[str, Any]:
    return {"vessel_id": row.pk, **{name: getattr(row, name) for name in _INPUT}}


PERSONAL_DATA: Final = PersonalData(app="vessels", erased=(Vessel,), count=count, erase=erase, export=export)
