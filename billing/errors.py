"""Refusals of billing."""

from maretech.common.errors import Refusal


class OsmosisCreditRequired(Refusal):
    status = 402
    error_code = "PAYMENT_REQUIRED"
    message = "This inspection needs a payment first."


class CorrosionSubscriptionRequired(Refusal):
    status = 403
    error_code = "SUBSCRIPTION_REQUIRED"
    reason = "PAYWALL_UI_035"
    message = "This needs a corrosion subscription."
