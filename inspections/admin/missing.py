"""Admin of missing objects: rows claim them, the store lacks them. Read only."""

from inspections.models import MissingObject
from maretech.common.staff.object_actions import ReadOnlyAdmin


class MissingObjectAdmin(ReadOnlyAdmin[MissingObject]):
    list_display = ("key", "inspection", "found_at")
    list_select_related = ("inspection",)
    search_fields = ("key",)
    ordering = ("-found_at",)
