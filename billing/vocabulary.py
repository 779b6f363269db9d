"""Enumerations of billing."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from maretech.common.vocabulary import Vocabulary


class Plan(Vocabulary):
    MONTHLY = "monthly"
    YEARLY = "yearly"


class ProductCode(Vocabulary):
    OSMOSIS_INSPECTION = "osmosis_inspection"
    CORROSION_MONTHLY = "corrosion_monthly"
    CORROSION_YEARLY = "corrosion_yearly"
    DOSSIER_BY_POST = "dossier_by_post"
    APPOINTMENT = "appointment"


# The products that are subscriptions. Each other product is bought once.
PLAN_OF: Final[Mapping[ProductCode, Plan]] = {
    ProductCode.CORROSION_MONTHLY: Plan.MONTHLY,
    ProductCode.CORROSION_YEARLY: Plan.YEARLY,
}
# What apps above deliver. They open the orders of these, and register for them in `billing.services.hooks`.
SERVICES: Final = (ProductCode.DOSSIER_BY_POST, ProductCode.APPOINTMENT)
# The price comes with each order; the product has none.
PRICED_PER_ORDER: Final = (ProductCode.APPOINTMENT,)


class Grant(Vocabulary):
    """What a paid product gives its owner."""

    INSPECTION_CREDIT = "inspection_credit"
    SUBSCRIPTION = "subscription"
    SERVICE = "service"


class Provider(Vocabulary):
    """The seller that was paid."""

    MOCK = "mock"
    STRIPE = "stripe"
    APP_STORE = "app_store"
    PLAY_STORE = "play_store"
    STAFF = "staff", "staff, without payment"


class StepUpRuleKind(Vocabulary):
    """What makes a purchase need a step-up."""

    FAILED_PAYMENTS = "failed_payments", "several failed payments"
    NEW_DEVICE_AND_HIGH_AMOUNT = "new_device_and_high_amount"


class SubscriptionState(Vocabulary):
    """Cancelled: it ends with its period. Grace: a renewal is not paid yet, and access continues."""

    ACTIVE = "active"
    GRACE = "grace"
    CANCELLED = "cancelled", "cancelled at period end"
    LAPSED = "lapsed"


class DisputeState(Vocabulary):
    OPEN = "open"
    WON = "won"
    LOST = "lost"


class FindingKind(Vocabulary):
    NOT_IN_LEDGER = "missing_here", "missing in the ledger"
    NOT_AT_PROVIDER = "missing_there", "missing at the provider"
    WRONG_AMOUNT = "wrong_amount"
    WRONG_STATE = "wrong_state"


class PayoutState(Vocabulary):
    """Paid: the provider has sent it. Settled: it has arrived."""

    SCHEDULED = "scheduled"
    PAID = "paid"
    SETTLED = "settled"
    FAILED = "failed"


class OrderStatus(Vocabulary):
    """Paid: the money is in and the purchase is granted. Fulfilled: delivered, and the money is earned."""

    CREATED = "created"
    PENDING = "pending"
    PAID = "paid"
    FULFILLED = "fulfilled"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"
    DISPUTED = "disputed"
    LOST = "lost"


class RefundRequestState(Vocabulary):
    """Dropped: no money was left to refund. Failed: the provider made the refund, and the money came back."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"
    FAILED = "failed"


class PayeePayoutState(Vocabulary):
    """Sending: posted, and asked for at the provider. Paid: the provider has sent it. Settled: it has arrived.

    Cancelled: nothing was owed any more when it was due.
    """

    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAID = "paid"
    SETTLED = "settled"
    FAILED = "failed"
    CANCELLED = "cancelled"


class EventState(Vocabulary):
    """Waiting for its first or next attempt; done; or a dead letter, after too many attempts."""

    WAITING = "waiting"
    DONE = "done"
    DEAD_LETTER = "dead", "dead letter"


class EventOutcome(StrEnum):
    """The outcome of processing an event, if it is not simply recorded."""

    SYNCED = ""
    FOREIGN = "not ours"
    UNCLAIMED = "waits for its owner"
    REFUSED_TEST = "a test that is not granted"


class EntryKind(Vocabulary):
    """The kind of a journal entry."""

    PAYMENT_CAPTURED = "payment_hold", "payment captured: not yet earned"
    RELEASE = "release", "revenue recognised"
    REFUND = "refund"
    REFUND_REVERSAL = "refund_reversal"
    DISPUTE_OPEN = "dispute_open"
    DISPUTE_CLOSE = "dispute_close"
    LOSS_BOOKING = "loss_booking"
    PROVIDER_FEE = "provider_fee"
    CONVERSION = "conversion", "conversion: settled in another currency"
    PAYOUT = "payout"
    PAYOUT_FAILURE = "payout_failure"
    PAYEE_SHARE = "payee_share", "payee's share of an order"
    PAYEE_PAYOUT = "payee_payout", "payout to a payee, asked for"
    PAYEE_PAYOUT_FAILURE = "payee_payout_failure"
    PAYEE_TRANSFER = "payee_transfer", "payout to a payee, sent"
    PAYEE_TRANSFER_REVERSAL = "payee_transfer_reversal"
    CREDIT_GRANT = "credit_grant"
    CREDIT_REVOKE = "credit_revoke"
    CREDIT_HOLD = "credit_hold"
    CREDIT_SPEND = "credit_spend"
    CREDIT_GIVE_BACK = "credit_give_back"
    CREDIT_TRANSFER_OUT = "credit_transfer_out", "credits paid to another owner"
    CREDIT_TRANSFER_IN = "credit_transfer_in", "credits received from another owner"


class Account(Vocabulary):
    """A ledger account. Above zero: ours, or the owner's to use. Below zero: owed, earned, or issued."""

    CASH = "cash", "cash at the providers"
    BANK = "bank", "cash in the bank"
    DEFERRED_REVENUE = "unearned", "received, not yet earned"
    REVENUE = "revenue"
    REFUNDS = "refunds", "refunds of what was earned"
    DISPUTE_RECEIVABLE = "disputed", "withdrawn by a dispute"
    CHARGEBACK_LOSSES = "losses", "chargeback losses"
    FEES = "fees", "fees of the providers"
    EXCHANGE = "exchange", "exchanged between currencies"
    PAYEES_OWED = "payees_owed", "owed to payees"
    PAYEES_DEBT = "payees_debt", "owed by payees"
    PAYOUTS_IN_TRANSIT = "payouts_in_transit", "on the way to payees"
    CREDITS_ISSUED = "credits_issued"
    CREDITS_AVAILABLE = "credits_available"
    CREDITS_HELD = "credits_held"
    CREDITS_SPENT = "credits_spent"
    CREDITS_CLEARING = "credits_clearing", "credits between two owners"
