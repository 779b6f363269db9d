"""Thin Celery tasks: take an id, call one rule, safe to run twice."""

import uuid

from celery import shared_task

from maretech.common.work.isolation import ROUND_SECONDS, for_each_isolated
from vessels.handovers import codes, endings


@shared_task(soft_time_limit=60, time_limit=75)
def send_handover_codes(handover_id: str) -> None:
    for_each_isolated(codes.codes_of(uuid.UUID(handover_id)), codes.send_code)


@shared_task
def sweep_handovers() -> None:
    """End overdue offers, find buyers who have an account now, and mail the codes that a lost message left unsent."""
    for_each_isolated(endings.overdue_offers(), endings.expire_offer, within_seconds=ROUND_SECONDS)
    for_each_isolated(codes.offers_to_new_accounts(), codes.find_buyer, within_seconds=ROUND_SECONDS)
    for_each_isolated(codes.due_codes(), codes.send_code, within_seconds=ROUND_SECONDS)
