"""Admin of vessels: staff find them and open their inspections and handovers. Only the owner changes a vessel."""

from typing import Final

from django.contrib import admin
from django.utils.safestring import SafeString

from maretech.common.staff.object_actions import ReadOnlyAdmin, link_to, link_to_list, link_to_page
from vessels.models import Vessel

_VESSEL: Final = "vessel__id__exact"


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
        ("owner_link", "inspections_link", "handovers_link"),
        ("timeline_link", "maintenance_link"),
        ("reminder_link", "lift_out_link"),
        ("dossiers_link", "appointments_link"),
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
        return link_to_list("inspections_inspection", _VESSEL, row, "inspections of this vessel")

    @admin.display(description="handovers")
    def handovers_link(self, row: Vessel) -> SafeString:
        return link_to_list("vessels_handover", _VESSEL, row, "handovers of this vessel")

    @admin.display(description="timeline")
    def timeline_link(self, row: Vessel) -> SafeString:
        return link_to_page("corrosion_maintenance_timeline", row.pk, "corrosion timeline of this vessel")

    @admin.display(description="maintenance")
    def maintenance_link(self, row: Vessel) -> SafeString:
        return link_to_list("corrosion_maintenance", _VESSEL, row, "maintenance of this vessel")

    @admin.display(description="reminder")
    def reminder_link(self, row: Vessel) -> SafeString:
        return link_to_list("corrosion_reminder", _VESSEL, row, "corrosion reminder of this vessel")

    @admin.display(description="lift-out")
    def lift_out_link(self, row: Vessel) -> SafeString:
        return link_to_list("osmosis_liftout", _VESSEL, row, "osmosis lift-out of this vessel")

    @admin.display(description="dossiers")
    def dossiers_link(self, row: Vessel) -> SafeString:
        return link_to_list("dossiers_dossier", _VESSEL, row, "dossiers of this vessel")

    @admin.display(description="appointments")
    def appointments_link(self, row: Vessel) -> SafeString:
        lookup = "dossier__vessel__id__exact"
        return link_to_list("surveys_appointment", lookup, row, "appointments with a dossier of this vessel")
