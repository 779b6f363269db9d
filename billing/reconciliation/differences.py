"""Reconciliation differences: stored once, settled by staff or by a later comparison without the difference."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from billing.entitlements.second_subscriptions import SECOND_SUBSCRIPTION
from billing.errors import FindingSettled
from billing.models import Finding
from billing.notices import tell_staff_of_differences
from billing.vocabulary import FindingKind, Provider

IN_ORDER = "In order when the day was compared again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A reconciliation difference: `expected_minor` in the ledger, `found_minor` at the provider; None for no entry."""

    kind: FindingKind
    ref: str
    detail: str
    expected_minor: int | None = None
    found_minor: int | None = None
    currency: str = ""


@transaction.atomic
def store(provider: Provider, day: date, differences: Iterable[Difference]) -> QuerySet[Finding]:
    """Store the differences of the day and resolve those that are gone. Returns the open findings.

    Findings from other sources are not part of a comparison, and it does not resolve them.
    """
    # Sorted, so that two calls at once write the rows in one order.
    found = {(each.kind, each.ref): each for each in sorted(differences, key=lambda each: (each.kind, each.ref))}
    Finding.objects.bulk_create([_row(provider, day, each) for each in found.values()], ignore_conflicts=True)
    for each in found.values():  # reopen differences that were in order for a while
        again = Finding.objects.filter(provider=provider, kind=each.kind, ref=each.ref, settled_by=None)
        again.filter(resolution=IN_ORDER).update(settled_at=None, resolution="")
    opened = Finding.objects.filter(provider=provider, day=day, settled_at=None)
    opened = opened.exclude(ref__startswith=SECOND_SUBSCRIPTION)
    for row in opened:
        if (FindingKind(row.kind), row.ref) not in found:
            Finding.objects.filter(pk=row.pk).update(settled_at=timezone.now(), resolution=IN_ORDER)
    if found:
        tell_staff_of_differences(provider, day)
    return opened.all()


@transaction.atomic
def resolve(finding_id: UUID, *, staff: User, resolution: str) -> None:
    """Settle a finding with the cause and the action taken. Raises `FindingSettled`."""
    row = Finding.objects.select_for_update().get(pk=finding_id)
    if row.settled_at is not None:
        raise FindingSettled
    row.settled_at, row.settled_by, row.resolution = timezone.now(), staff, resolution
    row.save(update_fields=["settled_at", "settled_by", "resolution"])


def _row(provider: Provider, day: date, found: Difference) -> Finding:
    return Finding(
        provider=provider,
        day=day,
        kind=found.kind,
        ref=found.ref,
        detail=found.detail,
        expected_minor=found.expected_minor,
        found_minor=found.found_minor,
        currency=found.currency,
    )
