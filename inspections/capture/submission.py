"""Request side of submission: check the set, pin the uploads, queue the one job."""

import uuid
from typing import Any

from django.db import transaction

from accounts.models import User
from billing.entitlements import entitlements
from inspections.errors import InspectionClosed, UploadsMissing
from inspections.lifecycle import transitions
from inspections.lifecycle.allowance import access_of
from inspections.lifecycle.hooks import completed_context
from inspections.lifecycle.notices import withdraw_reminders
from inspections.models import CaptureSlot, InferenceJob, Inspection, MediaAsset
from inspections.modes.registry import rules_of
from inspections.tasks import send_analysis
from inspections.vocabulary import InspectionStatus
from maretech.common.http.errors import NotFound, ServiceUnavailable
from maretech.common.storage import object_store
from maretech.common.storage.base import ObjectInfo

Found = dict[uuid.UUID, ObjectInfo]
SET_CHANGED_TRIES = 3


def submit_inspection(*, owner: User, inspection_id: uuid.UUID, accept_incomplete: bool) -> InferenceJob:
    """Returns the inspection's one job; the first call queues it, later calls return the same job.

    Raises `UploadsMissing` naming each missing photo, the mode's refusal if the payment was withdrawn,
    `InspectionClosed` if the inspection ended without submission.
    """
    for _ in range(SET_CHANGED_TRIES):
        inspection = Inspection.objects.owned_by(owner).filter(pk=inspection_id).first()
        if inspection is None:
            raise NotFound
        if inspection.status != InspectionStatus.PENDING:
            return _job_of(inspection)
        found = _look_up(inspection)  # outside the transaction: the store may be slow
        job = _submit(inspection_id, owner, found, accept_incomplete=accept_incomplete)
        if job is not None:
            return job
    raise ServiceUnavailable("The photos are still changing. Try again shortly.", retry_after=2)


def _job_of(inspection: Inspection) -> InferenceJob:
    job = InferenceJob.objects.filter(inspection=inspection).first()
    if job is None:
        raise InspectionClosed
    return job


def _current_assets(inspection: Inspection) -> list[MediaAsset]:
    return list(MediaAsset.objects.filter(slot__inspection=inspection, superseded_at=None))


def _look_up(inspection: Inspection) -> tuple[set[uuid.UUID], Found]:
    """Returns the existing assets, and the stored object of each."""
    assets = _current_assets(inspection)
    heads = object_store().heads(asset.uri for asset in assets)
    found = {asset.pk: info for asset in assets if (info := heads[asset.uri]) is not None}
    return {asset.pk for asset in assets}, found


@transaction.atomic
def _submit(
    inspection_id: uuid.UUID, owner: User, looked_up: tuple[set[uuid.UUID], Found], *, accept_incomplete: bool
) -> InferenceJob | None:
    """Pin and queue under the locks. Returns None if the photos changed after the lookup."""
    entitlements.lock(owner)
    inspection = Inspection.objects.select_for_update().get(pk=inspection_id)
    if inspection.status != InspectionStatus.PENDING:
        return _job_of(inspection)
    if not inspection.takes_photos():
        raise InspectionClosed
    known, found = looked_up
    assets = _current_assets(inspection)
    if {asset.pk for asset in assets} != known:
        return None
    _refuse_incomplete(inspection, assets, found, accept_incomplete=accept_incomplete)
    _confirm_access(inspection, owner)
    _pin(assets, found)
    inspection.capture_context = completed_context(inspection)
    job = transitions.submit(inspection, photos=len(found))
    withdraw_reminders(inspection)
    send_analysis(job.pk)
    return job


def _refuse_incomplete(
    inspection: Inspection, assets: list[MediaAsset], found: Found, *, accept_incomplete: bool
) -> None:
    """A reserved point without any photo does not count; an opened or begun one needs every angle."""
    if found and accept_incomplete:
        return
    slots = list(inspection.slots.all())
    begun = {asset.slot_id for asset in assets if asset.pk in found}
    present = {(asset.slot_id, asset.angle) for asset in assets if asset.pk in found}
    counting = [slot for slot in slots if slot.opened_at is not None or slot.pk in begun] or slots[:1]
    missing = [entry for slot in counting for entry in _missing_of(slot, present)]
    if missing:
        raise UploadsMissing(missing=missing)


def _missing_of(slot: CaptureSlot, present: set[tuple[uuid.UUID, str]]) -> list[dict[str, Any]]:
    return [
        {"point_index": slot.point_index, "angle": angle}
        for angle in slot.required_angles
        if (slot.pk, angle) not in present
    ]


def _confirm_access(inspection: Inspection, owner: User) -> None:
    access = rules_of(inspection.mode).access.confirm_at_submission(
        owner=owner, inspection_id=inspection.pk, access=access_of(inspection)
    )
    inspection.access = access.kind


def _pin(assets: list[MediaAsset], found: Found) -> None:
    pinned = [asset for asset in assets if asset.pk in found]
    for asset in pinned:
        info = found[asset.pk]
        asset.pinned_etag, asset.pinned_size, asset.pinned_content_type = info.etag, info.size, info.content_type[:64]
    MediaAsset.objects.bulk_update(pinned, ["pinned_etag", "pinned_size", "pinned_content_type"])
