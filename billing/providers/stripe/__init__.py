"""Stripe: hosted payment pages, subscriptions, refunds, the day's books, and events that are signed.

Plain Python over Stripe's own library.
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
