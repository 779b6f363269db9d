"""End an inspection without a result: failed attempt, lost worker, deadline, or deletion by the owner.

Each ending locks the owner's entitlement, then the inspection, then the job, and settles the held credit in the same
transaction.
"""

import uuid

import structlog
from django.db import transaction
from django.utils import timezone

from billing.entitlements import entitlements
from inspections.lifecycle import transitions
from inspections.lifecycle.hooks import announce_deleted
from inspections.lifecycle.notices import (
    notify_of_failure,
    tell_staff_of_failed_analysis,
    withdraw_all,
    withdraw_reminders,
)
from inspections.lifecycle.transitions import JobLease, LeaseLost
from inspections.models import Inspection
from inspections.modes.registry import rules_of
from inspections.vocabulary import FailureReason, InspectionStatus
from maretech.common.http.errors import NotFound
from vessels.availability import refuse_in_handover
from vessels.models import Vessel

log = structlog.get_logger(__name__)


def fail_attempt(held: JobLease, *, error: str) -> None:
    """Record a failed attempt; after the last one the inspection fails and its cost is returned, once."""
    try:
        with transaction.atomic():
            _lock_owner_of(held.inspection_id)
            _settle(transitions.give_up_attempt(held, error=error))
    except LeaseLost:
        log.warning("a failed attempt had lost its lease", inspection=str(held.inspection_id))


@transaction.atomic
def recover_expired(job_id: uuid.UUID) -> None:
    """Recover a job from a lost worker."""
    inspection_id = Inspection.objects.filter(job__pk=job_id).values_list("pk", flat=True).first()
    if inspection_id is not None:
        _lock_owner_of(inspection_id)
        _settle(transitions.requeue_expired(job_id))


@transaction.atomic
def expire(inspection_id: uuid.UUID) -> None:
    """End an inspection that was not submitted in time; a held credit returns."""
    _lock_owner_of(inspection_id)
    inspection = Inspection.objects.select_for_update().get(pk=inspection_id)
    if inspection.status == InspectionStatus.PENDING and not inspection.takes_photos():
        transitions.expire(inspection)
        _settle(inspection)


@transaction.atomic
def delete(inspection: Inspection) -> None:
    """Delete an inspection for its owner: it disappears at once, unfinished work ends, the photos are purged next.

    Raises `VesselInHandover` while its vessel is being handed over, and `NotFound` if it has just changed its owner.
    """
    _lock_owner_of(inspection.pk)
    vessel_id = Inspection.objects.values_list("vessel_id", flat=True).get(pk=inspection.pk)
    vessel = Vessel.objects.select_for_update().filter(pk=vessel_id).first()
    if vessel is not None:
        refuse_in_handover(vessel)
    locked = Inspection.objects.select_for_update().get(pk=inspection.pk)
    if locked.owner_id != inspection.owner_id:
        raise NotFound
    if transitions.withdraw(locked):
        _settle(locked)
    Inspection.objects.filter(pk=locked.pk, deleted_at=None).update(deleted_at=timezone.now())
    withdraw_all(locked)
    announce_deleted(locked)


def _lock_owner_of(inspection_id: uuid.UUID) -> None:
    entitlements.lock(Inspection.objects.values_list("owner_id", flat=True).get(pk=inspection_id))


def _settle(failed: Inspection | None) -> None:
    if failed is not None:
        rules_of(failed.mode).access.settle_undelivered(owner=failed.owner_id, inspection_id=failed.pk)
        withdraw_reminders(failed)
        notify_of_failure(failed)
        if failed.failure_reason == FailureReason.TECHNICAL:
            tell_staff_of_failed_analysis(failed)
