"""Admin pages of the refunds that we owe. Staff decide about a refund whose money came back."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from accounts.staff.audit import record_staff_action, staff_actions_on
from billing import orders
from billing.admin.money_format import money
from billing.models import RefundRequest
from billing.vocabulary import RefundRequestState
from maretech.common.staff.object_actions import ActionRefused, ObjectAction, StaffPageAdmin, link_to


class RequestAgain(ObjectAction[RefundRequest]):
    name = "request_again"
    label = "Request again"
    explanation = "The provider is asked again, to the way of payment that refused the money. It may refuse again."
    permission = "billing.change_refundrequest"

    def refusal(self, row: RefundRequest) -> str | None:
        is_failed = row.state == RefundRequestState.FAILED
        return None if is_failed else f"The request is {row.state}: its money did not come back."

    def perform(self, *, staff: Any, row: RefundRequest, data: Mapping[str, Any]) -> str:
        with transaction.atomic():
            if not orders.request_again(row.pk):
                raise ActionRefused("Nothing is left to refund: the money went back in another way.")
            record_staff_action(staff=staff, action=self.name, subject=row, reason=data["reason"])
        return f"{money(row.amount_minor, row.order.currency)} is requested again."


class Close(ObjectAction[RefundRequest]):
    name = "close_refund_request"
    label = "Close"
    explanation = (
        "For a refund that the owner got in another way. It is not requested again, and a payout that waits for it is "
        "made. Where you returned it outside the provider, the books do not know it: write how into the reason."
    )
    permission = "billing.change_refundrequest"

    def refusal(self, row: RefundRequest) -> str | None:
        if row.state != RefundRequestState.FAILED:
            return f"The request is {row.state}: its money did not come back."
        return None if RefundRequest.owed().filter(pk=row.pk).exists() else "It is requested again already."

    def perform(self, *, staff: Any, row: RefundRequest, data: Mapping[str, Any]) -> str:
        with transaction.atomic():
            if not orders.close_failed(row.pk):
                raise ActionRefused("Its money did not come back, or it is requested again already.")
            record_staff_action(staff=staff, action=self.name, subject=row, reason=data["reason"])
        return "The request is closed."


@admin.register(RefundRequest)
class RefundRequestAdmin(StaffPageAdmin[RefundRequest]):
    object_actions: ClassVar[tuple[ObjectAction[Any], ...]] = (RequestAgain(), Close())
    change_form_template = "admin/billing/refundrequest/change_form.html"
    date_hierarchy = "requested_at"
    linked_filters = ("order__owner__id__exact",)
    list_display = ("requested_at", "state", "owner", "amount", "cause", "error", "ended_at")
    list_filter = ("state", "requested_at")
    list_select_related = ("order__owner",)
    search_fields = ("order__owner__email", "refund_ref", "order__id", "id")
    search_help_text = "E-mail of the owner, the id of the order or the request, or the provider's reference."
    ordering = ("-requested_at",)
    fields = (
        "id",
        ("owner", "order_link"),
        ("state", "amount"),
        "cause",
        ("refund_ref", "error"),
        ("requested_at", "ended_at"),
        ("attempts", "due_at"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[RefundRequest]:
        return super().get_queryset(request).select_related("order__owner")

    @admin.display
    def owner(self, row: RefundRequest) -> str:
        return str(row.order.owner)

    @admin.display(description="order")
    def order_link(self, row: RefundRequest) -> SafeString:
        return link_to(row.order)

    @admin.display(ordering="amount_minor")
    def amount(self, row: RefundRequest) -> str:
        return money(row.amount_minor, row.order.currency)

    def sections(self, request: HttpRequest, row: RefundRequest) -> dict[str, Any]:
        return {"staff_actions": staff_actions_on(row)}
