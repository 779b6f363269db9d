"""A fake Stripe for tests, drills and the demo. Plain Python: it knows Stripe's API and nothing of this project."""

from testing.fake_stripe.fake import FakeStripe
from testing.fake_stripe.payments import fee_of
from testing.fake_stripe.state import API_VERSION, FakeStripeError

__all__ = ["API_VERSION", "FakeStripe", "FakeStripeError", "fee_of"]
