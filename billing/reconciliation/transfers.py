"""Reconcile transfers to payees with their payouts: each payout is one transfer, of its amount, that was not undone.

A transfer of another product of the account names no payout of ours and goes to no payee of ours: it is left out.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from billing.models import Payee, PayeePayout
from billing.payees import payouts
from billing.provider_registry import can, payout_sender
from billing.providers.balance import BalanceTransaction, BalanceTransactionKind
from billing.providers.capabilities import Can
from billing.providers.transfers import Transferred
from billing.reconciliation.differences import Difference
from billing.vocabulary import FindingKind, PayeePayoutState, Provider

KINDS: Final = (BalanceTransactionKind.TRANSFER, BalanceTransactionKind.TRANSFER_REVERSAL)
_NEIGHBOUR: Final = timedelta(days=1)
_SENT: Final = (PayeePayoutState.PAID, PayeePayoutState.SETTLED)


def transfers_around(provider: Provider, day: date) -> dict[str, Transferred]:
    """Return our transfers of the day and of the days before and after, by their reference.

    Raises `ProviderUnavailable`.
    """
    if not can(provider, Can.PAY_OUT):
        return {}
    made = payout_sender(provider).transfers(first=day - _NEIGHBOUR, last=day + _NEIGHBOUR)
    return {each.ref: each for each in made if _is_ours(provider, each)}


def of_ours(lines: Iterable[BalanceTransaction], around: dict[str, Transferred]) -> list[BalanceTransaction]:
    """Return the lines without those of transfers that are not ours. A return names a transfer of any day."""
    known = set(PayeePayout.objects.exclude(provider_ref="").values_list("provider_ref", flat=True))
    return [line for line in lines if line.kind not in KINDS or line.source_ref in around or line.source_ref in known]


def reconcile_transfers(
    provider: Provider, day: date, lines: Iterable[BalanceTransaction], around: dict[str, Transferred]
) -> Iterator[Difference]:
    """Yield the differences of the day: a transfer that is no payout's, and a payout without its transfer."""
    for line in lines:
        if line.kind == BalanceTransactionKind.TRANSFER:
            yield from _of_transfer(line, around.get(line.source_ref))
        elif line.kind == BalanceTransactionKind.TRANSFER_REVERSAL:
            yield from _of_return(line)
    sent = PayeePayout.objects.filter(share__order__provider=provider, state__in=_SENT, paid_at__date=day)
    for payout in sent.exclude(provider_ref="").exclude(provider_ref__in=around):
        yield Difference(
            kind=FindingKind.NOT_AT_PROVIDER,
            ref=payout.provider_ref,
            detail=f"payout {payout.pk}: the provider has no such transfer.",
            expected_minor=-payout.sent_minor,
            currency=payout.currency,
        )


def _of_transfer(line: BalanceTransaction, transfer: Transferred | None) -> Iterator[Difference]:
    payout = PayeePayout.objects.filter(provider_ref=line.source_ref).first()
    if payout is None:
        yield _differs(FindingKind.NOT_IN_LEDGER, line, f"transfer: {_why_unknown(transfer)}.")
    elif -line.amount_minor != payout.sent_minor or line.currency != payout.currency:
        detail = f"payout {payout.pk}: another amount was sent."
        yield _differs(FindingKind.WRONG_AMOUNT, line, detail, expected_minor=-payout.sent_minor)


def _why_unknown(transfer: Transferred | None) -> str:
    named = _payout_of(transfer) if transfer is not None else None
    if named is None:
        return "no payout has it"
    return f"payout {named.pk} is {named.state}, with {named.provider_ref or 'no transfer'}"


def _of_return(line: BalanceTransaction) -> Iterator[Difference]:
    """Note a transfer that was taken back as a whole. A part leaves the payout unchanged, for staff."""
    payout = PayeePayout.objects.filter(provider_ref=line.source_ref).first()
    if payout is not None and payout.state in _SENT:
        payouts.sync(payout.pk)
        payout.refresh_from_db()
    if payout is None or payout.state != PayeePayoutState.FAILED:
        state = payout.state if payout else "unknown"
        yield _differs(FindingKind.WRONG_STATE, line, f"transfer: a part was taken back; the payout is {state}.")


def _is_ours(provider: Provider, transfer: Transferred) -> bool:
    paid_there = Payee.objects.filter(provider=provider, account_ref=transfer.account_ref)
    return _payout_of(transfer) is not None or paid_there.exists()


def _payout_of(transfer: Transferred) -> PayeePayout | None:
    """Return the payout that the transfer names, or None: it may name anything."""
    try:
        return PayeePayout.objects.filter(pk=UUID(transfer.payout_id)).first()
    except ValueError:
        return None


def _differs(
    kind: FindingKind, line: BalanceTransaction, detail: str, *, expected_minor: int | None = None
) -> Difference:
    return Difference(
        kind=kind,
        ref=line.source_ref,
        detail=detail,
        expected_minor=expected_minor,
        found_minor=line.amount_minor,
        currency=line.currency,
    )
