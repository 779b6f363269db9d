"""The stores of the billing tests, for inputs that failed in the field."""

from tests.billing.app_store.conftest import apple
from tests.billing.conftest import google

__all__ = ["apple", "google"]
