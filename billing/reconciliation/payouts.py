"""Payouts from a provider to the bank: stored in their current state, and posted from its cash account."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final

from django.db import transaction

from billing.ledger import journal
from billing.ledger.journal import Transfer
from billing.models import Payout
from billing.notices import tell_staff_of_failed_payout
from billing.provider_registry import balance_source
from billing.providers.balance import BalanceTransaction, BalanceTransactionKind, ProviderPayout
from billing.reconciliation.differences import Difference
from billing.vocabulary import Account, EntryKind, FindingKind, PayoutState, Provider

# A payout takes some days, and can fail late.
_LONGEST: Final = timedelta(days=14)


def reconcile_payouts(provider: Provider, day: date, lines: Iterable[BalanceTransaction]) -> Iterator[Difference]:
    """Update the payouts of the last days. Yields a difference where the day's lines have another amount."""
    found = {each.ref: each for each in balance_source(provider).payouts(first=day - _LONGEST, last=day)}
    for each in found.values():
        _record(provider, each)
    for line in lines:
        if line.kind == BalanceTransactionKind.PAYOUT:
            yield from _of_line(line, found.get(line.source_ref))


@transaction.atomic
def _record(provider: Provider, found: ProviderPayout) -> None:
    source = f"payout:{found.ref}"
    stored, _ = Payout.objects.update_or_create(
        provider=provider,
        provider_ref=found.ref,
        defaults={
            "state": found.state,
            "amount_minor": found.amount_minor,
            "currency": found.currency,
            "arrives_on": found.arrives_on,
            "created_at": found.created_at,
        },
    )
    if found.amount_minor > 0:
        transfers = [Transfer(found.amount_minor, found.currency, Account.CASH, Account.BANK)]
        journal.post(EntryKind.PAYOUT, source=source, owner=None, transfers=transfers)
        if stored.state == PayoutState.FAILED:
            journal.reverse(EntryKind.PAYOUT, source=source, as_kind=EntryKind.PAYOUT_FAILURE)
            tell_staff_of_failed_payout(stored)


def _of_line(line: BalanceTransaction, found: ProviderPayout | None) -> Iterator[Difference]:
    if found is None or -line.amount_minor != found.amount_minor:
        yield Difference(
            kind=FindingKind.WRONG_AMOUNT if found else FindingKind.NOT_IN_LEDGER,
            ref=line.source_ref,
            detail="payout: the balance moved by another amount." if found else "payout: not in the list of payouts.",
            expected_minor=-found.amount_minor if found else None,
            found_minor=line.amount_minor,
            currency=line.currency,
        )
