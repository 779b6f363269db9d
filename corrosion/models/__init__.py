from corrosion.models.comparisons import Comparison
from corrosion.models.reminders import MAX_INTERVAL_DAYS, MIN_INTERVAL_DAYS, Reminder

__all__ = ["MAX_INTERVAL_DAYS", "MIN_INTERVAL_DAYS", "Comparison", "Reminder"]
