"""Stripe: hosted payment pages, subscriptions, refunds, the day's books, and events that are signed.

Plain Python over Stripe's own library.
"""

from billing.providers.stripe.books import Movement, MovementKind, ProviderPayout
from billing.providers.stripe.events import read_event
from billing.providers.stripe.provider import API_VERSION, StripeProvider

__all__ = ["API_VERSION", "Movement", "MovementKind", "ProviderPayout", "StripeProvider", "read_event"]
