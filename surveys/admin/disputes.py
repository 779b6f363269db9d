"""Admin pages of disputes of appointments, the most urgent first."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.staff.audit import staff_actions_on
from billing.admin.money_format import AmountField, as_minor, money
from maretech.common.staff.object_actions import ActionRefused, ObjectAction, ReasonForm, StaffPageAdmin, link_to
from surveys.disputes import cases
from surveys.models import AppointmentDispute
from surveys.vocabulary import Outcome


class DisputeStep(ObjectAction[AppointmentDispute]):
    """One step on a dispute. The rule checks again under the locks, because a colleague may have acted."""

    permission = "surveys.change_appointmentdispute"
    done_at: ClassVar[str] = ""

    def refusal(self, row: AppointmentDispute) -> str | None:
        if row.resolved_at is not None:
            return "This dispute is decided."
        return "This step is done already." if self.done_at and getattr(row, self.done_at) else None

    def perform(self, *, staff: Any, row: AppointmentDispute, data: Mapping[str, Any]) -> str:
        try:
            self.step(row, staff, data)
        except cases.NotOpen as error:
            raise ActionRefused(str(error)) from error
        return f"{self.label}: done."

    def step(self, row: AppointmentDispute, staff: Any, data: Mapping[str, Any]) -> None:
        getattr(cases, self.name)(staff=staff, dispute_id=row.pk, reason=data["reason"])


class Acknowledge(DisputeStep):
    name = "acknowledge"
    label = "Acknowledge"
    explanation = "Record that you have seen this dispute."
    done_at = "acknowledged_at"


class Triage(DisputeStep):
    name = "triage"
    label = "Triage"
    explanation = "Record what is looked into, and by whom."
    done_at = "triaged_at"


class Escalate(DisputeStep):
    name = "escalate"
    label = "Escalate"
    explanation = "The dispute needs a decision above your role. Record whom you informed and what is needed."

    def refusal(self, row: AppointmentDispute) -> str | None:
        return super().refusal(row) or ("This dispute is escalated already." if row.is_escalated else None)


class DecisionForm(ReasonForm):
    outcome = forms.ChoiceField(choices=Outcome.choices(), widget=forms.RadioSelect)
    part = AmountField(required=False, help_text="Of a refund in part, such as 50.00.")

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("part") is not None:
            try:
                cleaned["refund_minor"] = as_minor(cleaned["part"], self.currency)
            except ValidationError as error:
                self.add_error("part", error)
        elif cleaned.get("outcome") == Outcome.PART:
            self.add_error("part", "Say how much goes back.")
        return cleaned


class Resolve(DisputeStep):
    name = "resolve"
    label = "Decide"
    explanation = "Return all the money, a part of it, or none. Both parties are notified. This is final."

    def form(self, row: AppointmentDispute, data: Any) -> DecisionForm:
        return DecisionForm(data, currency=row.appointment.currency)

    def confirmation(self, row: AppointmentDispute, data: Mapping[str, Any]) -> list[str]:
        appointment = row.appointment
        try:
            amount = cases.refund_of(appointment, Outcome(data["outcome"]), data.get("refund_minor"))
        except cases.NotOpen as error:
            raise ActionRefused(str(error)) from error
        kept = money(appointment.price_minor - amount, appointment.currency)
        return [
            f"{money(amount, appointment.currency)} go back to {appointment.owner}.",
            f"{kept} stay, and are shared with {appointment.surveyor}.",
        ]

    def step(self, row: AppointmentDispute, staff: Any, data: Mapping[str, Any]) -> None:
        cases.resolve(
            staff=staff,
            dispute_id=row.pk,
            outcome=Outcome(data["outcome"]),
            refund_minor=data.get("refund_minor"),
            reason=data["reason"],
        )


@admin.register(AppointmentDispute)
class AppointmentDisputeAdmin(StaffPageAdmin[AppointmentDispute]):
    object_actions: ClassVar[tuple[ObjectAction[Any], ...]] = (Acknowledge(), Triage(), Escalate(), Resolve())
    change_form_template = "admin/surveys/appointmentdispute/change_form.html"
    list_display = ("deadline", "owner", "surveyor", "price", "is_escalated", "outcome", "opened_at", "resolved_at")
    list_filter = ("is_escalated", "outcome", "opened_at", "resolved_at")
    list_select_related = ("appointment__owner", "appointment__surveyor")
    search_fields = ("appointment__owner__email", "appointment__surveyor__name", "appointment__id", "id")
    search_help_text = "E-mail of the owner, name of the surveyor, or id of the dispute or the appointment."
    fields = (
        "id",
        ("appointment_link", "owner", "surveyor", "price"),
        ("deadline", "is_escalated"),
        ("opened_at", "acknowledge_by", "acknowledged_at"),
        ("triage_by", "triaged_at"),
        ("resolve_by", "resolved_at", "outcome"),
        "reason",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[AppointmentDispute]:
        return cases.open_first()

    @admin.display(description="next deadline (UTC)")
    def deadline(self, row: AppointmentDispute) -> str:
        until = row.next_deadline
        if until is None:
            return "–"
        text = f"{until:%Y-%m-%d %H:%M}"
        return format_html('<strong class="staff-late">{}: overdue</strong>', text) if until <= timezone.now() else text

    @admin.display(description="appointment")
    def appointment_link(self, row: AppointmentDispute) -> SafeString:
        return link_to(row.appointment)

    @admin.display
    def owner(self, row: AppointmentDispute) -> SafeString:
        return link_to(row.appointment.owner)

    @admin.display
    def surveyor(self, row: AppointmentDispute) -> SafeString:
        return link_to(row.appointment.surveyor)

    @admin.display
    def price(self, row: AppointmentDispute) -> str:
        return money(row.appointment.price_minor, row.appointment.currency)

    def sections(self, request: HttpRequest, row: AppointmentDispute) -> dict[str, Any]:
        return {"attempts": row.attempts.all(), "staff_actions": staff_actions_on(row)}
