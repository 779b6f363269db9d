"""Worker side: claim the job, freeze the evidence, run the engine point by point, deliver the result once."""

import uuid
from collections.abc import Iterator

import structlog
from django.conf import settings
from django.db import transaction

from billing.entitlements import entitlements
from inspections.engines.registry import engine_for
from inspections.lifecycle import failures, transitions
from inspections.lifecycle.allowance import access_of
from inspections.lifecycle.delivery_hooks import announce_delivered
from inspections.lifecycle.transitions import JobLease, LeaseLost
from inspections.models import Inspection, Result
from inspections.modes.registry import rules_of
from inspections.work import evidence, lease
from inspections.work.inference import (
    Examined,
    SubmittedPoint,
    as_row,
    examine,
    photographed,
    store_overlays,
    submitted_point,
)
from maretech.common.observability import heartbeat, request_id
from maretech.common.work.outages import postpone_in_an_outage

log = structlog.get_logger(__name__)


def analyse(job_id: uuid.UUID, *, worker: str, task_id: str) -> None:
    """Run one attempt of the job, if it can be claimed. Idempotent; a kill at any line is safe."""
    held = transitions.claim(job_id, worker=worker, task_id=task_id)
    if held is not None:
        _run(held)


def analyse_next(*, asked_for: uuid.UUID, worker: str, task_id: str) -> None:
    """Run one attempt of the next job in turn; the message's job id only signals that there is work."""
    held = transitions.claim_next(asked_for=asked_for, worker=worker, task_id=task_id)
    if held is not None:
        _run(held)


def _run(held: JobLease) -> None:
    request_id.adopt(held.request_id)
    log.info("analysis started", inspection=str(held.inspection_id), attempt=held.attempt)
    try:
        _attempt(held)
    except LeaseLost:
        log.warning("analysis given up, another attempt has the job", inspection=str(held.inspection_id))
    except Exception as exc:  # any error is recorded on the attempt, and raised again for the log
        failures.fail_attempt(held, error=f"{type(exc).__name__}: {exc}")
        raise


def _attempt(held: JobLease) -> None:
    def postpone(error: str) -> None:
        transitions.postpone(held, error=error)

    with postpone_in_an_outage(postpone, inspection=str(held.inspection_id)), lease.kept_alive(held):
        _analyse(held)


def _analyse(held: JobLease) -> None:
    inspection = Inspection.objects.select_related("policy").get(pk=held.inspection_id)
    engine = engine_for(mode=inspection.mode, name=settings.ENGINE)
    examined = examine(inspection, _frozen(inspection, held), engine=engine)
    # Unique to this attempt: the sweep deletes what other attempts left behind.
    own = f"{examined.model_version}/{held.lease.hex[:12]}"
    overlays = store_overlays(examined.points, prefix=f"{inspection.key_prefix}overlay/{own}/")
    _deliver(held, inspection.owner_id, examined, overlays)


def _frozen(inspection: Inspection, held: JobLease) -> Iterator[SubmittedPoint]:
    """Yields each photographed point with frozen photos, photo by photo under the lease. Raises `LeaseLost`."""
    done = 0
    for slot, assets in photographed(inspection):
        contents = []
        for asset in assets:
            contents.append(evidence.freeze(asset, inspection=inspection, held=held))
            done += 1
            transitions.renew(held, photos_done=done)
            heartbeat.beat("analyses")  # a long analysis delays the queue's own heartbeat
        yield submitted_point(slot, assets, contents)


@transaction.atomic
def _deliver(held: JobLease, owner_id: uuid.UUID, examined: Examined, overlays: dict[int, str]) -> None:
    """Write result, statuses and credit in one transaction, if this attempt holds the lease. Raises `LeaseLost`."""
    entitlements.lock(owner_id)
    inspection = transitions.complete(held)
    Result.objects.create(inspection=inspection, **as_row(examined, mode=inspection.mode, overlays=overlays))
    rules_of(inspection.mode).access.settle_delivered(
        owner=owner_id,
        inspection_id=inspection.pk,
        access=access_of(inspection),
        usable=examined.coverage.photos_used > 0,
    )
    announce_delivered(inspection)
