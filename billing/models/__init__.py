from billing.models.allowances import Entitlement, UsedFreeInspection
from billing.models.catalogue import Product
from billing.models.disputes import Dispute, DisputeExplanation, DisputeStep
from billing.models.inbox import ProviderEvent
from billing.models.ledger import LedgerEntry, LedgerTransaction
from billing.models.orders import Order, OrderEvent, RefundRequest
from billing.models.payees import Payee, PayeePayout, PayeeShare
from billing.models.reconciliation import Finding, Payout, Reconciliation
from billing.models.step_up import StepUpRule
from billing.models.subscriptions import Subscription, SubscriptionEvent

__all__ = [
    "Dispute",
    "DisputeExplanation",
    "DisputeStep",
    "Entitlement",
    "Finding",
    "LedgerEntry",
    "LedgerTransaction",
    "Order",
    "OrderEvent",
    "Payee",
    "PayeePayout",
    "PayeeShare",
    "Payout",
    "Product",
    "ProviderEvent",
    "Reconciliation",
    "RefundRequest",
    "StepUpRule",
    "Subscription",
    "SubscriptionEvent",
    "UsedFreeInspection",
]
