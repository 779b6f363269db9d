"""The rules by which a purchase needs a step-up."""

import uuid

from django.db import models
from django.db.models import Q

from billing.vocabulary import StepUpRuleKind


class StepUpRule(models.Model):
    """One rule with its numbers. Staff change them; `billing.step_up` reads them with each purchase.

    Several failed payments: `failed_payments` or more orders failed within `window_days`.
    New device and high amount: the session began less than `device_age_hours` ago, and the price is `amount_minor` or
    more, in minor units of `currency`. The rule without a currency holds for every currency that has no rule.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=32, choices=StepUpRuleKind.choices())
    is_enabled = models.BooleanField("enabled", default=True)
    failed_payments = models.PositiveSmallIntegerField(null=True, blank=True)
    window_days = models.PositiveSmallIntegerField(null=True, blank=True)
    device_age_hours = models.PositiveIntegerField(null=True, blank=True)
    amount_minor = models.PositiveIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "step-up rule"
        constraints = [
            models.UniqueConstraint(fields=["kind", "currency"], name="a_step_up_rule_is_written_once"),
            # `isnull` as well as `gte`: a comparison with NULL is NULL, which a CHECK accepts.
            models.CheckConstraint(
                condition=Q(
                    kind=StepUpRuleKind.FAILED_PAYMENTS,
                    failed_payments__gte=1,
                    failed_payments__isnull=False,
                    window_days__gte=1,
                    window_days__isnull=False,
                    device_age_hours__isnull=True,
                    amount_minor__isnull=True,
                    currency="",
                )
                | Q(
                    kind=StepUpRuleKind.NEW_DEVICE_AND_HIGH_AMOUNT,
                    failed_payments__isnull=True,
                    window_days__isnull=True,
                    device_age_hours__gte=1,
                    device_age_hours__isnull=False,
                    amount_minor__isnull=False,
                ),
                name="a_step_up_rule_has_the_numbers_of_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(currency="") | Q(currency__regex=r"^[A-Z]{3}$"), name="a_step_up_rule_has_a_known_currency"
            ),
        ]

    def __str__(self) -> str:
        label = StepUpRuleKind(self.kind).label
        if self.kind == StepUpRuleKind.FAILED_PAYMENTS:
            return label
        return f"{label}, {self.currency or 'other currencies'}"
