"""Daily reconciliation (UTC) with the providers' records. Differences are stored for staff to resolve."""

from billing.reconciliation.days import reconcile
from billing.reconciliation.differences import resolve

__all__ = ["reconcile", "resolve"]
