"""The list of inspections, and the page of one: state, photos, result, job, timeline."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.staff.audit import staff_actions_on
from inspections.admin.filters import DeletedFilter, JobStateFilter, WaitingForFilter
from inspections.admin.photos import judged_points, link_builder, photographed_points
from inspections.lifecycle.status_query import waiting_of
from inspections.lifecycle.transitions import TransitionRefused
from inspections.models import Inspection, InspectionQuerySet
from inspections.support.explain import distance, explain, explainable_inspections
from inspections.support.requeue import can_be_requeued, requeue
from inspections.vocabulary import Mode
from maretech.common.staff.object_actions import (
    ActionRefused,
    ObjectAction,
    StaffPageAdmin,
    link_to,
    link_to_list,
    link_to_page,
)


class Requeue(ObjectAction[Inspection]):
    name = "requeue"
    label = "Re-queue the analysis"
    explanation = "The failed job gets a full set of attempts again. The owner is not charged and not notified."
    permission = "inspections.change_inferencejob"

    def refusal(self, row: Inspection) -> str | None:
        return (
            None
            if can_be_requeued(row)
            else "Only an inspection that failed for a technical reason can be queued again."
        )

    def perform(self, *, staff: Any, row: Inspection, data: Mapping[str, Any]) -> str:
        try:
            requeue(staff=staff, inspection=row, reason=data["reason"])
        except TransitionRefused as exc:
            raise ActionRefused(str(exc)) from None
        return "The analysis is queued again."


class InspectionAdmin(StaffPageAdmin[Inspection]):
    object_actions: ClassVar[tuple[ObjectAction[Any], ...]] = (Requeue(),)
    change_form_template = "admin/inspections/inspection/change_form.html"
    linked_filters = ("owner__id__exact", "vessel__id__exact")
    list_display = ("short_id", "opened", "owner", "mode", "state_summary", "waits", "label")
    list_filter = ("mode", "status", WaitingForFilter, "failure_reason", JobStateFilter, DeletedFilter)
    search_fields = ("owner__email", "id", "label", "vessel_label")
    search_help_text = "E-mail of the owner, id (or a part of it), or a label."
    ordering = ("-created_at", "-id")
    list_per_page = 50
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "id",
                    ("owner_link", "entitlement_link"),
                    ("mode", "state_summary"),
                    "waits",
                    "label",
                    ("vessel_link", "vessel_label"),
                    ("comparisons_links", "dossiers_link"),
                )
            },
        ),
        (
            "Opened under",
            {"fields": (("access", "points_allowed"), "policy_link", "capture_context"), "classes": ("collapse",)},
        ),
        (
            "Times",
            {
                "fields": (
                    ("created_at", "expires_at"),
                    ("submitted_at", "finished_at"),
                    ("deleted_at", "purged_at"),
                ),
                "classes": ("collapse",),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> InspectionQuerySet:
        return explainable_inspections()

    @admin.display(description="status", ordering="status")
    def state_summary(self, row: Inspection) -> str:
        words = [row.status, row.failure_reason, "deleted" if row.deleted_at else ""]
        return ", ".join(dict.fromkeys(word for word in words if word))

    @admin.display(description="waits for")
    def waits(self, row: Inspection) -> str:
        wait = waiting_of(row)
        if wait.reason is None or wait.since is None or row.deleted_at is not None:
            return "–"
        return f"{wait.reason}, for {distance(wait.since)}"

    @admin.display(description="id", ordering="id")
    def short_id(self, row: Inspection) -> str:
        return str(row.pk)[:8]

    @admin.display(description="opened (UTC)", ordering="created_at")
    def opened(self, row: Inspection) -> str:
        return f"{row.created_at:%Y-%m-%d %H:%M}"

    @admin.display(description="owner")
    def owner_link(self, row: Inspection) -> SafeString:
        return link_to(row.owner)

    @admin.display(description="vessel")
    def vessel_link(self, row: Inspection) -> SafeString | str:
        return "–" if row.vessel_id is None else link_to_page("vessels_vessel_change", row.vessel_id, "vessel")

    @admin.display(description="comparisons")
    def comparisons_links(self, row: Inspection) -> SafeString | str:
        if row.mode != Mode.CORROSION:
            return "–"
        address = reverse("admin:corrosion_comparison_changelist")
        links = '<a href="{0}?after__id__exact={1}">to this one</a>, <a href="{0}?before__id__exact={1}">from it</a>'
        return format_html(links, address, row.pk)

    @admin.display(description="dossiers")
    def dossiers_link(self, row: Inspection) -> SafeString:
        return link_to_list("dossiers_dossierinspection", "inspection__id__exact", row, "dossiers with this inspection")

    @admin.display(description="entitlement")
    def entitlement_link(self, row: Inspection) -> SafeString:
        return link_to_page("billing_entitlement_change", row.owner_id, "entitlement")

    @admin.display(description="policy")
    def policy_link(self, row: Inspection) -> SafeString:
        return link_to(row.policy)

    def sections(self, request: HttpRequest, row: Inspection) -> dict[str, Any]:
        """Returns all sections of the inspection in a fixed number of queries; no pictures of a deleted one."""
        job = getattr(row, "job", None)
        prefetch_related_objects([row], "events", "slots__assets", "job__attempts")
        return {
            "explanation": explain(row).sections(),
            "job": job,
            "attempts": list(job.attempts.all()) if job else [],
            "events": list(row.events.all()),
            "staff_actions": staff_actions_on(row),
            **(_pictures(request, row) if row.deleted_at is None else {}),
        }


def _pictures(request: HttpRequest, row: Inspection) -> dict[str, Any]:
    link, result = link_builder(request), getattr(row, "result", None)
    return {
        "points": photographed_points(row, link),
        "result": result,
        "judged_points": judged_points(result, link) if result else [],
    }
