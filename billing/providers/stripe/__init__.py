"""Stripe client: hosted payment pages, subscriptions, refunds, transfers, daily balance and payouts, signed events.

Plain Python on top of Stripe's own library.
"""

from billing.providers.stripe.client import StripeProvider
from billing.providers.stripe.connection import API_VERSION, open_client
from billing.providers.stripe.signature import BODY_NAMES, StripeEvents
from billing.providers.stripe.transfers import StripeTransfers

__all__ = [
    "API_VERSION",
    "BODY_NAMES",
    "StripeEvents",
    "StripeProvider",
    "StripeTransfers",
    "open_client",
]
