"""Admin list filters of payments, disputes and reconciliation: each selects the rows that need attention."""

from typing import Any, ClassVar

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from billing.models import PayeePayout


class ChoiceFilter(SimpleListFilter):
    """Filter by one of a few named conditions. An unknown value does not filter."""

    conditions: ClassVar[dict[str, tuple[str, Q]]]

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [(value, label) for value, (label, _) in self.conditions.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.conditions.get(self.value() or "")
        return queryset if chosen is None else queryset.filter(chosen[1])


class WaitsForProviderFilter(ChoiceFilter):
    title = "waits for the provider"
    parameter_name = "waits"
    conditions = {"yes": ("yes", Q(look_at__isnull=False)), "no": ("no", Q(look_at=None))}


class UrgencyFilter(ChoiceFilter):
    """Filter the query of `disputes.overdue_first` by deadline."""

    title = "deadline"
    parameter_name = "deadline"
    conditions = {
        "overdue": ("overdue", Q(is_overdue=1)),
        "ahead": ("ahead", Q(is_overdue=0, next_deadline__isnull=False)),
        "none": ("nothing left to do", Q(next_deadline=None)),
    }


class SettledFilter(ChoiceFilter):
    title = "settled"
    parameter_name = "settled"
    conditions = {"no": ("no", Q(settled_at=None)), "yes": ("yes", Q(settled_at__isnull=False))}


class SurplusFilter(ChoiceFilter):
    """Filter subscriptions that are live in addition to the owner's current one."""

    title = "live beside another"
    parameter_name = "surplus"
    conditions = {"yes": ("yes", Q(surplus_at__isnull=False)), "no": ("no", Q(surplus_at=None))}


class BlockedFilter(SimpleListFilter):
    """Filter the payouts that wait for a dispute, a complaint or a refund to end."""

    title = "kept back"
    parameter_name = "blocked"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [("yes", "yes")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(pk__in=PayeePayout.blocked().values("pk")) if self.value() == "yes" else queryset
