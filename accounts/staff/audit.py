"""The record of staff actions. Every action of every app writes its row here, with a reason."""

from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Model, QuerySet

from accounts.errors import ReasonRequired
from accounts.models import StaffAction, User
from maretech.common.text import composed, is_blank

# The outcome of an action that has begun, until the real outcome is known.
ASKED: Final = "asked"


def record_staff_action(
    *, staff: User, action: str, subject: Model, reason: str, detail: dict[str, Any] | None = None
) -> StaffAction:
    """Record who did what to what, and why. Call this in the action's transaction, so that both commit or neither."""
    if is_blank(reason):
        raise ReasonRequired
    return StaffAction.objects.create(
        staff=staff,
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        reason=composed(reason.strip()),
        detail=detail or {},
    )


def staff_actions_on(row: Model) -> QuerySet[StaffAction]:
    """Return the staff actions on a row with their actors, oldest first."""
    actions = StaffAction.objects.filter(subject_type=row._meta.label_lower, subject_id=str(row.pk))
    return actions.select_related("staff").order_by("at")


def action_by_key(row: Model, *, action: str, key: UUID) -> StaffAction | None:
    """Return the action that a form with this key already did (`IdempotentForm`). Under a lock, it happens once."""
    return staff_actions_on(row).filter(action=action, detail__key=str(key)).first()


@transaction.atomic
def keep_outcome(done: StaffAction, outcome: str) -> None:
    """Add the outcome of an action that was recorded as `ASKED`. The first outcome stays."""
    locked = StaffAction.objects.select_for_update().get(pk=done.pk)
    if locked.detail.get("outcome") == ASKED:
        locked.detail["outcome"] = outcome
        locked.save(update_fields=["detail"])
