"""Note and remove the maintenance of a vessel; the comparisons that it makes wrong are computed again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import Owner, User
from billing.entitlements import entitlements
from corrosion.comparison.baselines import works_of
from corrosion.comparison.pairs import recompute_across
from corrosion.models import Maintenance
from corrosion.vocabulary import MaintenanceKind
from inspections.models import CapturePolicy
from inspections.vocabulary import Mode
from maretech.common.http.errors import Invalid, NotFound
from notifications.recipients.preferences import zone_of
from vessels.models import Vessel
from vessels.registration import lock_vessel, restore

MAX_PER_VESSEL: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What was done. `points` are indices; empty: the whole vessel."""

    kind: MaintenanceKind
    performed_on: date
    points: Sequence[int] = ()
    note: str = ""


@transaction.atomic
def add_maintenance(*, owner: User, vessel_id: UUID, job: Job) -> tuple[Maintenance, bool]:
    """Note the job, and return whether it is new. Comparisons that it separates are reopened in the same transaction.

    The same job again is the entry that exists: deleting one would otherwise leave another in its place.

    Raises `Invalid` for a day in the future at the owner's, or for a point that no capture policy ever had; `NotFound`
    for a vessel of another owner.
    """
    entitlements.lock(owner)  # before the vessel
    vessel = lock_vessel(owner=owner, vessel_id=vessel_id)
    noted = {"kind": job.kind, "performed_on": job.performed_on, "points": sorted(job.points), "note": job.note}
    # An earlier release could store two equal entries.
    existing = Maintenance.objects.filter(vessel=vessel, **noted).order_by("created_at", "id").first()
    if existing is None:
        _check(owner, vessel, job)
    restore(vessel)
    if existing is not None:
        return existing, False
    row = Maintenance.objects.create(vessel=vessel, **noted)
    _recompute(row, owner)
    return row, True


@transaction.atomic
def remove_maintenance(*, owner: User, maintenance_id: UUID) -> None:
    """Delete the row. Comparisons that it separated are reopened in the same transaction. Raises `NotFound`."""
    row = own_maintenance(owner=owner, maintenance_id=maintenance_id)
    entitlements.lock(owner)
    lock_vessel(owner=owner, vessel_id=row.vessel_id)
    deleted, _ = Maintenance.objects.filter(pk=row.pk).delete()
    if not deleted:  # by a concurrent request
        raise NotFound
    _recompute(row, owner)


def own_maintenance(*, owner: Owner, maintenance_id: UUID) -> Maintenance:
    """Return the maintenance of a vessel of this owner. Raises `NotFound`."""
    row = Maintenance.objects.owned_by(owner).select_related("vessel").filter(pk=maintenance_id).first()
    if row is None:
        raise NotFound
    return row


def _check(owner: User, vessel: Vessel, job: Job) -> None:
    if job.performed_on > timezone.now().astimezone(zone_of(owner)).date():
        raise Invalid(performed_on="This is in the future.")
    most = _max_points()
    if any(index > most for index in job.points):
        raise Invalid(points=f"Points have the numbers 1 to {most}.")
    if Maintenance.objects.filter(vessel=vessel).count() >= MAX_PER_VESSEL:
        raise Invalid(vessel_id=f"A vessel takes {MAX_PER_VESSEL} entries.")


def _max_points() -> int:
    """Return the largest number of a point of any version: inspections of an earlier one keep theirs."""
    most: int = CapturePolicy.objects.filter(mode=Mode.CORROSION).aggregate(most=Max("max_points"))["most"]
    return most


def _recompute(row: Maintenance, owner: User) -> None:
    for work in works_of([row]).get(row.vessel_id, ()):
        recompute_across(work, owner_id=owner.pk, vessel_id=row.vessel_id)
