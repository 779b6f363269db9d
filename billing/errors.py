"""Errors and refusals of billing."""

from maretech.common.http.errors import APIError, Forbidden, IdempotencyInProgress, ServiceUnavailable


class OsmosisCreditRequired(APIError):
    status = 402
    error_code = "PAYMENT_REQUIRED"
    message = "This inspection needs a payment first."


class CorrosionSubscriptionRequired(APIError):
    status = 403
    error_code = "SUBSCRIPTION_REQUIRED"
    reason = "PAYWALL_UI_035"
    message = "This needs a corrosion subscription."


class OrderNotCancellable(APIError):
    status = 409
    error_code = "ORDER_NOT_CANCELLABLE"
    message = "This order cannot be cancelled here any more."


class AlreadySubscribed(APIError):
    status = 409
    error_code = "ALREADY_SUBSCRIBED"
    message = "You have a subscription already. It has to end before another can be bought."


class CreditsMissing(APIError):
    status = 409
    error_code = "NOT_ELIGIBLE"
    reason = "CREDITS_MISSING"
    message = "The buyer has too few inspection credits that are past their refund window."


class StepUpRequired(Forbidden):
    """The answer never says whether staff or which rule asks for it."""

    reason = "STEP_UP_REQUIRED"
    message = "Confirm first that it is you: ask for a code and enter it."


class CheckoutInProgress(IdempotencyInProgress):
    message = "The payment page of another subscription is being opened for you. Try again shortly."


class CheckoutUnavailable(ServiceUnavailable):
    message = "The payment provider did not answer. Nothing was charged; try again shortly."


class RefundPending(ServiceUnavailable):
    message = "The order is cancelled. The money goes back as soon as the payment provider answers."


class ReceiptStoreUnavailable(ServiceUnavailable):
    message = "The store did not answer. Your payment is not lost; try again shortly."


class NotOnSale(LookupError):
    """The product is unknown or not on sale."""


class BadTransition(Exception):
    """The order's state does not allow this transition."""


class RefundTooHigh(Exception):
    """The refund exceeds the refundable amount."""


class PayeeNotPayable(Exception):
    """The order cannot be shared with this payee. The text says why."""


class ProviderNotSetUp(Exception):
    """This server has no keys for the provider that the text names."""


class FindingSettled(Exception):
    """The finding is already settled."""


class DisputeClosed(Exception):
    """The bank has decided; the dispute allows no more steps."""
