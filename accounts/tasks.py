"""Tasks of this app: each takes an id, calls one rule, and is safe to run twice."""

import uuid

from celery import shared_task

from accounts.identity import email_codes, reset_codes, step_up_codes
from accounts.privacy import erasure, export
from accounts.staff import links
from maretech.common.observability import heartbeat
from maretech.common.work.isolation import ROUND_SECONDS, for_each_isolated


@shared_task(name="accounts.tasks.send_reset_code", soft_time_limit=30, time_limit=45)
def send_reset_code(reset_id: str) -> None:
    _mail(uuid.UUID(reset_id))


@shared_task(name="accounts.tasks.send_pending_reset_codes")
def send_pending_reset_codes() -> None:
    """Send the reset codes that a dead broker or a dead worker left unsent."""
    for_each_isolated(reset_codes.pending_resets(), _mail, within_seconds=ROUND_SECONDS)
    reset_codes.delete_old_resets()


@shared_task(name="accounts.tasks.send_email_code", soft_time_limit=60, time_limit=75)
def send_email_code(code_id: str) -> None:
    _mail_email_code(uuid.UUID(code_id))
    _mail_notice(uuid.UUID(code_id))


@shared_task(name="accounts.tasks.send_step_up_code", soft_time_limit=30, time_limit=45)
def send_step_up_code(step_up_id: str) -> None:
    _mail_step_up_code(uuid.UUID(step_up_id))


@shared_task(name="accounts.tasks.send_staff_link", soft_time_limit=30, time_limit=45)
def send_staff_link(invitation_id: str) -> None:
    _mail_staff_link(uuid.UUID(invitation_id))


@shared_task(name="accounts.tasks.send_pending_mails")
def send_pending_mails() -> None:
    """Send the unsent codes of step-ups and for addresses, notices, and links of new staff."""
    for_each_isolated(step_up_codes.pending_codes(), _mail_step_up_code, within_seconds=ROUND_SECONDS)
    for_each_isolated(email_codes.pending_notices(), _mail_notice, within_seconds=ROUND_SECONDS)
    for_each_isolated(links.pending_links(), _mail_staff_link, within_seconds=ROUND_SECONDS)
    for_each_isolated(email_codes.pending_codes(), _mail_email_code, within_seconds=ROUND_SECONDS)
    email_codes.old_codes().delete()
    step_up_codes.old_step_ups().delete()


@shared_task(name="accounts.tasks.erase_account")
def erase_account(erasure_id: str) -> None:
    _erase(uuid.UUID(erasure_id))


@shared_task(name="accounts.tasks.build_export")
def build_export(export_id: str) -> None:
    _build(uuid.UUID(export_id))


@shared_task(name="accounts.tasks.carry_on")
def resume_privacy_work() -> None:
    """Resume erasures and exports that a dead broker or a dead worker left undone."""
    for_each_isolated(erasure.due_erasures(), _erase)
    for_each_isolated(export.exports_to_build(), _build)


def _mail(reset_id: uuid.UUID) -> None:
    reset_codes.mail_code(reset_id=reset_id)


def _mail_email_code(code_id: uuid.UUID) -> None:
    email_codes.mail_code(code_id=code_id)


def _mail_notice(code_id: uuid.UUID) -> None:
    email_codes.mail_notice(code_id=code_id)


def _mail_step_up_code(step_up_id: uuid.UUID) -> None:
    step_up_codes.mail_code(step_up_id=step_up_id)


def _mail_staff_link(invitation_id: uuid.UUID) -> None:
    links.mail_link(invitation_id=invitation_id)


def _erase(erasure_id: uuid.UUID) -> None:
    _beat()
    erasure.erase_account(erasure_id)


def _build(export_id: uuid.UUID) -> None:
    export.build(export_id, on_progress=_beat)


def _beat() -> None:
    """Write the queue's heartbeat: a large account would otherwise delay it."""
    heartbeat.beat("privacy")
