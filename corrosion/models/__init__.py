from corrosion.models.comparisons import Comparison

__all__ = ["Comparison"]
