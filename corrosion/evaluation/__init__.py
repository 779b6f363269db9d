"""Measuring comparisons on pairs whose truth is known. Plain Python."""
