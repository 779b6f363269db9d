"""Admin of recordings and refinements: staff see why one has no text. They are read-only."""

from django.contrib import admin
from django.utils.safestring import SafeString

from dossiers.models import Recording, Refinement
from maretech.common.staff.object_actions import ReadOnlyAdmin, link_to


class RecordingAdmin(ReadOnlyAdmin[Recording]):
    linked_filters = ("dossier__id__exact",)
    list_display = ("created_at", "dossier", "state", "failure_reason", "transcriber", "attempts", "due_at")
    list_filter = ("state", "failure_reason", ("discarded_at", admin.EmptyFieldListFilter))
    list_select_related = ("dossier",)
    search_fields = ("dossier__id", "dossier__owner__email", "id")
    search_help_text = "E-mail of the owner, or id of the dossier or of the recording (or a part of it)."
    fields = (
        "id",
        ("owner_link", "dossier_link"),
        ("state", "failure_reason", "attempts", "due_at", "turn"),
        ("content_type", "byte_size", "sha256"),
        ("transcriber", "consent_version"),
        ("created_at", "uploaded_at"),
        ("superseded_at", "discarded_at", "purged_at"),
    )

    @admin.display(description="owner")
    def owner_link(self, row: Recording) -> SafeString:
        return link_to(row.dossier.owner)

    @admin.display(description="dossier")
    def dossier_link(self, row: Recording) -> SafeString:
        return link_to(row.dossier)


class RefinementAdmin(ReadOnlyAdmin[Refinement]):
    linked_filters = ("dossier__id__exact",)
    list_display = ("created_at", "dossier", "state", "engine", "attempts", "due_at")
    list_filter = ("state", "engine")
    list_select_related = ("dossier",)
    search_fields = ("dossier__id", "dossier__owner__email", "id")
    search_help_text = "E-mail of the owner, or id of the dossier or of the refinement (or a part of it)."
    fields = (
        "id",
        ("owner_link", "dossier_link"),
        ("state", "attempts", "due_at", "turn"),
        ("engine", "consent_version"),
        "created_at",
    )

    @admin.display(description="owner")
    def owner_link(self, row: Refinement) -> SafeString:
        return link_to(row.dossier.owner)

    @admin.display(description="dossier")
    def dossier_link(self, row: Refinement) -> SafeString:
        return link_to(row.dossier)
