"""Admin of vessels: staff find them and open their inspections. Only the owner changes a vessel."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from maretech.common.staff.object_actions import ReadOnlyAdmin, link_to, link_to_page
from vessels.models import Vessel


@admin.register(Vessel)
class VesselAdmin(ReadOnlyAdmin[Vessel]):
    linked_filters = ("owner__id__exact",)
    list_display = ("display_name", "owner", "hull_material", "hull_id", "created_at", "archived_at")
    list_filter = ("hull_material", ("archived_at", admin.EmptyFieldListFilter))
    list_select_related = ("owner",)
    search_fields = ("name", "hull_id", "owner__email", "id")
    search_help_text = "Name, hull id, e-mail of the owner, or id (or a part of it)."
    ordering = ("-created_at",)
    fields = (
        "id",
        ("owner_link", "inspections_link"),
        ("timeline_link", "maintenance_link"),
        ("name", "name_key"),
        ("hull_material", "hull_id"),
        ("length_m", "built_year"),
        "home_port",
        ("created_at", "archived_at"),
    )

    @admin.display(description="name", ordering="name")
    def display_name(self, row: Vessel) -> str:
        return str(row)

    @admin.display(description="owner")
    def owner_link(self, row: Vessel) -> SafeString:
        return link_to(row.owner)

    @admin.display(description="inspections")
    def inspections_link(self, row: Vessel) -> SafeString:
        address = reverse("admin:inspections_inspection_changelist")
        return format_html('<a href="{}?vessel__id__exact={}">inspections of this vessel</a>', address, row.pk)

    @admin.display(description="timeline")
    def timeline_link(self, row: Vessel) -> SafeString:
        return link_to_page("corrosion_maintenance_timeline", row.pk, "corrosion timeline of this vessel")

    @admin.display(description="maintenance")
    def maintenance_link(self, row: Vessel) -> SafeString:
        address = reverse("admin:corrosion_maintenance_changelist")
        return format_html('<a href="{}?vessel__id__exact={}">maintenance of this vessel</a>', address, row.pk)
