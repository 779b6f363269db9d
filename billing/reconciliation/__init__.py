"""Daily reconciliation (UTC) with the providers' records. Differences are stored for staff to settle."""

from billing.reconciliation.days import reconcile
from billing.reconciliation.differences import settle

__all__ = ["reconcile", "settle"]
