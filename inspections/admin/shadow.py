"""Admin of shadow results: another model's answer beside the original. Read only, and never shown to owners."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString

from inspections.admin.filters import DeletedFilter
from inspections.admin.photos import judged_points, link_builder
from inspections.models import Findings, ShadowResult
from maretech.common.staff.object_actions import StaffPageAdmin, link_to


class OfDeletedFilter(DeletedFilter):
    column = "inspection__deleted_at"


class ShadowResultAdmin(StaffPageAdmin[ShadowResult]):
    change_form_template = "admin/inspections/shadowresult/change_form.html"
    list_display = ("judged", "of", "mode", "original", "shadow", "model_version")
    list_filter = ("mode", "model_version", "signal_detected", "confidence_level", OfDeletedFilter)
    list_select_related = ("inspection__result",)
    search_fields = ("inspection__id", "model_version")
    search_help_text = "Id of the inspection (or a part of it), or a model version."
    list_per_page = 50
    fields = (("inspection_link", "mode"), ("created_at", "model_version"))

    @admin.display(description="judged again (UTC)", ordering="created_at")
    def judged(self, row: ShadowResult) -> str:
        return f"{row.created_at:%Y-%m-%d %H:%M}"

    @admin.display(description="inspection")
    def of(self, row: ShadowResult) -> str:
        return str(row.inspection_id)[:8]

    @admin.display(description="result")
    def original(self, row: ShadowResult) -> str:
        return _briefly(row.inspection.result)

    @admin.display(description="shadow")
    def shadow(self, row: ShadowResult) -> str:
        return _briefly(row)

    @admin.display(description="inspection")
    def inspection_link(self, row: ShadowResult) -> SafeString:
        return link_to(row.inspection)

    def sections(self, request: HttpRequest, row: ShadowResult) -> dict[str, Any]:
        """Returns both answers side by side; nothing if the owner deleted the inspection."""
        if row.inspection.deleted_at is not None:
            return {"findings": []}
        link, answers = link_builder(request), (("Shadow", row), ("Result", row.inspection.result))
        return {"findings": [(title, answer, judged_points(answer, link)) for title, answer in answers]}


def _briefly(finding: Findings) -> str:
    return f"{finding.signal_detected}, {finding.confidence_level}, {finding.worst_band}"
