"""Recompute a finished comparison at the request of staff; the reason is recorded."""

from django.db import transaction

from accounts.models import User
from accounts.staff.audit import record_staff_action
from corrosion.comparison import work
from corrosion.models import Comparison
from corrosion.tasks import send_comparison
from corrosion.vocabulary import SupersedingCause


class NotReopenable(Exception):
    """The comparison is not finished, or one of its inspections is gone. Staff see the text."""


@transaction.atomic
def recompute(*, staff: User, comparison: Comparison, reason: str) -> None:
    """Reset the attempts, record the reason and send on commit. Raises `NotReopenable`."""
    if not can_be_reopened(comparison) or not work.reopen(comparison, cause=SupersedingCause.STAFF):
        raise NotReopenable("Only a finished comparison of two existing inspections can be recomputed.")
    record_staff_action(staff=staff, action="compare_anew", subject=comparison, reason=reason)
    if work.claim_to_send(comparison.pk):
        send_comparison(comparison.pk)


def can_be_reopened(comparison: Comparison) -> bool:
    exist = comparison.before.deleted_at is None and comparison.after.deleted_at is None
    return comparison.computed_at is not None and exist
