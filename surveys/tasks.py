"""Thin Celery tasks: call one rule after the other, safe to run twice."""

from celery import shared_task

from maretech.common.work.isolation import ROUND_SECONDS, for_each_isolated
from surveys.appointments import ending, holding, notices, paying
from surveys.disputes import cases


@shared_task
def sweep_appointments() -> None:
    """Release overdue holds, close their orders, remind owners, close what has no mark, and flag late disputes."""
    for_each_isolated(holding.overdue_holds(), holding.release_hold, within_seconds=ROUND_SECONDS)
    for_each_isolated(paying.unwanted_orders(), paying.close_order, within_seconds=ROUND_SECONDS)
    for_each_isolated(notices.appointments_tomorrow(), notices.remind, within_seconds=ROUND_SECONDS)
    for_each_isolated(ending.unmarked_appointments(), ending.close_unmarked, within_seconds=ROUND_SECONDS)
    cases.escalate_overdue()
