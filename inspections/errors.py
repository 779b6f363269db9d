"""Refusals during an inspection's life cycle."""

from maretech.common.http.errors import APIError, RateLimited


class ModeRequired(APIError):
    error_code = "MODE_REQUIRED"
    message = "Say which mode: osmosis or corrosion."


class PointLimitReached(APIError):
    status = 409
    error_code = "POINT_LIMIT_REACHED"
    message = "This inspection has as many points as it can have."


class InspectionClosed(APIError):
    status = 409
    error_code = "INSPECTION_CLOSED"
    message = "This inspection no longer takes photos."


class TooManyUploads(RateLimited):
    """Raised with a `reason`. Uploaded photos stay, and can be submitted."""

    message = "Too many photos within a day. Those that arrived are kept and can be submitted."


class UploadsMissing(APIError):
    status = 409
    error_code = "UPLOADS_MISSING"
    message = "Some photos have not arrived yet."


class ResultNotReady(APIError):
    status = 409
    error_code = "RESULT_NOT_READY"
    message = "The result is not ready yet."


class InspectionFailed(APIError):
    status = 409
    error_code = "INSPECTION_FAILED"
    message = "This inspection ended without a result."
