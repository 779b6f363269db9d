"""Thin Celery tasks: call one rule, safe to run twice. A message asks for the next work in turn."""

import uuid
from collections.abc import Callable

from celery import Task, shared_task
from django.conf import settings

from dossiers.deliveries import letters, mails
from dossiers.lifecycle import purging
from dossiers.models import Dossier, Recording, Refinement
from dossiers.objects import garbage_collection
from dossiers.recordings import discarding
from dossiers.turns import due_count
from maretech.common.work.isolation import ROUND_SECONDS, for_each_isolated
from maretech.common.work.queue import enqueue_on_commit

QUEUE = "dossiers"
# Five minutes of speech take two to four minutes of one core with the embedded engine, and longer on a slow or busy
# machine. The hard limit ends before the broker delivers the message again, and before the recording's next attempt.
TRANSCRIPTION_SOFT_LIMIT_SECONDS = 540
TRANSCRIPTION_HARD_LIMIT_SECONDS = 570


@shared_task
def render_dossier() -> None:
    from dossiers.lifecycle import rendering

    _work(rendering.render_next, send_rendering)


@shared_task(soft_time_limit=TRANSCRIPTION_SOFT_LIMIT_SECONDS, time_limit=TRANSCRIPTION_HARD_LIMIT_SECONDS)
def transcribe_recording() -> None:
    from dossiers.recordings import transcription

    _work(transcription.transcribe_next, send_transcription)


@shared_task
def refine_statement() -> None:
    from dossiers.drafts import refining

    _work(refining.refine_next, send_refinement)


@shared_task
def send_dossier_mail(delivery_id: str) -> None:
    mails.send(uuid.UUID(delivery_id))


@shared_task
def work_on_letter(delivery_id: str) -> None:
    letters.work_on(uuid.UUID(delivery_id))


@shared_task
def resume_dossier_work() -> None:
    """Wake workers for the work that no message brought, and for the mails and letters that are due."""
    for model, send in ((Dossier, send_rendering), (Recording, send_transcription), (Refinement, send_refinement)):
        for _ in range(due_count(model)):
            send()
    for delivery_id in mails.due_mails():
        send_mail(delivery_id)
    for delivery_id in letters.due_letters():
        send_letter(delivery_id)


@shared_task
def purge_dossiers() -> None:
    for_each_isolated(purging.dossiers_to_purge(), purging.purge, within_seconds=ROUND_SECONDS)
    for_each_isolated(discarding.recordings_to_purge(), discarding.purge_recording, within_seconds=ROUND_SECONDS)


@shared_task
def purge_dossier(dossier_id: str) -> None:
    purging.purge(uuid.UUID(dossier_id))


@shared_task
def sweep_dossier_objects() -> None:
    garbage_collection.collect_garbage()


def send_rendering() -> None:
    _send(render_dossier)


def send_transcription() -> None:
    _send(transcribe_recording)


def send_refinement() -> None:
    _send(refine_statement)


def send_mail(delivery_id: uuid.UUID) -> None:
    enqueue_on_commit(send_dossier_mail, str(delivery_id), queue="notifications", expires_seconds=60)


def send_letter(delivery_id: uuid.UUID) -> None:
    enqueue_on_commit(work_on_letter, str(delivery_id), queue=QUEUE, expires_seconds=60)


def send_purge(dossier_id: uuid.UUID) -> None:
    enqueue_on_commit(purge_dossier, str(dossier_id), queue="housekeeping", expires_seconds=3600)


def _send(task: "Task[[], None]") -> None:
    enqueue_on_commit(task, queue=QUEUE, expires_seconds=settings.JOB_MESSAGE_SECONDS)


def _work(rule: Callable[[], bool], send_another: Callable[[], None]) -> None:
    """Do one piece of work, then send a message for the next: others may wait behind it."""
    if rule():
        send_another()
