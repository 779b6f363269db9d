"""Refusals of corrosion tracking."""

from maretech.common.http.errors import Refusal


class InvalidComparison(Refusal):
    error_code = "INVALID_COMPARISON"
    message = "A comparison takes two different, completed corrosion inspections of yours: from and to."


class ComparisonOfAnotherMode(Refusal):
    error_code = "MODE_MISMATCH"
    message = "Only corrosion inspections can be compared."
