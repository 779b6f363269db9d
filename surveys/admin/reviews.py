"""Admin pages of reviews: those that reports have hidden wait for a decision."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString

from accounts.staff.audit import staff_actions_on
from maretech.common.staff.object_actions import ActionRefused, ObjectAction, StaffPageAdmin, link_to
from surveys.models import Review
from surveys.reviews import moderation
from surveys.vocabulary import ReviewState


class Decision(ObjectAction[Review]):
    permission = "surveys.change_review"

    def perform(self, *, staff: Any, row: Review, data: Mapping[str, Any]) -> str:
        try:
            getattr(moderation, self.name)(staff=staff, review_id=row.pk, reason=data["reason"])
        except moderation.NoChange as error:
            raise ActionRefused(str(error)) from error
        return f"{self.label}: done."


class Hide(Decision):
    name = "hide"
    label = "Hide"
    explanation = "The review is not shown, and does not count in the rating."

    def refusal(self, row: Review) -> str | None:
        is_decided = row.state == ReviewState.HIDDEN and not row.awaits_staff
        return "Staff have hidden this review already." if is_decided else None


class Show(Decision):
    name = "show"
    label = "Show"
    explanation = "The review is shown. Its reports were wrong: later reports of these people weigh less."

    def refusal(self, row: Review) -> str | None:
        return "This review is visible." if row.state == ReviewState.VISIBLE else None


@admin.register(Review)
class ReviewAdmin(StaffPageAdmin[Review]):
    object_actions: ClassVar[tuple[ObjectAction[Any], ...]] = (Hide(), Show())
    change_form_template = "admin/surveys/review/change_form.html"
    linked_filters = ("surveyor__id__exact", "author__id__exact")
    list_display = ("created_at", "rating", "surveyor", "author", "state", "waits", "hidden_at", "decided_at")
    list_filter = ("state", "rating", "created_at", "hidden_at")
    list_select_related = ("surveyor", "author")
    search_fields = ("surveyor__name", "author__email", "id")
    search_help_text = "Name of the surveyor, e-mail of the author, or id (or a part of it)."
    ordering = ("-created_at",)
    fields = (
        "id",
        ("surveyor_link", "author_link", "appointment_link"),
        ("rating", "state", "waits"),
        "text",
        ("created_at", "hidden_at", "decided_at"),
    )

    @admin.display(description="waits for a decision", boolean=True)
    def waits(self, row: Review) -> bool:
        return row.awaits_staff

    @admin.display(description="surveyor")
    def surveyor_link(self, row: Review) -> SafeString:
        return link_to(row.surveyor)

    @admin.display(description="author")
    def author_link(self, row: Review) -> SafeString:
        return link_to(row.author)

    @admin.display(description="appointment")
    def appointment_link(self, row: Review) -> SafeString:
        return link_to(row.appointment)

    def sections(self, request: HttpRequest, row: Review) -> dict[str, Any]:
        return {"reports": row.reports.select_related("reporter"), "staff_actions": staff_actions_on(row)}
