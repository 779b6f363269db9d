"""Worker side: claim the job, freeze the evidence, run the engine point by point, deliver the result once."""

import time
import uuid
from collections.abc import Iterator

import structlog
from django.conf import settings
from django.db import transaction

from billing.entitlements import entitlements
from inspections.engines.registry import engine_for
from inspections.lifecycle import failures, transitions
from inspections.lifecycle.allowance import access_of
from inspections.lifecycle.hooks import announce_delivered
from inspections.lifecycle.notices import notify_of_result
from inspections.lifecycle.transitions import JobLease, LeaseLost
from inspections.models import Inspection, Result
from inspections.modes.registry import rules_of
from inspections.work import evidence, lease
from inspections.work.inference import (
    InferenceResult,
    SubmittedPoint,
    photographed_slots,
    result_fields,
    run_inference,
    store_overlays,
    submitted_point,
)
from maretech.common.observability import heartbeat, request_id
from maretech.common.work.outages import postpone_in_an_outage

log = structlog.get_logger(__name__)


def analyse(job_id: uuid.UUID, *, worker: str, task_id: str) -> None:
    """Run one attempt of the job, if it can be claimed. Idempotent; a kill at any line is safe."""
    claim = transitions.claim(job_id, worker=worker, task_id=task_id)
    if claim is not None:
        _run(claim)


def analyse_next(*, requested: uuid.UUID, worker: str, task_id: str) -> None:
    """Run one attempt of the next job in turn; the message's job id only signals that there is work."""
    claim = transitions.claim_next(requested=requested, worker=worker, task_id=task_id)
    if claim is not None:
        _run(claim)


def _run(claim: JobLease) -> None:
    request_id.adopt(claim.request_id)
    log.debug("analysis started", inspection=str(claim.inspection_id), attempt=claim.attempt)
    try:
        _attempt(claim)
    except LeaseLost:
        log.warning("analysis given up, another attempt has the job", inspection=str(claim.inspection_id))
    except Exception as exc:  # any error is recorded on the attempt, and raised again for the log
        failures.fail_attempt(claim, error=f"{type(exc).__name__}: {exc}")
        log.warning("analysis failed", inspection=str(claim.inspection_id), attempt=claim.attempt)
        raise


def _attempt(claim: JobLease) -> None:
    def postpone(error: str) -> None:
        transitions.postpone(claim, error=error)

    with postpone_in_an_outage(postpone, inspection=str(claim.inspection_id)), lease.keep_alive(claim):
        _analyse(claim)


def _analyse(claim: JobLease) -> None:
    began = time.monotonic()
    inspection = Inspection.objects.select_related("policy").get(pk=claim.inspection_id)
    engine = engine_for(mode=inspection.mode, name=settings.ENGINE)
    inference = run_inference(inspection, _freeze_points(inspection, claim), engine=engine)
    # Unique to this attempt: the sweep deletes what other attempts left behind.
    attempt = f"{inference.model_version}/{claim.lease.hex[:12]}"
    overlays = store_overlays(inference.points, prefix=f"{inspection.key_prefix}overlay/{attempt}/")
    _deliver(claim, inspection.owner_id, inference, overlays)
    log.info(
        "analysis done",
        inspection=str(inspection.pk),
        attempt=claim.attempt,
        mode=inspection.mode,
        photos=inference.coverage.photos_used,
        seconds=round(time.monotonic() - began, 1),
    )


def _freeze_points(inspection: Inspection, claim: JobLease) -> Iterator[SubmittedPoint]:
    """Yield each photographed point with its photos frozen, one by one under the lease. Raises `LeaseLost`."""
    done = 0
    for slot, assets in photographed_slots(inspection):
        contents = []
        for asset in assets:
            contents.append(evidence.freeze(asset, inspection=inspection, claim=claim))
            done += 1
            transitions.renew(claim, photos_done=done)
            heartbeat.beat("analyses")  # a long analysis delays the queue's own heartbeat
        yield submitted_point(slot, assets, contents)


@transaction.atomic
def _deliver(claim: JobLease, owner_id: uuid.UUID, inference: InferenceResult, overlays: dict[int, str]) -> None:
    """Write result, statuses and credit in one transaction, if this attempt holds the lease. Raises `LeaseLost`."""
    entitlements.lock(owner_id)
    inspection = transitions.complete(claim)
    if inspection.owner_id != owner_id:  # a handover was reversed meanwhile: another attempt delivers to this owner
        raise LeaseLost
    Result.objects.create(inspection=inspection, **result_fields(inference, mode=inspection.mode, overlays=overlays))
    if not inspection.came_with_vessel:  # it failed and was handed over; now staff have it analysed again
        rules_of(inspection.mode).access.settle_delivered(
            owner=owner_id,
            inspection_id=inspection.pk,
            access=access_of(inspection),
            usable=inference.coverage.photos_used > 0,
        )
    announce_delivered(inspection)
    notify_of_result(inspection)
