"""Admin of comparisons: staff can read them and have one recomputed; nothing else."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from corrosion.comparison.recompute import NotReopenable, can_be_reopened, recompute
from corrosion.models import Comparison
from corrosion.vocabulary import IncomparableReason
from maretech.common.staff.object_actions import ActionRefused, ObjectAction, StaffPageAdmin, link_to


class Recompute(ObjectAction[Comparison]):
    name = "compute-anew"
    label = "Recompute the comparison"
    explanation = (
        "The current engine judges both sets of photos again. Neither result changes, and the owner is not notified."
    )
    permission = "corrosion.change_comparison"

    def refusal(self, row: Comparison) -> str | None:
        return None if can_be_reopened(row) else "Only a finished comparison can be recomputed."

    def perform(self, *, staff: Any, row: Comparison, data: Mapping[str, Any]) -> str:
        try:
            recompute(staff=staff, comparison=row, reason=data["reason"])
        except NotReopenable as exc:
            raise ActionRefused(str(exc)) from None
        return "The comparison is queued again."


class GivenUpFilter(admin.SimpleListFilter):
    title = "given up"
    parameter_name = "given_up"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "After every attempt failed")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Comparison]) -> QuerySet[Comparison]:
        return (
            queryset.filter(reasons=[IncomparableReason.COULD_NOT_BE_COMPARED]) if self.value() == "yes" else queryset
        )


class ComparisonAdmin(StaffPageAdmin[Comparison]):
    object_actions: ClassVar[tuple[ObjectAction[Any], ...]] = (Recompute(),)
    linked_filters = ("before__id__exact", "after__id__exact")
    list_display = (
        "requested_at", "before", "after", "state", "comparable", "trend", "attempts", "rule_version", "model_version",
    )  # fmt: skip
    list_filter = ("state", "comparable", "trend", GivenUpFilter, "rule_version", "model_version")
    list_select_related = ("before", "after")
    search_fields = ("before__id", "after__id")
    search_help_text = "Id of one of the inspections (or a part of it)."
    fields = (
        ("before_link", "after_link"),
        ("owner_link", "vessel_link"),
        ("state", "attempts", "revision", "in_timeline"),
        ("comparable", "trend", "reason_codes"),
        "explanation",
        "points",
        ("rule_version", "model_version"),
        "superseded_link",
        ("requested_at", "due_at", "computed_at"),
    )

    @admin.display(description="from")
    def before_link(self, row: Comparison) -> SafeString:
        return link_to(row.before)

    @admin.display(description="to")
    def after_link(self, row: Comparison) -> SafeString:
        return link_to(row.after)

    @admin.display(description="owner")
    def owner_link(self, row: Comparison) -> SafeString:
        return link_to(row.before.owner)

    @admin.display(description="vessel")
    def vessel_link(self, row: Comparison) -> SafeString | str:
        return "–" if row.before.vessel is None else link_to(row.before.vessel)

    @admin.display(description="superseded answers")
    def superseded_link(self, row: Comparison) -> SafeString:
        address = reverse("admin:corrosion_supersededanswer_changelist")
        return format_html('<a href="{}?comparison__id__exact={}">earlier answers</a>', address, row.pk)

    @admin.display(description="reasons")
    def reason_codes(self, row: Comparison) -> str:
        return ", ".join(row.reasons)
