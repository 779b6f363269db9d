"""Reconcile a provider's balance with the ledger, line by line.

A line has the provider's date, a journal entry the date on which we learned of it. Around midnight these differ, so the
comparison also searches the days before and after.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from billing import orders
from billing.ledger import journal
from billing.models import Dispute, LedgerTransaction, Order
from billing.provider_registry import balance_source, hosted_checkout
from billing.providers.balance import BalanceTransaction, BalanceTransactionKind
from billing.reconciliation import payouts, transfers
from billing.reconciliation.differences import Difference
from billing.reconciliation.totals import Compared, cash_moved, journal_entries_of, summed
from billing.sync.hosted_orders import is_foreign
from billing.vocabulary import Account, DisputeState, EntryKind, FindingKind, Provider

_NEIGHBOUR: Final = timedelta(days=1)
# The journal entry kind of each balance line, and the suffix of its source.
_POSTED_AS: Final[Mapping[BalanceTransactionKind, tuple[EntryKind, str]]] = {
    BalanceTransactionKind.PAYMENT: (EntryKind.PAYMENT_CAPTURED, ""),
    BalanceTransactionKind.REFUND: (EntryKind.REFUND, "/refund:{}"),
    BalanceTransactionKind.REFUND_FAILURE: (EntryKind.REFUND_REVERSAL, "/refund:{}"),
    BalanceTransactionKind.DISPUTE: (EntryKind.DISPUTE_OPEN, "/dispute:{}"),
    BalanceTransactionKind.DISPUTE_REVERSAL: (EntryKind.DISPUTE_CLOSE, "/dispute:{}"),
}
# The source suffix of a line's fee; other lines have no fee.
_FEES_OF: Final[Mapping[BalanceTransactionKind, str]] = {
    BalanceTransactionKind.PAYMENT: "",
    BalanceTransactionKind.DISPUTE: "/dispute:{}",
    BalanceTransactionKind.DISPUTE_REVERSAL: "/dispute:{}/returned",
}
# A movement and its return are two lines with the same reference.
_COMES_BACK: Final = {
    BalanceTransactionKind.REFUND_FAILURE: " failure",
    BalanceTransactionKind.DISPUTE_REVERSAL: " reversal",
}
_KINDS: Final = tuple(kind for kind, _ in _POSTED_AS.values())
_OF_TRANSFERS: Final = (EntryKind.PAYEE_TRANSFER, EntryKind.PAYEE_TRANSFER_REVERSAL)
# Lines that are compared with payouts, and not with orders.
_OF_OTHERS: Final = (BalanceTransactionKind.PAYOUT, *transfers.KINDS)


def compare(provider: Provider, day: date) -> Compared:
    """Compare one day. Raises `ProviderUnavailable`.

    Excludes payments for other products of the account on both sides. Our cash is in the currency of each line: a
    payment in another currency was converted when it was posted.
    """
    around = _of_ours(
        provider, balance_source(provider).balance_transactions(first=day - _NEIGHBOUR, last=day + _NEIGHBOUR)
    )
    sent = transfers.transfers_around(provider, day)
    lines = [line for line in transfers.of_ours(around, sent) if line.at.date() == day]
    posted = journal_entries_of(provider, day, *_KINDS, EntryKind.PROVIDER_FEE, EntryKind.CONVERSION)
    differences = [
        *(found for line in lines for found in _of_line(provider, line)),
        *_missing_there(posted, around),
        *_of_disputes(provider),
        *payouts.reconcile_payouts(provider, day, lines),
        *transfers.reconcile_transfers(provider, day, lines, sent),
    ]
    return Compared(
        differences=differences,
        provider_totals=summed((line.currency, line.amount_minor - line.fee_minor) for line in lines),
        ledger_totals=cash_moved(posted | journal_entries_of(provider, day, *_OF_TRANSFERS)),
    )


def _of_ours(provider: Provider, lines: Iterable[BalanceTransaction]) -> list[BalanceTransaction]:
    found, foreign = list(lines), dict[str, bool]()
    for payment_ref in {line.payment_ref for line in found} - {""}:
        is_known = Order.objects.filter(provider=provider, payment_ref=payment_ref).exists()
        foreign[payment_ref] = not is_known and is_foreign(provider, payment_ref)
    return [line for line in found if not foreign.get(line.payment_ref)]


def _of_line(provider: Provider, line: BalanceTransaction) -> Iterator[Difference]:
    if line.kind in _OF_OTHERS:
        return
    order = Order.objects.filter(provider=provider, payment_ref=line.payment_ref).first() if line.payment_ref else None
    if order is None or line.kind not in _POSTED_AS:
        yield _differs(FindingKind.NOT_IN_LEDGER, line, f"{line.kind}: no order knows it.")
        return
    kind, suffix = _POSTED_AS[line.kind]
    source = orders.source_of(order) + suffix.format(line.source_ref)
    if not journal.is_posted(kind, source=source):
        unpaid = line.kind == BalanceTransactionKind.PAYMENT
        state = FindingKind.WRONG_STATE if unpaid else FindingKind.NOT_IN_LEDGER
        yield _differs(state, line, f"{line.kind}: not booked; the order is {order.status}.")
        return
    if line.currency != order.currency:
        kind, source = EntryKind.CONVERSION, orders.conversion_source(order, line.ref)
    cash = _closest(line.amount_minor, kind, source=source, account=Account.CASH, unit=line.currency)
    if cash != line.amount_minor:
        yield _differs(FindingKind.WRONG_AMOUNT, line, f"{line.kind}: another amount.", expected_minor=cash)
    yield from _of_fee(order, line)


def _of_fee(order: Order, line: BalanceTransaction) -> Iterator[Difference]:
    """Compare the fee of a line. Payments and disputes have a fee; a won dispute may return some of it."""
    suffix = _FEES_OF.get(line.kind)
    if suffix is None:
        return
    source = orders.source_of(order) + suffix.format(line.source_ref)
    fee = _closest(line.fee_minor, EntryKind.PROVIDER_FEE, source=source, account=Account.FEES, unit=line.currency)
    if fee != line.fee_minor:
        yield Difference(
            kind=FindingKind.WRONG_AMOUNT,
            ref=f"{line.source_ref} fee",
            detail=f"{line.kind}: another fee.",
            expected_minor=fee,
            found_minor=line.fee_minor,
            currency=line.currency,
        )


def _closest(amount: int, kind: EntryKind, *, source: str, account: Account, unit: str) -> int:
    """Returns the amount posted for a line: the part that matches it, or the sum of all parts of its source.

    A dispute may have several parts under one source.
    """
    posted = list(journal.parts_of(kind, source=source, account=account, unit=unit).values())
    return amount if amount in posted else sum(posted)


def _missing_there(posted: Iterable[LedgerTransaction], around: list[BalanceTransaction]) -> Iterator[Difference]:
    there = {(_POSTED_AS[line.kind][0], line.source_ref) for line in around if line.kind in _POSTED_AS}
    for row in posted:
        if row.kind in (EntryKind.PROVIDER_FEE, EntryKind.CONVERSION) or row.order is None:
            continue
        name = row.source.rpartition(":")[2].partition("#")[0] if "/" in row.source else row.order.payment_ref
        if (EntryKind(row.kind), name) not in there:
            yield Difference(
                kind=FindingKind.NOT_AT_PROVIDER,
                ref=name or str(row.order.pk),
                detail=f"{row.kind}: the provider has no such line.",
                expected_minor=journal.moved(
                    EntryKind(row.kind), source=row.source, account=Account.CASH, unit=row.order.currency
                ),
                currency=row.order.currency,
            )


def _of_disputes(provider: Provider) -> Iterator[Difference]:
    """Compare open disputes by querying the provider: a lost dispute moves no more money, so no line shows it."""
    for case in Dispute.objects.filter(provider=provider, state=DisputeState.OPEN).select_related("order"):
        found = hosted_checkout(provider).payment(case.order.payment_ref)
        states = {each.ref: each.state for each in found.disputes}
        state = states.get(case.provider_ref)
        if state is None or state != DisputeState.OPEN:
            yield Difference(
                kind=FindingKind.WRONG_STATE,
                ref=case.provider_ref,
                detail=f"dispute: open here, {state or 'unknown'} there.",
            )


def _differs(
    kind: FindingKind, line: BalanceTransaction, detail: str, *, expected_minor: int | None = None
) -> Difference:
    return Difference(
        kind=kind,
        ref=line.source_ref + _COMES_BACK.get(line.kind, ""),
        detail=detail,
        expected_minor=expected_minor,
        found_minor=line.amount_minor,
        currency=line.currency,
    )
