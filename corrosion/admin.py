"""Admin of comparisons and reminders: staff can read them and have a comparison recomputed; nothing else."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from corrosion.comparison.recompute import NotReopenable, can_be_reopened, recompute
from corrosion.models import Comparison, Reminder
from corrosion.reminders.due_dates import due_of, with_last_inspection
from corrosion.vocabulary import IncomparableReason
from maretech.common.staff.object_actions import ActionRefused, ObjectAction, ReadOnlyAdmin, StaffPageAdmin, link_to
from notifications.preferences import zone_of


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


@admin.register(Comparison)
class ComparisonAdmin(StaffPageAdmin[Comparison]):
    object_actions: ClassVar[tuple[ObjectAction[Any], ...]] = (Recompute(),)
    list_display = (
        "requested_at", "before", "after", "state", "comparable", "trend", "attempts", "rule_version", "model_version",
    )  # fmt: skip
    list_filter = ("state", "comparable", "trend", GivenUpFilter, "rule_version", "model_version")
    list_select_related = ("before", "after")
    search_fields = ("before__id", "after__id")


@admin.register(Reminder)
class ReminderAdmin(ReadOnlyAdmin[Reminder]):
    linked_filters = ("owner__id__exact", "vessel__id__exact")
    list_display = ("vessel", "owner", "interval_days", "enabled", "sent_due_on", "sent_at", "due_at", "attempts")
    list_filter = ("enabled", ("sent_at", admin.EmptyFieldListFilter))
    list_select_related = ("vessel", "owner")
    search_fields = ("owner__email", "vessel__name", "vessel__id", "id")
    search_help_text = "E-mail of the owner, name of the vessel, or id (or a part of it)."
    ordering = ("-created_at",)
    fields = (
        "id",
        ("owner_link", "vessel_link"),
        ("interval_days", "enabled"),
        ("due_on", "armed_at"),
        ("sent_due_on", "sent_at"),
        ("sent_inspection_id", "sent_interval_days"),
        ("due_at", "attempts"),
        "created_at",
    )

    @admin.display(description="owner")
    def owner_link(self, row: Reminder) -> SafeString:
        return link_to(row.owner)

    @admin.display(description="vessel")
    def vessel_link(self, row: Reminder) -> SafeString:
        return link_to(row.vessel)

    @admin.display(description="due on")
    def due_on(self, row: Reminder) -> str:
        due = due_of(with_last_inspection(Reminder.objects.filter(pk=row.pk)).get(), zone=zone_of(row.owner_id))
        return f"{due.on}, sent from {due.at:%Y-%m-%d %H:%M} UTC on" if due else "no completed inspection"
