"""The objects that rows claim and the store does not have. Nothing can be done here but to know."""

from inspections.models import MissingObject
from maretech.common.staff.object_actions import ReadOnlyAdmin


class MissingObjectAdmin(ReadOnlyAdmin[MissingObject]):
    list_display = ("key", "inspection", "found_at")
    list_select_related = ("inspection",)
    search_fields = ("key",)
    ordering = ("-found_at",)
