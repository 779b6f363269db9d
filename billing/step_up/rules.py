"""The rules as staff keep them: read, changed, and added for another currency."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from billing.models import StepUpRule
from billing.vocabulary import StepUpRuleKind

NUMBERS_OF: Final[Mapping[str, tuple[str, ...]]] = {
    StepUpRuleKind.FAILED_PAYMENTS: ("failed_payments", "window_days"),
    StepUpRuleKind.NEW_DEVICE_AND_HIGH_AMOUNT: ("device_age_hours", "amount_minor"),
}


def rules_for(currency: str) -> dict[StepUpRuleKind, StepUpRule]:
    """Return the enabled rules for a purchase in this currency, by kind.

    A rule of the currency replaces the one for other currencies, also while it is not enabled.
    """
    found = StepUpRule.objects.filter(Q(currency="") | Q(currency=currency)).order_by("currency")
    in_force = {StepUpRuleKind(rule.kind): rule for rule in found}
    return {kind: rule for kind, rule in in_force.items() if rule.is_enabled}


@transaction.atomic
def change_rule(rule_id: UUID, values: Mapping[str, Any]) -> dict[str, Any]:
    """Change a rule from the next purchase on. Returns the former values of what changed.

    `values` has `is_enabled` and the numbers of the rule's kind. Raises Django's `ValidationError`.
    """
    rule = StepUpRule.objects.select_for_update().get(pk=rule_id)
    wanted = {name: values[name] for name in ("is_enabled", *NUMBERS_OF[rule.kind])}
    before = {name: getattr(rule, name) for name, value in wanted.items() if getattr(rule, name) != value}
    for name in before:
        setattr(rule, name, wanted[name])
    rule.full_clean()
    rule.save(update_fields=[*before, "updated_at"])
    return before


@transaction.atomic
def add_currency(*, currency: str, device_age_hours: int, amount_minor: int) -> StepUpRule:
    """Add the rule about new devices and high amounts for a currency that has none, enabled.

    Raises Django's `ValidationError`, and `IntegrityError` if two calls add it at once.
    """
    kind = StepUpRuleKind.NEW_DEVICE_AND_HIGH_AMOUNT
    rule = StepUpRule(kind=kind, currency=currency, device_age_hours=device_age_hours, amount_minor=amount_minor)
    rule.full_clean()
    rule.save(force_insert=True)
    return rule
