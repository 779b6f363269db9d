"""The connection to Stripe's API: its client, and its errors as ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import stripe
from stripe import StripeClient

from billing.providers.base import ProviderRefused, ProviderUnavailable, UnknownToProvider

# The version that the code was written for: an upgrade of the Stripe account changes nothing here.
API_VERSION: Final = "2026-10-28.endive"
# A retry may succeed after these errors. Staff must correct a rejected key; it is no fault of the order.
_PASSING: Final = (
    stripe.APIConnectionError,
    stripe.RateLimitError,
    stripe.AuthenticationError,
    stripe.PermissionError,
)
# Our balance grows with the next payments.
_POOR: Final = "balance_insufficient"
_MISSING: Final = "resource_missing"
_CONFLICT: Final = 409
_SERVER_ERROR: Final = 500


def open_client(*, secret_key: str, api_base: str, timeout_seconds: float) -> StripeClient:
    """Return Stripe's client. It never retries: our rows do."""
    return StripeClient(
        secret_key,
        stripe_version=API_VERSION,
        base_addresses={"api": api_base},
        http_client=stripe.RequestsClient(timeout=timeout_seconds),
        max_network_retries=0,
    )


@contextmanager
def errors() -> Iterator[None]:
    """Raise our errors in place of Stripe's: `ProviderUnavailable` if a retry may help, else `ProviderRefused`."""
    try:
        yield
    except _PASSING as error:
        raise ProviderUnavailable(type(error).__name__) from error
    except stripe.StripeError as error:
        status = error.http_status or _SERVER_ERROR
        passing = status == _CONFLICT or status >= _SERVER_ERROR or error.code == _POOR
        refused = UnknownToProvider if error.code == _MISSING else ProviderRefused
        raise (ProviderUnavailable if passing else refused)(error.code or type(error).__name__) from error
