"""Admin of shares and deliveries: staff see what was sent, to whom, and what comes next, and act on letters."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django.contrib import admin
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.staff.audit import record_staff_action
from billing.services.selling import refund_service, service_money
from dossiers.deliveries.stopping import stop_letter
from dossiers.models import Delivery, Share
from dossiers.tasks import send_letter
from dossiers.vocabulary import DeliveryChannel, DeliveryFailure, DeliveryStatus
from maretech.common.staff.object_actions import (
    ActionRefused,
    ObjectAction,
    ReadOnlyAdmin,
    StaffPageAdmin,
    link_to,
)

_NEXT: Final[Mapping[str, str]] = {
    DeliveryStatus.CREATED: "waits for its payment; expires at the time it is due",
    DeliveryStatus.PAID: "a worker asks the letter service for it",
    DeliveryStatus.SUBMITTED: "the letter service prints it and gives it to the post",
    DeliveryStatus.IN_TRANSIT: "the post delivers it, or brings it back",
    DeliveryStatus.DELIVERED: "nothing",
    DeliveryStatus.RETURNED: "nothing; staff may refund it",
    DeliveryStatus.FAILED: "its money goes back: see the refund requests of its order",
    DeliveryStatus.EXPIRED: "nothing; a payment that arrives now goes back",
}
_UNDER_WAY: Final = (DeliveryStatus.PAID, DeliveryStatus.SUBMITTED, DeliveryStatus.IN_TRANSIT)
_UNPRINTED: Final = (DeliveryStatus.CREATED, DeliveryStatus.PAID, DeliveryStatus.SUBMITTED)
_REFUNDED_BY_STAFF: Final = "letter refunded by staff"


class _LetterAction(ObjectAction[Delivery]):
    """An action on a letter in one of these states."""

    permission = "dossiers.change_delivery"
    states: ClassVar[tuple[str, ...]]

    def refusal(self, row: Delivery) -> str | None:
        if row.channel != DeliveryChannel.POST:
            return "This is a mail."
        return None if row.status in self.states else f"A letter that is {row.get_status_display()} has no use for it."


class AskAgain(_LetterAction):
    name = "ask_again"
    label = "Ask the letter service now"
    explanation = "A worker asks for the letter, or reads where it is, at once. It is never posted twice."
    states = _UNDER_WAY

    @transaction.atomic
    def perform(self, *, staff: Any, row: Delivery, data: Mapping[str, Any]) -> str:
        record_staff_action(staff=staff, action="ask_for_letter", subject=row, reason=data["reason"])
        Delivery.objects.filter(pk=row.pk, status__in=_UNDER_WAY).update(due_at=timezone.now(), attempts=0)
        send_letter(row.pk)
        return "A worker asks now."


class StopLetter(_LetterAction):
    name = "stop_letter"
    label = "Stop the letter and refund it"
    explanation = "It is not posted, and its money goes back. If it is printed already it goes its way, not refunded."
    states = _UNPRINTED

    @transaction.atomic
    def perform(self, *, staff: Any, row: Delivery, data: Mapping[str, Any]) -> str:
        record_staff_action(staff=staff, action="stop_letter", subject=row, reason=data["reason"])
        stop_letter(row.pk, DeliveryFailure.CANCELLED)
        row.refresh_from_db()
        return "A worker stops it." if row.stop_reason else "The letter is stopped."


class RefundLetter(_LetterAction):
    name = "refund_letter"
    label = "Refund the letter"
    explanation = "Its money goes back although it was printed: it came back, or it never arrived."
    states = (DeliveryStatus.SUBMITTED, DeliveryStatus.IN_TRANSIT, DeliveryStatus.DELIVERED, DeliveryStatus.RETURNED)

    @transaction.atomic
    def perform(self, *, staff: Any, row: Delivery, data: Mapping[str, Any]) -> str:
        if row.order_id is None or not service_money(row.order_id).refundable_minor:
            raise ActionRefused("None of its money is left to refund: see the refund requests of its order.")
        record_staff_action(staff=staff, action="refund_letter", subject=row, reason=data["reason"])
        refund_service(row.order_id, cause=_REFUNDED_BY_STAFF)
        return "The refund is requested: see the refund requests of its order."


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


class DeliveryAdmin(StaffPageAdmin[Delivery]):
    object_actions: ClassVar[tuple[ObjectAction[Any], ...]] = (AskAgain(), StopLetter(), RefundLetter())
    linked_filters = ("dossier__id__exact",)
    list_display = ("created_at", "dossier", "channel", "status", "failure_reason", "attempts", "due_at")
    list_filter = ("channel", "status", "failure_reason")
    list_select_related = ("dossier",)
    search_fields = ("dossier__id", "dossier__owner__email", "email", "id", "order_id", "provider_ref")
    search_help_text = "E-mail of the owner or recipient, or id of the dossier, delivery, order or letter (or a part)."
    fields = (
        "id",
        ("owner_link", "dossier_link", "share_link"),
        ("channel", "status", "failure_reason", "last_error"),
        ("comes_next", "stop_reason"),
        ("email", "address"),
        ("order_link", "provider_ref"),
        ("attempts", "due_at", "handed_over_at"),
        ("created_at", "paid_at", "submitted_at", "ended_at"),
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

    @admin.display(description="order")
    def order_link(self, row: Delivery) -> SafeString | str:
        if row.order_id is None:
            return "–"
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:billing_order_change", args=[row.order_id]), row.order_id
        )

    @admin.display(description="what comes next")
    def comes_next(self, row: Delivery) -> str:
        if row.channel != DeliveryChannel.POST:
            return "–"
        is_stopping = row.stop_reason and row.status in (DeliveryStatus.PAID, DeliveryStatus.SUBMITTED)
        return "a worker stops it if it is not printed yet" if is_stopping else _NEXT[row.status]
