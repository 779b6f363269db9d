"""Admin of dossiers: staff read them, follow them to their parts, and revoke a document."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from dossiers.errors import NotFinal
from dossiers.lifecycle.deletion import revoke_by_staff
from dossiers.models import Dossier, DossierInspection
from dossiers.vocabulary import DossierStatus
from maretech.common.staff.object_actions import (
    ActionRefused,
    ObjectAction,
    ReadOnlyAdmin,
    StaffPageAdmin,
    link_to,
    link_to_list,
)

PARTS = ("recording", "refinement", "share", "delivery")


class Revoke(ObjectAction[Dossier]):
    name = "revoke"
    label = "Revoke the dossier"
    explanation = "Its PDF is deleted, its shares end, and its code says REVOKED. This cannot be undone."
    permission = "dossiers.change_dossier"

    def refusal(self, row: Dossier) -> str | None:
        return None if row.status == DossierStatus.FINAL else "Only a final dossier can be revoked."

    def perform(self, *, staff: Any, row: Dossier, data: Mapping[str, Any]) -> str:
        try:
            revoke_by_staff(staff=staff, dossier=row, reason=data["reason"])
        except NotFinal:
            raise ActionRefused("The dossier is not final any more.") from None
        return "The dossier is revoked."


class DossierAdmin(StaffPageAdmin[Dossier]):
    object_actions: ClassVar[tuple[ObjectAction[Any], ...]] = (Revoke(),)
    linked_filters = ("owner__id__exact", "vessel__id__exact")
    list_display = ("created_at", "owner", "vessel", "mode", "status", "failure_reason", "final_at", "revoked_at")
    list_filter = ("status", "mode", "failure_reason", "revocation_reason", "language")
    list_select_related = ("owner", "vessel")
    search_fields = ("owner__email", "vessel__name", "vessel_name", "id", "pdf_sha256")
    search_help_text = "E-mail of the owner, name of the vessel, id or SHA-256 (or a part of it)."
    fields = (
        "id",
        ("owner_link", "vessel_link"),
        "inspection_links",
        ("part_links", "appointments_link"),
        ("mode", "status", "language", "paper"),
        ("failure_reason", "attempts", "due_at", "turn"),
        ("statement", "transcriber", "refiner"),
        ("vessel_name", "disclaimer_version", "model_versions"),
        "photos",
        ("pdf_uri", "pdf_sha256", "pdf_bytes"),
        "superseded_link",
        ("created_at", "dated_at", "final_at"),
        ("revoked_at", "revocation_reason"),
        "vessel_handed_over_at",
        ("deleted_at", "purged_at"),
    )

    @admin.display(description="owner")
    def owner_link(self, row: Dossier) -> SafeString:
        return link_to(row.owner)

    @admin.display(description="vessel")
    def vessel_link(self, row: Dossier) -> SafeString | str:
        return "–" if row.vessel is None else link_to(row.vessel)

    @admin.display(description="inspections")
    def inspection_links(self, row: Dossier) -> SafeString:
        entries = row.entries.select_related("inspection")
        return format_html_join(", ", "{}", ((link_to(entry.inspection),) for entry in entries))

    @admin.display(description="parts")
    def part_links(self, row: Dossier) -> SafeString:
        addresses = ((reverse(f"admin:dossiers_{part}_changelist"), row.pk, part) for part in PARTS)
        return format_html_join(", ", '<a href="{}?dossier__id__exact={}">{}</a>', addresses)

    @admin.display(description="appointments")
    def appointments_link(self, row: Dossier) -> SafeString:
        return link_to_list("surveys_appointment", "dossier__id__exact", row, "appointments with this dossier")

    @admin.display(description="superseded by")
    def superseded_link(self, row: Dossier) -> SafeString | str:
        return "–" if row.superseded_by is None else link_to(row.superseded_by)


class DossierInspectionAdmin(ReadOnlyAdmin[DossierInspection]):
    linked_filters = ("inspection__id__exact",)
    list_display = ("dossier", "position", "inspection")
    list_select_related = ("dossier", "inspection")
    search_fields = ("dossier__id", "inspection__id")
    search_help_text = "Id of the dossier or of the inspection (or a part of it)."
    fields = (("dossier_link", "inspection_link"), "position")

    @admin.display(description="dossier")
    def dossier_link(self, row: DossierInspection) -> SafeString:
        return link_to(row.dossier)

    @admin.display(description="inspection")
    def inspection_link(self, row: DossierInspection) -> SafeString:
        return link_to(row.inspection)
