"""Reconciliation of one day with one provider."""

from datetime import date, timedelta
from typing import Final

from django.db.models import QuerySet
from django.utils import timezone

from billing.errors import ProviderNotSetUp
from billing.models import Finding, Reconciliation
from billing.provider_registry import PROVIDERS, can
from billing.providers.capabilities import Can
from billing.reconciliation import by_balance, by_purchase, differences
from billing.vocabulary import Provider

_AGAIN, _FURTHEST = 2, 31
# A provider that lists its balance is compared line by line, a store purchase by purchase.
COMPARABLE: Final = Can.BALANCE | Can.SELL_IN_APP


def comparable_providers() -> list[Provider]:
    return [provider for provider in PROVIDERS if PROVIDERS[provider].can & COMPARABLE]


def days_to_compare() -> list[tuple[Provider, date]]:
    """Returns the last two days of each provider, and all days since its last comparison; at most a month."""
    today = timezone.now().date()
    return [
        (provider, today - timedelta(days=ago))
        for provider in comparable_providers()
        if PROVIDERS[provider].is_configured()
        for ago in range(_days_behind(provider, today), 0, -1)
    ]


def _days_behind(provider: Provider, today: date) -> int:
    last = Reconciliation.objects.filter(provider=provider, day__lt=today).order_by("-day").first()
    return min(max((today - last.day).days, _AGAIN), _FURTHEST) if last else _AGAIN


def reconcile(provider: Provider, day: date) -> QuerySet[Finding]:
    """Compare the day and store the differences. Returns the open findings of the day. Idempotent.

    Queries the provider outside any transaction. Raises `ProviderUnavailable`, and `ProviderNotSetUp` without its keys.
    """
    if provider not in comparable_providers() or not PROVIDERS[provider].is_configured():
        raise ProviderNotSetUp(provider.value)
    compared = by_balance.compare(provider, day) if can(provider, Can.BALANCE) else by_purchase.compare(provider, day)
    Reconciliation.objects.update_or_create(
        provider=provider,
        day=day,
        defaults={
            "compared_at": timezone.now(),
            "provider_totals": compared.provider_totals,
            "ledger_totals": compared.ledger_totals,
        },
    )
    return differences.store(provider, day, compared.differences)
