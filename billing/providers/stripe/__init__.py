"""Stripe client: hosted payment pages, subscriptions, refunds, daily balance and payouts, and signed events.

Plain Python on top of Stripe's own library.
"""

from billing.providers.stripe.books import BalanceTransaction, BalanceTransactionKind, ProviderPayout
from billing.providers.stripe.events import read_event
from billing.providers.stripe.provider import API_VERSION, StripeProvider

__all__ = [
    "API_VERSION",
    "BalanceTransaction",
    "BalanceTransactionKind",
    "ProviderPayout",
    "StripeProvider",
    "read_event",
]
