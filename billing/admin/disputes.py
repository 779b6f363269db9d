"""Admin pages of disputes, overdue ones first. Each step calls `billing.disputes.cases` and records its reason."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html

from accounts.models import User
from accounts.staff.audit import record_staff_action, staff_actions_on
from billing.admin.filters import UrgencyFilter
from billing.admin.money_format import money
from billing.admin.orders import entries_of
from billing.disputes import cases
from billing.models import Dispute
from billing.vocabulary import DisputeState
from maretech.common.staff.object_actions import ActionRefused, ObjectAction, ReasonForm, StaffPageAdmin, link_to

_STEPS = (
    ("acknowledged_at", "acknowledge"),
    ("triaged_at", "triage"),
    ("answered_at", "answer"),
)


class DisputeAction(ObjectAction[Dispute]):
    """Perform one step on a dispute; its note is the reason.

    Checks again under the row lock, because another member of staff may have acted first.
    """

    permission = "billing.change_dispute"
    done_at: ClassVar[str] = ""

    def refusal(self, row: Dispute) -> str | None:
        if row.state != DisputeState.OPEN:
            return f"The bank has decided: the dispute is {row.state}."
        if self.done_at and getattr(row, self.done_at) is not None:
            return "This step is already done."
        return None

    def perform(self, *, staff: Any, row: Dispute, data: Mapping[str, Any]) -> str:
        with transaction.atomic():
            refusal = self.refusal(Dispute.objects.select_for_update().get(pk=row.pk))
            if refusal is not None:
                raise ActionRefused(refusal)
            detail = self.step(row, staff, data)
            record_staff_action(staff=staff, action=self.name, subject=row, reason=data["reason"], detail=detail)
        return f"{self.label}: done."

    def step(self, row: Dispute, staff: Any, data: Mapping[str, Any]) -> dict[str, str]:
        getattr(cases, self.name)(row.pk, staff=staff, note=data["reason"])
        return {}


class Acknowledge(DisputeAction):
    name = "acknowledge"
    label = "Acknowledge"
    explanation = "You handle this dispute from now on."
    done_at = "acknowledged_at"


class Triage(DisputeAction):
    name = "triage"
    label = "Triage"
    explanation = "Record whether the dispute will be contested, and why."
    done_at = "triaged_at"


class Answer(DisputeAction):
    name = "answer"
    label = "Answer"
    explanation = "Record that the evidence was submitted to the provider, or that the dispute was given up."
    done_at = "answered_at"


class LogAttempt(DisputeAction):
    name = "log_attempt"
    label = "Log an attempt"
    explanation = "Record an attempt to recover the money and its outcome. Also possible after the dispute is lost."

    def refusal(self, row: Dispute) -> str | None:
        return None


class Escalate(DisputeAction):
    name = "escalate"
    label = "Escalate"
    explanation = "The dispute needs a decision above your role. Record whom you informed and what is needed."

    def refusal(self, row: Dispute) -> str | None:
        return super().refusal(row) or ("This dispute is already escalated." if row.is_escalated else None)


class AssignForm(ReasonForm):
    assignee = forms.ModelChoiceField(User.objects.active_staff().order_by("email"))


class Assign(DisputeAction):
    name = "assign"
    label = "Assign"
    explanation = "Another member of staff handles this dispute from now on."
    form_class = AssignForm

    def initial(self, row: Dispute) -> dict[str, Any]:
        return {"assignee": row.assignee_id}

    def step(self, row: Dispute, staff: Any, data: Mapping[str, Any]) -> dict[str, str]:
        assignee = data["assignee"]
        if assignee.pk == row.assignee_id:
            raise ActionRefused("This person already handles the dispute.")
        cases.assign(row.pk, staff=staff, assignee=assignee, note=data["reason"])
        return {"assignee": str(assignee.pk)}


@admin.register(Dispute)
class DisputeAdmin(StaffPageAdmin[Dispute]):
    object_actions: ClassVar[tuple[ObjectAction[Any], ...]] = (
        Acknowledge(),
        Triage(),
        Answer(),
        LogAttempt(),
        Assign(),
        Escalate(),
    )
    change_form_template = "admin/billing/dispute/change_form.html"
    list_display = (
        "urgency",
        "deadline",
        "owner",
        "amount",
        "reason",
        "state",
        "assignee",
        "is_escalated",
        "opened_at",
    )
    list_filter = (
        "state",
        UrgencyFilter,
        "is_escalated",
        "provider",
        ("assignee", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("order__owner", "assignee")
    search_fields = ("order__owner__email", "provider_ref", "order__payment_ref", "order__id")
    search_help_text = "E-mail of the owner, the order's id, or the provider's reference of the dispute or payment."
    fields = (
        "id",
        ("owner", "order_link"),
        ("provider", "provider_ref"),
        ("state", "amount", "reason"),
        ("urgency", "deadline"),
        ("assignee", "is_escalated"),
        ("acknowledge_by", "acknowledged_at"),
        ("triage_by", "triaged_at"),
        ("resolve_by", "answered_at"),
        ("opened_at", "closed_at"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Dispute]:
        return cases.overdue_first()

    @admin.display(description="next")
    def urgency(self, row: Any) -> str:
        waiting = next((what for when, what in _STEPS if getattr(row, when) is None), None)
        if row.next_deadline is None or waiting is None:
            return "–"
        if row.is_overdue:
            return format_html('<strong class="staff-late">{}: overdue</strong>', waiting)
        return waiting

    @admin.display(description="until (UTC)")
    def deadline(self, row: Any) -> str:
        return "–" if row.next_deadline is None else f"{row.next_deadline:%Y-%m-%d %H:%M}"

    @admin.display
    def owner(self, row: Dispute) -> User:
        return row.order.owner

    @admin.display
    def amount(self, row: Dispute) -> str:
        return money(row.amount_minor, row.currency)

    @admin.display(description="order")
    def order_link(self, row: Dispute) -> str:
        return link_to(row.order)

    def sections(self, request: HttpRequest, row: Dispute) -> dict[str, Any]:
        return {
            "steps": row.steps.select_related("staff"),
            "explanations": row.explanations.all(),
            "entries": entries_of(row.order),
            "staff_actions": staff_actions_on(row),
        }
