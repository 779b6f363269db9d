"""Admin of superseded answers: what comparisons answered before, and why they were computed again. Read only."""

from django.contrib import admin
from django.utils.safestring import SafeString

from corrosion.models import SupersededAnswer
from maretech.common.staff.object_actions import ReadOnlyAdmin, link_to


class SupersededAnswerAdmin(ReadOnlyAdmin[SupersededAnswer]):
    linked_filters = ("comparison__id__exact",)
    list_display = ("superseded_at", "comparison", "cause", "trend", "reason_codes", "rule_version", "model_version")
    list_filter = ("cause", "trend", "rule_version", "model_version")
    list_select_related = ("comparison",)
    search_fields = ("comparison__before__id", "comparison__after__id")
    search_help_text = "Id of one of the inspections (or a part of it)."
    fields = (
        ("comparison_link", "owner_link"),
        ("before_link", "after_link"),
        ("cause", "superseded_at", "computed_at"),
        ("comparable", "trend", "reason_codes"),
        "explanation",
        "points",
        ("rule_version", "model_version"),
    )

    @admin.display(description="comparison")
    def comparison_link(self, row: SupersededAnswer) -> SafeString:
        return link_to(row.comparison)

    @admin.display(description="owner")
    def owner_link(self, row: SupersededAnswer) -> SafeString:
        return link_to(row.comparison.before.owner)

    @admin.display(description="from")
    def before_link(self, row: SupersededAnswer) -> SafeString:
        return link_to(row.comparison.before)

    @admin.display(description="to")
    def after_link(self, row: SupersededAnswer) -> SafeString:
        return link_to(row.comparison.after)

    @admin.display(description="reasons")
    def reason_codes(self, row: SupersededAnswer) -> str:
        return ", ".join(row.reasons)
