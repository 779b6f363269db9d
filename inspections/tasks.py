"""Thin Celery tasks: take an id, call one rule, safe to run twice."""

import uuid

from celery import Task, shared_task
from django.conf import settings

from inspections.lifecycle import notices
from inspections.objects import deletion, garbage_collection
from inspections.work import sweeper as sweeping
from inspections.work.photo_queue import next_photo
from inspections.work.shutdown import this_worker
from maretech.common.work.isolation import ROUND_SECONDS, for_each_isolated
from maretech.common.work.queue import enqueue_on_commit


@shared_task
def check_photo(asset_id: str) -> None:
    """Check the next photo in turn, and send a message for the one after it."""
    from inspections.work.photo_check import check_next

    try:
        check_next()
    finally:
        another = next_photo()
        if another is not None:
            send_photo_check(another)


@shared_task(bind=True)
def analyse(self: "Task[[str], None]", job_id: str) -> None:
    from inspections.work.analysis import analyse_next

    worker = this_worker(str(self.request.hostname))
    analyse_next(requested=uuid.UUID(job_id), worker=worker, task_id=str(self.request.id))


@shared_task
def sweep() -> None:
    send_due()


@shared_task
def purge_deleted() -> None:
    for_each_isolated(deletion.inspections_to_purge(), deletion.purge, within_seconds=ROUND_SECONDS)


@shared_task
def remind_of_expiring_inspections() -> None:
    for_each_isolated(notices.expiring_inspections(), notices.notify_of_expiry)


@shared_task
def sweep_objects(after: str = "") -> None:
    """Sweep one slice per message, so that the job sweep never waits long behind it."""
    swept = garbage_collection.collect_garbage(after=after)
    if swept.after:
        enqueue_on_commit(sweep_objects, swept.after, queue="housekeeping", expires_seconds=3600)


@shared_task
def purge_inspection(inspection_id: str) -> None:
    deletion.purge(uuid.UUID(inspection_id))


def send_photo_check(asset_id: uuid.UUID) -> None:
    enqueue_on_commit(check_photo, str(asset_id), queue="checks", expires_seconds=settings.JOB_MESSAGE_SECONDS)


def send_analysis(job_id: uuid.UUID) -> None:
    enqueue_on_commit(analyse, str(job_id), queue="analyses", expires_seconds=settings.JOB_MESSAGE_SECONDS)


def send_purge(inspection_id: uuid.UUID) -> None:
    enqueue_on_commit(purge_inspection, str(inspection_id), queue="housekeeping", expires_seconds=60)


def send_due() -> sweeping.Due:
    """Sweep, and send the due work."""
    due = sweeping.sweep()
    for job_id in due.jobs:
        send_analysis(job_id)
    for asset_id in due.photos:
        send_photo_check(asset_id)
    return due
