"""What staff did to a row."""

from django.db.models import Model, QuerySet

from accounts.models import StaffAction


def staff_actions_on(row: Model) -> QuerySet[StaffAction]:
    """Oldest first, with who did it."""
    actions = StaffAction.objects.filter(subject_type=row._meta.label_lower, subject_id=str(row.pk))
    return actions.select_related("staff").order_by("at")
