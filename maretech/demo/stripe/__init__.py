"""A fake Stripe for tests, drills and the demo. Plain Python: it knows Stripe's API and nothing of this project."""

from maretech.demo.stripe.fake import FakeStripe
from maretech.demo.stripe.payments import fee_of
from maretech.demo.stripe.world import API_VERSION, Refusal

__all__ = ["API_VERSION", "FakeStripe", "Refusal", "fee_of"]
