"""The stores of the billing tests, for inputs that failed in the field."""

from tests.billing.conftest import google
from tests.billing.providers.app_store.conftest import apple

__all__ = ["apple", "google"]
