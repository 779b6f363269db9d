"""Tasks of this app: an id in, one rule called, safe to run twice."""

import uuid

from celery import shared_task

from accounts import reset_codes
from maretech.common.each import each_alone


@shared_task(name="accounts.tasks.send_reset_code", soft_time_limit=30, time_limit=45)
def send_reset_code(reset_id: str) -> None:
    reset_codes.mail_code(reset_id=uuid.UUID(reset_id))


@shared_task(name="accounts.tasks.send_pending_reset_codes")
def send_pending_reset_codes() -> None:
    """Finds what a dead broker or a dead worker left unsent."""
    each_alone(reset_codes.pending_resets(), lambda reset_id: reset_codes.mail_code(reset_id=reset_id))
    reset_codes.forget_old_resets()
