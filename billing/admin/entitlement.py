"""Admin page of entitlements. Staff can grant credits and access, and set the test flags, each with a reason."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.identity.addresses import normalise_email
from accounts.models import StaffAction, User
from accounts.staff.audit import record_staff_action
from billing.admin.grants import ExtendSubscription, GrantCredit
from billing.admin.payees import RegisterPayee
from billing.entitlements import entitlements
from billing.ledger.journal import CREDIT
from billing.models import Entitlement, LedgerEntry, Order, Subscription
from billing.vocabulary import Account, Plan
from maretech.common.staff.object_actions import ActionRefused, ObjectAction, ReasonForm, StaffPageAdmin, link_to

NEWEST = 100
NO_PLAN = "none"


class OsmosisPassForm(ReasonForm):
    standing = forms.ChoiceField(
        label="Osmosis test pass",
        choices=[("yes", "on: osmosis inspections need no credit"), ("no", "off")],
        widget=forms.RadioSelect,
    )


class CorrosionSubscriptionForm(ReasonForm):
    plan = forms.ChoiceField(
        label="Corrosion test subscription",
        choices=[*Plan.choices(), (NO_PLAN, "no subscription")],
        widget=forms.RadioSelect,
    )


class MockFlagAction(ObjectAction[Entitlement]):
    """Set a persistent test flag. Refused when test payments are off or the value would not change."""

    permission = "billing.change_entitlement"
    field: ClassVar[str]

    def refusal(self, row: Entitlement) -> str | None:
        return None if settings.MOCK_BILLING else "Test payments are off on this server."

    def perform(self, *, staff: Any, row: Entitlement, data: Mapping[str, Any]) -> str:
        value = data[self.field]
        with transaction.atomic():
            before = self.initial(entitlements.lock(row.user_id))[self.field]
            if value == before:
                raise ActionRefused("No change: this is the current value.")
            self.set(row.user_id, value)
            record_staff_action(
                staff=staff,
                action=self.name,
                subject=row,
                reason=data["reason"],
                detail={"from": before, "to": value},
            )
        return f"{self.label}: {before} → {value}."

    def set(self, owner: UUID, value: str) -> None:
        raise NotImplementedError


class SetOsmosisPass(MockFlagAction):
    name = "set_mock_osmosis_pass"
    label = "Osmosis test pass"
    explanation = "Without the pass, open inspections wait for payment unless the owner has a credit."
    form_class = OsmosisPassForm
    field = "standing"

    def initial(self, row: Entitlement) -> dict[str, Any]:
        return {"standing": "yes" if row.mock_osmosis_paid else "no"}

    def set(self, owner: UUID, value: str) -> None:
        entitlements.set_mock_osmosis_pass(owner=owner, paid=value == "yes")


class SetCorrosionSubscription(MockFlagAction):
    name = "set_mock_corrosion_subscription"
    label = "Corrosion test subscription"
    explanation = (
        "It stays on until staff turn it off. The allowance of an inspection that is already open never shrinks."
    )
    form_class = CorrosionSubscriptionForm
    field = "plan"

    def initial(self, row: Entitlement) -> dict[str, Any]:
        return {"plan": row.mock_plan or NO_PLAN}

    def set(self, owner: UUID, value: str) -> None:
        active = value != NO_PLAN
        entitlements.set_mock_corrosion_subscription(owner=owner, active=active, plan=value)


@admin.register(Entitlement)
class EntitlementAdmin(StaffPageAdmin[Entitlement]):
    """Admin page of every owner. An owner without an order or inspection has no row yet and still gets a page."""

    object_actions: ClassVar[tuple[ObjectAction[Any], ...]] = (
        GrantCredit(),
        ExtendSubscription(),
        RegisterPayee(),
        SetOsmosisPass(),
        SetCorrosionSubscription(),
    )
    change_form_template = "admin/billing/entitlement/change_form.html"
    list_display = ("user", "mock_osmosis_paid", "mock_plan", "corrosion_free_used_at", "updated_at")
    list_filter = ("mock_osmosis_paid", "mock_subscription_active", "mock_plan")
    list_select_related = ("user",)
    search_fields = ("user__email",)
    search_help_text = "E-mail of the owner."
    ordering = ("-updated_at",)
    fields = (
        "owner_link",
        "mock_osmosis_paid",
        ("mock_subscription_active", "mock_plan"),
        "corrosion_free_used_at",
        ("created_at", "updated_at"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Entitlement]:
        return super().get_queryset(request).select_related("user")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Entitlement | None:
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            return found
        owner = _owner(object_id)
        return None if owner is None else Entitlement(user=owner)

    def name_of(self, row: Entitlement) -> str:
        return f"Entitlement of {row.user}"

    @admin.display(description="owner")
    def owner_link(self, row: Entitlement) -> SafeString:
        return link_to(row.user)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        owner = User.objects.filter(email=normalise_email(request.GET.get("q", "")), entitlement=None).first()
        if owner is not None:
            address = reverse("admin:billing_entitlement_change", args=(owner.pk,))
            text = '{} has not opened or bought anything yet: <a href="{}">open the entitlement page</a>.'
            messages.info(request, format_html(text, owner, address))
        return super().changelist_view(request, extra_context)

    def sections(self, request: HttpRequest, row: Entitlement) -> dict[str, Any]:
        of_owner = Q(subject_type__in=[row._meta.label_lower, User._meta.label_lower], subject_id=str(row.user_id))
        return {
            "balance": entitlements.osmosis_entitlement(row.user_id),
            "credit_moves": _credit_moves(row.user_id),
            "standing": entitlements.corrosion_entitlement(row.user_id),
            "subscriptions": Subscription.objects.filter(owner=row.user_id).order_by("-created_at")[:NEWEST],
            "orders": Order.objects.filter(owner=row.user_id)
            .select_related("product")
            .order_by("-created_at")[:NEWEST],
            "staff_actions": StaffAction.objects.filter(of_owner).select_related("staff").order_by("at"),
        }


def _credit_moves(owner: UUID) -> QuerySet[LedgerEntry]:
    """Returns the ledger entries that changed the usable credits, newest first."""
    moved = LedgerEntry.objects.filter(transaction__owner=owner, unit=CREDIT, account=Account.CREDITS_AVAILABLE)
    settled = LedgerEntry.objects.filter(transaction__owner=owner, account=Account.CREDITS_SPENT)
    return (moved | settled).select_related("transaction").order_by("-pk")[:NEWEST]


def _owner(object_id: str) -> User | None:
    try:
        return User.objects.filter(pk=object_id).first()
    except ValidationError:
        return None
