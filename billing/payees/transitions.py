"""The life of a payee's payout. Only this module writes its state and posts it.

What is asked for leaves what is owed first, and the provider's cash only when the provider has sent it: in between the
money is on the way. A failure takes both back. Every call runs in the caller's transaction, under the locks of the
payout's order and of its payee.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from billing.errors import BadTransition
from billing.ledger import journal
from billing.ledger.journal import Transfer
from billing.models import Payee, PayeePayout
from billing.notices import notify_of_failed_payout, notify_of_payout
from billing.providers.transfers import Transferred
from billing.vocabulary import Account, EntryKind, PayeePayoutState

SCHEDULED, SENDING, PAID, SETTLED, FAILED, CANCELLED = PayeePayoutState
# Settled without being sent: all of it was kept back for debts. A transfer may be taken back after it has arrived.
TRANSITIONS: Final[Mapping[PayeePayoutState, frozenset[PayeePayoutState]]] = {
    SCHEDULED: frozenset({SENDING, SETTLED, FAILED, CANCELLED}),
    SENDING: frozenset({PAID, FAILED}),
    PAID: frozenset({SETTLED, FAILED}),
    SETTLED: frozenset({FAILED}),
    FAILED: frozenset(),
    CANCELLED: frozenset(),
}
# Money takes hours or days to arrive.
_FIRST_LOOK: Final = timedelta(hours=1)
_REASON_LENGTH: Final = 300


def begin(payout: PayeePayout, *, owed_minor: int) -> None:
    """Take what is owed out of the books before it is sent, less the payee's debts."""
    netted = min(owed_minor, debt_of(payout.payee))
    sent = owed_minor - netted
    parts = [(netted, Account.PAYEES_DEBT), (sent, Account.PAYOUTS_IN_TRANSIT)]
    transfers = [Transfer(part, payout.currency, out_of, Account.PAYEES_OWED) for part, out_of in parts if part]
    payout.amount_minor, payout.netted_minor = owed_minor, netted
    if sent:
        _move(payout, SENDING)
    else:
        _move(payout, SETTLED, settled_at=timezone.now())
    _post(payout, EntryKind.PAYEE_PAYOUT, transfers)


def confirm(payout: PayeePayout, transfer: Transferred) -> None:
    """Note that the provider has sent the money."""
    look_at = timezone.now() + _FIRST_LOOK
    _move(payout, PAID, provider_ref=transfer.ref, paid_at=transfer.created_at, attempts=0, due_at=look_at)
    sent = Transfer(payout.sent_minor, payout.currency, Account.CASH, Account.PAYOUTS_IN_TRANSIT)
    _post(payout, EntryKind.PAYEE_TRANSFER, [sent])
    notify_of_payout(payout)


def settle(payout: PayeePayout) -> None:
    """Note that the money has arrived."""
    _move(payout, SETTLED, settled_at=timezone.now())


def fail(payout: PayeePayout, *, reason: str) -> None:
    """Take the payout back: the money is owed again, and the debts that it settled exist again."""
    _move(payout, FAILED, failed_at=timezone.now(), reason=reason[:_REASON_LENGTH])
    source = _source_of(payout)
    journal.reverse(EntryKind.PAYEE_TRANSFER, source=source, as_kind=EntryKind.PAYEE_TRANSFER_REVERSAL)
    journal.reverse(EntryKind.PAYEE_PAYOUT, source=source, as_kind=EntryKind.PAYEE_PAYOUT_FAILURE)
    notify_of_failed_payout(payout)


def cancel(payout: PayeePayout) -> None:
    """End a scheduled payout: nothing is owed any more."""
    _move(payout, CANCELLED)


def debt_of(payee: Payee) -> int:
    """Returns what the payee owes us, because money was taken back after it was paid out."""
    return journal.balances_of_owner(payee.user_id, unit=payee.currency)[Account.PAYEES_DEBT]


def _move(payout: PayeePayout, to: PayeePayoutState, **values: datetime | str | int) -> None:
    """Perform one transition. Raises `BadTransition`."""
    if to not in TRANSITIONS[PayeePayoutState(payout.state)]:
        raise BadTransition(f"{payout.state} → {to}")
    payout.state = to
    for name, value in values.items():
        setattr(payout, name, value)
    payout.save(update_fields=["state", "amount_minor", "netted_minor", *values])


def _post(payout: PayeePayout, kind: EntryKind, transfers: list[Transfer]) -> None:
    order, owner = payout.share.order, payout.payee.user_id
    journal.post(kind, source=_source_of(payout), owner=owner, order=order, transfers=transfers)


def _source_of(payout: PayeePayout) -> str:
    return f"payee_payout:{payout.pk}"
