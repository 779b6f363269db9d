"""The life cycle of an order. Only this package writes an order's status and posts its changes.

Every change locks the owner's entitlement row and then the order, follows an allowed transition and leaves an event
with its cause. Every call is idempotent.
"""

from billing.orders.cancellation import ask_refund, call_off, cancel, may_be_cancelled
from billing.orders.chargebacks import close_dispute, open_dispute
from billing.orders.money import refundable
from billing.orders.payment import (
    Purchase,
    close_unpaid,
    grant_by_staff,
    note_page,
    note_subscription,
    open_order,
    open_subscription_orders,
    pay,
    poll_soon,
    record_purchase,
    schedule_poll,
    stop_polling,
)
from billing.orders.refund_requests import (
    close_failed,
    drop_refund_request,
    note_refund_failed,
    note_refund_made,
    note_refusal,
    open_requests,
    request_again,
    request_refund,
    unrequested,
)
from billing.orders.refunds import refund, reverse_refund, settle_refunds
from billing.orders.revenue import end_period, spend_credit, undelivered, untransferable_credits
from billing.orders.services import answer_payment, deliver_service, unanswered_payments
from billing.orders.settlement import conversion_source, convert, post_fee
from billing.orders.shares import kept_money, owed
from billing.orders.transfers import pay_credits, return_credits, transferable_credits
from billing.orders.transitions import TRANSITIONS, UNPAID, locked, source_of

__all__ = [
    "TRANSITIONS",
    "UNPAID",
    "Purchase",
    "answer_payment",
    "ask_refund",
    "call_off",
    "cancel",
    "close_dispute",
    "close_failed",
    "close_unpaid",
    "conversion_source",
    "convert",
    "deliver_service",
    "drop_refund_request",
    "end_period",
    "grant_by_staff",
    "kept_money",
    "locked",
    "may_be_cancelled",
    "note_page",
    "note_refund_failed",
    "note_refund_made",
    "note_refusal",
    "note_subscription",
    "open_dispute",
    "open_order",
    "open_requests",
    "open_subscription_orders",
    "owed",
    "pay",
    "pay_credits",
    "poll_soon",
    "post_fee",
    "record_purchase",
    "refund",
    "refundable",
    "request_again",
    "request_refund",
    "return_credits",
    "reverse_refund",
    "schedule_poll",
    "settle_refunds",
    "source_of",
    "spend_credit",
    "stop_polling",
    "transferable_credits",
    "unanswered_payments",
    "undelivered",
    "unrequested",
    "untransferable_credits",
]
