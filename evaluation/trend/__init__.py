"""Evaluate comparisons on pairs with known truth."""
