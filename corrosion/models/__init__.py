from corrosion.models.comparisons import Comparison
from corrosion.models.maintenance import Maintenance
from corrosion.models.reminders import MAX_INTERVAL_DAYS, MIN_INTERVAL_DAYS, Reminder
from corrosion.models.superseded import SupersededAnswer

__all__ = ["MAX_INTERVAL_DAYS", "MIN_INTERVAL_DAYS", "Comparison", "Maintenance", "Reminder", "SupersededAnswer"]
