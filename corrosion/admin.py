"""What staff can look up about comparisons. Nothing is changed here."""

from django.contrib import admin

from corrosion.models import Comparison
from maretech.common.admin import ReadOnlyAdmin


@admin.register(Comparison)
class ComparisonAdmin(ReadOnlyAdmin[Comparison]):
    list_display = ("requested_at", "before", "after", "state", "comparable", "trend", "attempts", "rule_version")
    list_filter = ("state", "comparable", "trend", "rule_version")
    list_select_related = ("before", "after")
    search_fields = ("before__id", "after__id")
