"""Refusals of billing."""

from maretech.common.http.errors import IdempotencyInProgress, Refusal, ServiceUnavailable


class OsmosisCreditRequired(Refusal):
    status = 402
    error_code = "PAYMENT_REQUIRED"
    message = "This inspection needs a payment first."


class CorrosionSubscriptionRequired(Refusal):
    status = 403
    error_code = "SUBSCRIPTION_REQUIRED"
    reason = "PAYWALL_UI_035"
    message = "This needs a corrosion subscription."


class OrderNotCancellable(Refusal):
    status = 409
    error_code = "ORDER_NOT_CANCELLABLE"
    message = "This order cannot be cancelled here any more."


class AlreadySubscribed(Refusal):
    status = 409
    error_code = "ALREADY_SUBSCRIBED"
    message = "You have a subscription already. It has to end before another can be bought."


class CheckoutInProgress(IdempotencyInProgress):
    message = "The payment page of another subscription is being opened for you. Try again shortly."


class CheckoutUnavailable(ServiceUnavailable):
    message = "Paying is not reachable right now. Nothing was charged; try again shortly."


class RefundPending(ServiceUnavailable):
    message = "It is called off, and the money goes back as soon as the payment provider answers. Nothing is lost."


class StoreUnavailable(ServiceUnavailable):
    message = "The store cannot be asked right now. What you paid is not lost; try again shortly."


class NotOnSale(LookupError):
    """There is no such product, or it is not sold now."""


class BadTransition(Exception):
    """An order in that state cannot get into the other."""


class RefundTooHigh(Exception):
    """More than what is left of what was paid."""


class ProviderNotSetUp(Exception):
    """This server has no keys of that provider. The text names it."""


class FindingSettled(Exception):
    """Somebody has settled it already."""


class DisputeClosed(Exception):
    """The bank has decided: nothing can be done about it any more."""
