"""Erase and export lift-outs as part of a person's data."""

from typing import Any, Final

from accounts.models import User
from accounts.privacy.archive import Archive
from accounts.privacy.register import Counts, DataSubject, PersonalData
from osmosis.models import LiftOut

_NOTED: Final = ("vessel_id", "lifted_out_at", "noted_at", "notified_for")


def count(subject: DataSubject) -> Counts:
    return {"lift-outs": LiftOut.objects.filter(owner=subject.id).count()}


def erase(subject: DataSubject) -> None:
    LiftOut.objects.filter(owner=subject.id).delete()


def export(user: User, archive: Archive) -> None:
    if noted := [_lift_out(row) for row in LiftOut.objects.filter(owner=user).order_by("noted_at", "id")]:
        archive.json("osmosis/lift_outs.json", noted)


def _lift_out(row: LiftOut) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _NOTED}


PERSONAL_DATA: Final = PersonalData(app="osmosis", erased=(LiftOut,), count=count, erase=erase, export=export)
