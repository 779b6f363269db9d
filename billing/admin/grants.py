"""Grants by staff: a credit, or access time. The form key makes a repeated submission grant only once."""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.staff.audit import action_by_key, record_staff_action
from billing import orders
from billing.catalogue.products import product_that_grants
from billing.entitlements import entitlements, subscriptions
from billing.models import Entitlement
from billing.vocabulary import Grant, Plan
from maretech.common.staff.object_actions import ActionRefused, IdempotentForm, ObjectAction

_LONGEST = timedelta(days=731)
_CAUSE = "given by staff"


class ExtendForm(IdempotentForm):
    plan = forms.ChoiceField(choices=Plan.choices(), widget=forms.RadioSelect)
    until = forms.DateField(
        label="Access until the end of",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="That day is included (UTC).",
    )

    def clean_until(self) -> datetime:
        """Returns the end of the chosen day (UTC)."""
        day, today = self.cleaned_data["until"], timezone.now().date()
        if not today <= day <= today + _LONGEST:
            raise ValidationError("The day must be today or later, and at most two years ahead.")
        return datetime.combine(day, time.min, UTC) + timedelta(days=1)


class GrantAction(ObjectAction[Entitlement]):
    def perform(self, *, staff: Any, row: Entitlement, data: Mapping[str, Any]) -> str:
        with transaction.atomic():
            row = entitlements.lock(row.user_id)
            if action_by_key(row, action=self.name, key=data["key"]) is None:
                detail = {**self.give(row, data), "key": str(data["key"])}
                record_staff_action(staff=staff, action=self.name, subject=row, reason=data["reason"], detail=detail)
        return f"{self.label}: done."

    @abstractmethod
    def give(self, row: Entitlement, data: Mapping[str, Any]) -> dict[str, str]:
        """Make the grant and return its details. Raises `ActionRefused`."""


class GrantCredit(GrantAction):
    name = "grant_credit"
    label = "Grant a credit"
    explanation = "Grants one osmosis inspection free of charge, recorded as an order with the price 0."
    permission = "billing.add_order"
    form_class = IdempotentForm

    def give(self, row: Entitlement, data: Mapping[str, Any]) -> dict[str, str]:
        product = product_that_grants(Grant.INSPECTION_CREDIT)
        return {"order": str(orders.grant_by_staff(owner=row.user, product=product, cause=_CAUSE).pk)}


class ExtendSubscription(GrantAction):
    name = "extend_subscription"
    label = "Extend the subscription"
    explanation = (
        "Grants corrosion access free of charge, in addition to a paid subscription: the later end counts. "
        "It ends on its own and does not change what the owner's provider bills."
    )
    permission = "billing.add_subscription"
    form_class = ExtendForm

    def give(self, row: Entitlement, data: Mapping[str, Any]) -> dict[str, str]:
        plan, until = data["plan"], data["until"]
        standing = entitlements.corrosion_entitlement(row.user_id)
        if standing.subscribed and standing.ends_at is None:
            raise ActionRefused("The test subscription is on and has no end: turn it off first.")
        if standing.ends_at is not None and standing.ends_at >= until:
            raise ActionRefused(f"The owner has access until {standing.ends_at:%Y-%m-%d %H:%M} UTC already.")
        subscriptions.extend(owner=row.user, plan=plan, until=until, ref=f"staff:{data['key']}", cause=_CAUSE)
        return {"plan": plan, "until": until.isoformat()}
