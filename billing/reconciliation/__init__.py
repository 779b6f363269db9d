"""The providers' books held against ours, day by day (UTC). What differs is kept for staff to work off."""

from billing.reconciliation.days import reconcile
from billing.reconciliation.differences import settle

__all__ = ["reconcile", "settle"]
