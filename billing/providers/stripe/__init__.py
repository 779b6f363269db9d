"""Stripe client: hosted payment pages, subscriptions, refunds, daily balance and payouts, and signed events.

Plain Python on top of Stripe's own library.
"""

from billing.providers.stripe.events import BODY_NAMES, StripeEvents
from billing.providers.stripe.provider import API_VERSION, StripeProvider

__all__ = [
    "API_VERSION",
    "BODY_NAMES",
    "StripeEvents",
    "StripeProvider",
]
