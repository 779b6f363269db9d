"""Open an inspection, or return the open one."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from billing.entitlements import entitlements
from inspections.capture.points import allow_points, reserve_points
from inspections.lifecycle import failures
from inspections.lifecycle.allowance import current_policy
from inspections.lifecycle.vessel_links import ensure_vessel
from inspections.models import CapturePolicy, Inspection
from inspections.modes.base import ModeRules
from inspections.modes.registry import rules_of
from inspections.vocabulary import InspectionStatus
from maretech.common.storage import object_store
from vessels.availability import refuse_in_handover
from vessels.models import Vessel
from vessels.registration import find_or_create_vessel, lock_vessel, restore


@dataclass(frozen=True, slots=True)
class Opened:
    inspection: Inspection
    points: int
    created: bool


def photographed_inspections(*, owner: User, mode: str) -> list[uuid.UUID]:
    """Returns inspections of the opening window with uploaded but unconfirmed photos. Queries the object store."""
    return [row.pk for row in _recent(owner, mode) if any(object_store().list(f"{row.key_prefix}quarantine/"))]


@transaction.atomic
def open_inspection(
    *,
    owner: User,
    mode: str,
    points: int,
    details: Mapping[str, Any],
    repeatable: bool,
    photographed: Sequence[uuid.UUID] = (),
    vessel_id: uuid.UUID | None = None,
    vessel_label: str = "",
) -> Opened:
    """Open an inspection with its first `points` points reserved, or return the owner's open one.

    `repeatable` means that the request had its own idempotency key, so that only a rule of the mode can return an older
    inspection; `photographed` ones are never returned for a new one. A new inspection belongs to the vessel of this id
    or, without an id, to the owner's vessel of this label. Raises `NotFound` for a vessel that is not the owner's,
    `VesselInHandover` for one that is being handed over, and the mode's refusal if no further inspection is allowed.
    """
    entitlements.lock(owner)
    vessel = None if vessel_id is None else lock_vessel(owner=owner, vessel_id=vessel_id)
    policy, rules = current_policy(mode), rules_of(mode)
    inspection = _unfinished(owner, mode, rules)
    if inspection is None and not repeatable:
        inspection = _recent(owner, mode).exclude(pk__in=photographed).first()
    created = inspection is None
    if inspection is None:
        vessel = vessel or find_or_create_vessel(owner=owner, name=vessel_label)[0]
        inspection = _create(owner, policy, rules, vessel, details)
    if not created:  # a concurrent request may open a point in it
        ensure_vessel(inspection)
        inspection = Inspection.objects.select_for_update(of=("self",)).select_related("policy").get(pk=inspection.pk)
    if inspection.status == InspectionStatus.PENDING:
        allow_points(inspection, points)
        reserve_points(inspection, points)
    return Opened(inspection, points, created)


def _create(
    owner: User, policy: CapturePolicy, rules: ModeRules, vessel: Vessel, details: Mapping[str, Any]
) -> Inspection:
    """Create the inspection of this vessel, which the caller has locked."""
    refuse_in_handover(vessel)
    restore(vessel)
    inspection_id, now = uuid.uuid4(), timezone.now()
    access = rules.access.open_access(
        owner=owner, inspection_id=inspection_id, free_points=policy.free_points, max_points=policy.max_points
    )
    return Inspection.objects.create(
        id=inspection_id,
        owner=owner,
        mode=policy.mode,
        policy=policy,
        access=access.kind,
        points_allowed=access.points_allowed,
        created_at=now,
        expires_at=now + timedelta(hours=settings.INSPECTION_OPEN_HOURS),
        vessel=vessel,
        vessel_label=vessel.name,
        **{**details, "capture_context": _context_of(vessel, details.get("capture_context", {}))},
    )


def _context_of(vessel: Vessel, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the owner typed, with the vessel's hull material if none was typed."""
    return {**({"hull_material": vessel.hull_material} if vessel.hull_material else {}), **typed}


def _unfinished(owner: User, mode: str, rules: ModeRules) -> Inspection | None:
    """Returns the open inspection that must end before another starts. The owner's entitlement row is locked."""
    mine = Inspection.objects.owned_by(owner).filter(mode=mode).order_by("-created_at")
    for overdue in mine.filter(status=InspectionStatus.PENDING, expires_at__lte=timezone.now()):
        failures.expire(overdue.pk)
    if rules.access.may_open_beside_unfinished(owner=owner):
        return None
    return mine.filter(status__in=[InspectionStatus.PENDING, InspectionStatus.PROCESSING]).first()


def _recent(owner: User, mode: str) -> QuerySet[Inspection]:
    """Returns open inspections of the opening window without a confirmed photo, newest first."""
    since = timezone.now() - timedelta(minutes=settings.OPENING_WINDOW_MINUTES)
    mine = Inspection.objects.owned_by(owner).filter(mode=mode, status=InspectionStatus.PENDING, created_at__gte=since)
    return mine.exclude(slots__assets__uploaded_at__isnull=False).order_by("-created_at")
