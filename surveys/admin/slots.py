"""Admin pages of slots: staff see which are taken, and withdraw one."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import admin
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from accounts.staff.audit import record_staff_action, staff_actions_on
from billing.admin.money_format import money
from maretech.common.staff.object_actions import ActionRefused, ObjectAction, StaffPageAdmin, link_to, link_to_list
from surveys.directory.slots import withdraw_slot
from surveys.models import Appointment, Slot


class Withdraw(ObjectAction[Slot]):
    name = "withdraw"
    label = "Withdraw"
    explanation = "It is offered no more. An appointment that exists stays: cancel it on its own page."
    permission = "surveys.change_slot"

    def refusal(self, row: Slot) -> str | None:
        return None if row.withdrawn_at is None else "This slot is withdrawn already."

    def perform(self, *, staff: Any, row: Slot, data: Mapping[str, Any]) -> str:
        with transaction.atomic():
            if not withdraw_slot(row.pk):
                raise ActionRefused("This slot is withdrawn already.")
            record_staff_action(staff=staff, action=self.name, subject=row, reason=data["reason"])
        return f"{self.label}: done."


@admin.register(Slot)
class SlotAdmin(StaffPageAdmin[Slot]):
    object_actions: ClassVar[tuple[ObjectAction[Any], ...]] = (Withdraw(),)
    linked_filters = ("surveyor__id__exact",)
    list_display = ("starts_at", "ends_at", "surveyor", "place", "price", "is_taken", "withdrawn_at")
    list_filter = ("starts_at", "withdrawn_at")
    list_select_related = ("surveyor", "place")
    search_fields = ("surveyor__name", "place__name", "id")
    search_help_text = "Name of the surveyor or of the place, or id (or a part of it)."
    ordering = ("-starts_at",)
    fields = (
        "id",
        ("surveyor_link", "place_link"),
        ("starts_at", "ends_at"),
        ("price", "is_taken", "withdrawn_at"),
        ("created_at", "appointments_link"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Slot]:
        taken = Appointment.objects.occupying().filter(slot=OuterRef("pk"))
        return super().get_queryset(request).annotate(taken=Exists(taken))

    @admin.display(description="surveyor")
    def surveyor_link(self, row: Slot) -> SafeString:
        return link_to(row.surveyor)

    @admin.display(description="place")
    def place_link(self, row: Slot) -> SafeString:
        return link_to(row.place)

    @admin.display
    def price(self, row: Slot) -> str:
        return money(row.price_minor, row.currency)

    @admin.display(description="taken", boolean=True)
    def is_taken(self, row: Any) -> bool:
        return bool(row.taken)

    @admin.display(description="appointments")
    def appointments_link(self, row: Slot) -> SafeString:
        return link_to_list("surveys_appointment", "slot__id__exact", row, "appointments of this slot")

    def sections(self, request: HttpRequest, row: Slot) -> dict[str, Any]:
        return {"staff_actions": staff_actions_on(row)}
