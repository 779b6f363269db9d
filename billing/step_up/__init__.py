"""Purchases that need a step-up: an account that staff flagged, or a rule that staff keep as data.

An app that sells calls `require` before it opens an order, and answers with what it raises.
"""

from billing.step_up.requirement import require

__all__ = ["require"]
