"""Admin of maintenance, and the page with the timeline of a vessel. Read only: owners note maintenance."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString

from corrosion.models import Maintenance
from corrosion.timeline.chart.svg import timeline_svg
from corrosion.timeline.reading import timeline_of
from maretech.common.staff.object_actions import ReadOnlyAdmin, link_to, link_to_page
from vessels.models import Vessel


class MaintenanceAdmin(ReadOnlyAdmin[Maintenance]):
    linked_filters = ("vessel__id__exact", "vessel__owner__id__exact")
    list_display = ("performed_on", "kind", "vessel", "owner", "point_names", "created_at")
    list_filter = ("kind",)
    list_select_related = ("vessel__owner",)
    search_fields = ("vessel__name", "vessel__owner__email", "vessel__id")
    search_help_text = "Name of the vessel, e-mail of the owner, or id of the vessel (or a part of it)."
    ordering = ("-performed_on", "-created_at")
    fields = (
        "id",
        ("owner_link", "vessel_link", "timeline_link"),
        ("kind", "performed_on"),
        "point_names",
        "note",
        "created_at",
    )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.timeline_view)
        own = path("timeline/<uuid:vessel_id>/", view, name="corrosion_maintenance_timeline")
        return [own, *super().get_urls()]

    def timeline_view(self, request: HttpRequest, vessel_id: UUID) -> HttpResponse:
        """Show the timeline of a vessel as the owner sees it, with a table. Requests no comparison."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        vessel = Vessel.objects.select_related("owner").filter(pk=vessel_id).first()
        if vessel is None:
            raise Http404
        timeline = timeline_of(vessel, is_requested=False)
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Corrosion timeline",
            "vessel": link_to(vessel),
            "owner": link_to(vessel.owner),
            "timeline": timeline,
            "chart": timeline_svg(timeline),
        }
        return TemplateResponse(request, "admin/corrosion/maintenance/timeline.html", context)

    @admin.display(description="owner")
    def owner(self, row: Maintenance) -> str:
        return str(row.vessel.owner)

    @admin.display(description="owner")
    def owner_link(self, row: Maintenance) -> SafeString:
        return link_to(row.vessel.owner)

    @admin.display(description="vessel")
    def vessel_link(self, row: Maintenance) -> SafeString:
        return link_to(row.vessel)

    @admin.display(description="timeline")
    def timeline_link(self, row: Maintenance) -> SafeString:
        return link_to_page("corrosion_maintenance_timeline", row.vessel_id, "corrosion timeline")

    @admin.display(description="points")
    def point_names(self, row: Maintenance) -> str:
        return ", ".join(map(str, row.points)) or "whole vessel"
