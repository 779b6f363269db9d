"""A provider's own records of a day: every line of its balance, and its payouts to the bank. Plain Python."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from billing.vocabulary import PayoutState


class BalanceTransactionKind(StrEnum):
    PAYMENT = "payment"
    REFUND = "refund"
    REFUND_FAILURE = "refund_failure"
    DISPUTE = "dispute"
    DISPUTE_REVERSAL = "dispute_reversal"
    PAYOUT = "payout"
    TRANSFER = "transfer"
    TRANSFER_REVERSAL = "transfer_reversal"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceTransaction:
    """One line of the provider's balance. `amount_minor` is signed and before the fee.

    `source_ref` is the cause of the movement: the payment, refund, dispute, payout or transfer.
    """

    ref: str
    kind: BalanceTransactionKind
    source_ref: str
    payment_ref: str
    amount_minor: int
    fee_minor: int
    currency: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderPayout:
    ref: str
    state: PayoutState
    amount_minor: int
    currency: str
    arrives_on: date
    created_at: datetime
