"""Evaluate comparisons on pairs with known truth. Plain Python."""
