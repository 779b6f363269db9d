"""The record of what staff did. Every staff action of every app leaves its row here, with a reason."""

from typing import Any

from django.db.models import Model, QuerySet

from accounts.errors import ReasonRequired
from accounts.models import StaffAction, User


def record_staff_action(
    *, staff: User, action: str, subject: Model, reason: str, detail: dict[str, Any] | None = None
) -> StaffAction:
    """Keep who did what to what, and why. Call it in the transaction of the action, so that neither stands alone."""
    if not reason.strip():
        raise ReasonRequired
    return StaffAction.objects.create(
        staff=staff,
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        reason=reason.strip(),
        detail=detail or {},
    )


def staff_actions_on(row: Model) -> QuerySet[StaffAction]:
    """What staff did to a row, oldest first, with who did it."""
    actions = StaffAction.objects.filter(subject_type=row._meta.label_lower, subject_id=str(row.pk))
    return actions.select_related("staff").order_by("at")
