"""Refusals of corrosion tracking."""

from maretech.common.http.errors import APIError


class InvalidComparison(APIError):
    error_code = "INVALID_COMPARISON"
    message = "A comparison takes two different, completed corrosion inspections of yours: from and to."


class ComparisonOfAnotherMode(APIError):
    error_code = "MODE_MISMATCH"
    message = "Only corrosion inspections can be compared."


class GhostsOfAnotherMode(APIError):
    error_code = "MODE_MISMATCH"
    message = "Only corrosion inspections have earlier photos to line up with."
