"""Stripe client: hosted payment pages, subscriptions, refunds, daily balance and payouts, and signed events.

Plain Python on top of Stripe's own library.
"""

from billing.providers.stripe.client import API_VERSION, StripeProvider
from billing.providers.stripe.signature import BODY_NAMES, StripeEvents

__all__ = [
    "API_VERSION",
    "BODY_NAMES",
    "StripeEvents",
    "StripeProvider",
]
