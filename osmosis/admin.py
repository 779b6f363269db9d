"""Admin of lift-outs: staff can find them and see whether the owner was notified. Only the owner changes one."""

from django.contrib import admin
from django.utils.safestring import SafeString

from maretech.common.staff.object_actions import ReadOnlyAdmin, link_to
from osmosis.models import LiftOut


@admin.register(LiftOut)
class LiftOutAdmin(ReadOnlyAdmin[LiftOut]):
    linked_filters = ("owner__id__exact", "vessel__id__exact")
    list_display = ("vessel", "owner", "lifted_out_at", "noted_at", "awaits_notice", "due_at", "notified_for")
    list_filter = ("awaits_notice", ("notified_for", admin.EmptyFieldListFilter))
    list_select_related = ("vessel", "owner")
    search_fields = ("owner__email", "vessel__name", "vessel__id", "id")
    search_help_text = "E-mail of the owner, name of the vessel, or id (or a part of it)."
    ordering = ("-noted_at",)
    fields = (
        "id",
        ("owner_link", "vessel_link"),
        ("lifted_out_at", "noted_at"),
        ("awaits_notice", "due_at", "attempts"),
        "notified_for",
    )

    @admin.display(description="owner")
    def owner_link(self, row: LiftOut) -> SafeString:
        return link_to(row.owner)

    @admin.display(description="vessel")
    def vessel_link(self, row: LiftOut) -> SafeString:
        return link_to(row.vessel)
