"""Thin Celery tasks: call one rule, safe to run twice."""

from celery import shared_task

from maretech.common.work.isolation import ROUND_SECONDS, for_each_isolated
from osmosis import notices


@shared_task
def send_lift_out_notices() -> None:
    for_each_isolated(notices.notices_to_send(), notices.send_notice, within_seconds=ROUND_SECONDS)
