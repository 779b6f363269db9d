"""Admin pages of appointments and scans: staff see what happened and why, and cancel for a surveyor who cannot."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString

from accounts.staff.audit import staff_actions_on
from billing.admin.money_format import money
from maretech.common.staff.object_actions import (
    ActionRefused,
    ObjectAction,
    ReadOnlyAdmin,
    StaffPageAdmin,
    link_to,
    link_to_page,
)
from surveys.appointments.ending import cancel_by_staff
from surveys.errors import AppointmentRefused
from surveys.models import Appointment, CheckIn
from surveys.vocabulary import AppointmentStatus

_ORDER: Final = "billing_order_change"


class CancelForSurveyor(ObjectAction[Appointment]):
    name = "cancel_for_surveyor"
    label = "Cancel for the surveyor"
    explanation = "The owner gets all back, and the time is not offered again. Both are notified."
    permission = "surveys.change_appointment"

    def refusal(self, row: Appointment) -> str | None:
        return None if row.status == AppointmentStatus.CONFIRMED else "Only a confirmed appointment can be cancelled."

    def confirmation(self, row: Appointment, data: Mapping[str, Any]) -> list[str]:
        return [f"{money(row.price_minor, row.currency)} go back to {row.owner}."]

    def perform(self, *, staff: Any, row: Appointment, data: Mapping[str, Any]) -> str:
        try:
            cancel_by_staff(staff=staff, appointment_id=row.pk, reason=data["reason"])
        except AppointmentRefused as error:
            raise ActionRefused(error.text) from error
        return f"{self.label}: done. Workers ask the provider for the refund."


@admin.register(Appointment)
class AppointmentAdmin(StaffPageAdmin[Appointment]):
    object_actions: ClassVar[tuple[ObjectAction[Any], ...]] = (CancelForSurveyor(),)
    change_form_template = "admin/surveys/appointment/change_form.html"
    linked_filters = (
        *("owner__id__exact", "surveyor__id__exact", "slot__id__exact"),
        *("dossier__id__exact", "dossier__vessel__id__exact"),
    )
    list_display = ("starts_at", "status", "owner", "surveyor", "place_name", "price", "created_at")
    list_filter = ("status", "starts_at", "created_at")
    list_select_related = ("owner", "surveyor")
    search_fields = ("owner__email", "surveyor__name", "id", "orders__order_id")
    search_help_text = "E-mail of the owner, name of the surveyor, or id of the appointment or its order."
    ordering = ("-starts_at",)
    fields = (
        "id",
        ("owner_link", "surveyor_link", "slot_link"),
        ("status", "price", "refund", "cancelled_by"),
        ("starts_at", "ends_at", "place_name"),
        ("dossier_link", "vessel_link", "dispute_link"),
        ("created_at", "held_until", "confirmed_at", "reminded_at"),
        ("checked_in_at", "ended_at"),
    )

    @admin.display(description="owner")
    def owner_link(self, row: Appointment) -> SafeString:
        return link_to(row.owner)

    @admin.display(description="surveyor")
    def surveyor_link(self, row: Appointment) -> SafeString:
        return link_to(row.surveyor)

    @admin.display(description="slot")
    def slot_link(self, row: Appointment) -> SafeString:
        return link_to(row.slot)

    @admin.display(description="dossier")
    def dossier_link(self, row: Appointment) -> SafeString | str:
        return link_to(row.dossier) if row.dossier else "none"

    @admin.display(description="vessel")
    def vessel_link(self, row: Appointment) -> SafeString | str:
        vessel = row.dossier.vessel if row.dossier else None
        return link_to(vessel) if vessel else "none"

    @admin.display(description="dispute")
    def dispute_link(self, row: Appointment) -> SafeString | str:
        dispute = getattr(row, "dispute", None)
        return link_to(dispute) if dispute else "none"

    @admin.display
    def price(self, row: Appointment) -> str:
        return money(row.price_minor, row.currency)

    @admin.display(description="goes back")
    def refund(self, row: Appointment) -> str:
        return "–" if row.refund_minor is None else money(row.refund_minor, row.currency)

    def sections(self, request: HttpRequest, row: Appointment) -> dict[str, Any]:
        return {
            "events": row.events.all(),
            "orders": [(each, link_to_page(_ORDER, each.order_id, "order")) for each in row.orders.all()],
            "scans": row.check_ins.select_related("place"),
            "staff_actions": staff_actions_on(row),
        }


@admin.register(CheckIn)
class CheckInAdmin(ReadOnlyAdmin[CheckIn]):
    list_display = ("at", "result", "surveyor", "place", "appointment")
    list_filter = ("result", "at")
    list_select_related = ("surveyor", "place", "appointment")
    search_fields = ("surveyor__name", "appointment__id")
    search_help_text = "Name of the surveyor, or id of the appointment (or a part of it)."
    ordering = ("-id",)
