"""Admin of handovers: staff find them, see what happened and why, and decide disputes."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString

from accounts.staff.audit import staff_actions_on
from billing.ledger import inspection_credits
from maretech.common.staff.object_actions import ActionRefused, ObjectAction, StaffPageAdmin, link_to
from vessels.handovers import disputes
from vessels.models import Handover
from vessels.vocabulary import HandoverStatus


class Decision(ObjectAction[Handover]):
    """Decide a dispute. The rule checks again under the locks, because another member of staff may have decided."""

    permission = "vessels.change_handover"
    decide: ClassVar[Callable[..., Handover]]

    def refusal(self, row: Handover) -> str | None:
        return None if row.status == HandoverStatus.DISPUTED else "There is no dispute to decide."

    def perform(self, *, staff: Any, row: Handover, data: Mapping[str, Any]) -> str:
        try:
            type(self).decide(staff=staff, handover_id=row.pk, reason=data["reason"])
        except disputes.NotDisputed as error:
            raise ActionRefused(str(error)) from error
        return f"{self.label}: done. Both parties are notified."


class Complete(Decision):
    name = "complete"
    label = "Leave it completed"
    explanation = "The vessel, its history and the credits stay where they are. This is final."
    decide = staticmethod(disputes.keep_completed)


class Reverse(Decision):
    name = "reverse"
    label = "Reverse it"
    explanation = (
        "The vessel, what had moved with it, and the credits return. What the buyer has added since stays with the "
        "buyer. This is final."
    )
    decide = staticmethod(disputes.reverse_handover)

    def confirmation(self, row: Handover, data: Mapping[str, Any]) -> list[str]:
        effects = [f"The vessel returns to {row.seller}, with what had moved ({_count(row)})."]
        if row.credits:
            effects.append(f"{row.credits} inspection credits return to {row.buyer}.")
            left = max(0, inspection_credits.balance_of(row.seller).available)
            if (debt := row.credits - left) > 0:
                effects.append(f"{row.seller} has used them: {debt} become a debt.")
        return effects


@admin.register(Handover)
class HandoverAdmin(StaffPageAdmin[Handover]):
    object_actions: ClassVar[tuple[ObjectAction[Any], ...]] = (Complete(), Reverse())
    change_form_template = "admin/vessels/handover/change_form.html"
    linked_filters = ("seller__id__exact", "buyer__id__exact", "vessel__id__exact")
    list_display = ("created_at", "status", "vessel_name", "seller", "buyer", "credits", "completed_at", "disputed_at")
    list_filter = ("status", "created_at", "disputed_at")
    list_select_related = ("seller", "buyer", "vessel")
    search_fields = ("seller__email", "buyer__email", "to_email", "vessel_name", "vessel__id", "id")
    search_help_text = "E-mail of a party, name or id of the vessel, or id (or a part of it)."
    ordering = ("-created_at",)
    fields = (
        "id",
        ("seller_link", "buyer_link", "to_email"),
        ("vessel_link", "vessel_name"),
        ("status", "credits"),
        ("created_at", "expires_at", "invited_at", "ended_at"),
        ("completed_at", "what_moved"),
        ("disputed_at", "disputed_by", "decided_at"),
        "dispute_reason",
    )

    @admin.display(description="seller")
    def seller_link(self, row: Handover) -> SafeString:
        return link_to(row.seller)

    @admin.display(description="buyer")
    def buyer_link(self, row: Handover) -> SafeString | str:
        return link_to(row.buyer) if row.buyer else "no account has proven the address"

    @admin.display(description="vessel")
    def vessel_link(self, row: Handover) -> SafeString | str:
        return link_to(row.vessel) if row.vessel else "deleted"

    @admin.display(description="what moved")
    def what_moved(self, row: Handover) -> str:
        return _count(row)

    def sections(self, request: HttpRequest, row: Handover) -> dict[str, Any]:
        return {
            "events": row.events.all(),
            "codes": row.codes.order_by("-party"),
            "staff_actions": staff_actions_on(row),
        }


def _count(row: Handover) -> str:
    counts = {"inspections": len(row.moved.get("inspections", ())), "maintenance": len(row.moved.get("corrosion", ()))}
    return f"inspections: {counts['inspections']}, entries of maintenance: {counts['maintenance']}"
