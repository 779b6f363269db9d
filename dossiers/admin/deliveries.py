"""Admin of shares and deliveries: staff see what was sent, to whom, and what became of it."""

from django.contrib import admin
from django.utils.safestring import SafeString

from dossiers.models import Delivery, Share
from maretech.common.staff.object_actions import ReadOnlyAdmin, link_to


class ShareAdmin(ReadOnlyAdmin[Share]):
    linked_filters = ("dossier__id__exact",)
    list_display = ("created_at", "dossier", "expires_at", "revoked_at", "views", "last_viewed_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("dossier",)
    search_fields = ("dossier__id", "dossier__owner__email", "id")
    search_help_text = "E-mail of the owner, or id of the dossier or of the share (or a part of it)."
    fields = (
        "id",
        ("owner_link", "dossier_link"),
        ("created_at", "expires_at", "revoked_at"),
        ("views", "last_viewed_at"),
    )

    @admin.display(description="owner")
    def owner_link(self, row: Share) -> SafeString:
        return link_to(row.dossier.owner)

    @admin.display(description="dossier")
    def dossier_link(self, row: Share) -> SafeString:
        return link_to(row.dossier)


class DeliveryAdmin(ReadOnlyAdmin[Delivery]):
    linked_filters = ("dossier__id__exact",)
    list_display = ("created_at", "dossier", "channel", "status", "failure_reason", "attempts", "due_at")
    list_filter = ("channel", "status", "failure_reason")
    list_select_related = ("dossier",)
    search_fields = ("dossier__id", "dossier__owner__email", "email", "id")
    search_help_text = "E-mail of the owner or the recipient, or id of the dossier or the delivery (or a part of it)."
    fields = (
        "id",
        ("owner_link", "dossier_link", "share_link"),
        ("channel", "status", "failure_reason", "last_error"),
        ("email", "address"),
        ("order_id", "provider_ref"),
        ("attempts", "due_at", "handed_over_at"),
        ("created_at", "submitted_at", "ended_at"),
    )

    @admin.display(description="owner")
    def owner_link(self, row: Delivery) -> SafeString:
        return link_to(row.dossier.owner)

    @admin.display(description="dossier")
    def dossier_link(self, row: Delivery) -> SafeString:
        return link_to(row.dossier)

    @admin.display(description="share")
    def share_link(self, row: Delivery) -> SafeString | str:
        return "–" if row.share is None else link_to(row.share)
