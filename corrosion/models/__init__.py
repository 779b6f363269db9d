from corrosion.models.comparisons import Comparison
from corrosion.models.maintenance import Maintenance
from corrosion.models.superseded import SupersededAnswer

__all__ = ["Comparison", "Maintenance", "SupersededAnswer"]
