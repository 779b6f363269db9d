"""Thin Celery tasks: take an id, call one rule, safe to run twice."""

from celery import shared_task
from django.conf import settings

from corrosion.comparison import outdated, work
from corrosion.reminders import sending
from maretech.common.work.isolation import ROUND_SECONDS, for_each_isolated
from maretech.common.work.queue import enqueue_on_commit


@shared_task
def compute_comparison(comparison_id: int) -> None:
    """Compute the comparison, then send a message for the owner's next one."""
    from corrosion.comparison import compute

    try:
        compute.compute(comparison_id)
    finally:
        another = work.next_of_its_owner(comparison_id)
        if another is not None:
            send_comparison(another)


@shared_task
def send_pending_comparisons() -> None:
    for comparison_id in work.comparisons_to_send():
        send_comparison(comparison_id)


@shared_task
def recompute_outdated_steps() -> None:
    """Reopen some outdated answers of timelines and send them."""
    for comparison_id in outdated.reopen_outdated():
        if work.claim_to_send(comparison_id):
            send_comparison(comparison_id)


@shared_task
def send_due_reminders() -> None:
    for_each_isolated(sending.reminders_to_check(), sending.check_reminder, within_seconds=ROUND_SECONDS)


def send_comparison(comparison_id: int) -> None:
    enqueue_on_commit(compute_comparison, comparison_id, queue="analyses", expires_seconds=settings.JOB_MESSAGE_SECONDS)
