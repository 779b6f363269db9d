"""Refusals. Each refusal of the API is a class of three lines with a stable `error_code`."""

from typing import Any, ClassVar


class APIError(Exception):
    """A refused request. Rules raise it; the exception handler writes it in the API's one error shape."""

    status: ClassVar[int] = 400
    error_code: ClassVar[str] = "VALIDATION_ERROR"
    message: ClassVar[str] = "The request is not valid."
    reason: ClassVar[str | None] = None

    def __init__(self, message: str | None = None, *, retry_after: int | None = None, **details: Any) -> None:
        super().__init__(message or self.message)
        self.text = message or self.message
        self.details = details
        self.retry_after = retry_after


class Invalid(APIError):
    """A well-formed request with a wrong value; `fields` names it."""

    def __init__(self, **fields: str) -> None:
        super().__init__(fields={name: [text] for name, text in fields.items()})


class MalformedJSON(APIError):
    error_code = "MALFORMED_JSON"
    message = "The body is not valid JSON."


class AuthenticationRequired(APIError):
    status = 401
    error_code = "AUTHENTICATION_REQUIRED"
    message = "Sign in to do this."


class TokenInvalid(APIError):
    """The token belongs to no live session: its owner must sign in again."""

    status = 401
    error_code = "TOKEN_INVALID"
    reason = "revoked"
    message = "This session has ended or its token is not valid. Sign in again."


class TokenExpired(TokenInvalid):
    """A genuine access token has expired: the refresh token gets the next one."""

    reason = "expired"
    message = "This access token has expired. Refresh it."


class Forbidden(APIError):
    status = 403
    error_code = "FORBIDDEN"
    message = "You may not do this."


class NotFound(APIError):
    status = 404
    error_code = "NOT_FOUND"
    message = "There is nothing here."


class MethodNotAllowed(APIError):
    status = 405
    error_code = "METHOD_NOT_ALLOWED"
    message = "This address does not answer that method."


class NotEligible(APIError):
    """The right request at the wrong moment; `reason` says why."""

    status = 409
    error_code = "NOT_ELIGIBLE"
    message = "This is not possible now."

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message, reason=reason)


class PayloadTooLarge(APIError):
    status = 413
    error_code = "PAYLOAD_TOO_LARGE"
    message = "The body is larger than this address accepts."


class UnsupportedMediaType(APIError):
    status = 415
    error_code = "UNSUPPORTED_MEDIA_TYPE"
    message = "This address does not accept that content type."


class IdempotencyKeyReused(APIError):
    status = 422
    error_code = "IDEMPOTENCY_KEY_REUSED"
    message = "This Idempotency-Key was already used with another body."


class IdempotencyInProgress(APIError):
    status = 409
    error_code = "IDEMPOTENCY_IN_PROGRESS"
    message = "The first request with this Idempotency-Key is still running."


class RateLimited(APIError):
    status = 429
    error_code = "RATE_LIMITED"
    message = "Too many requests. Try again shortly."


class DailyLimitReached(RateLimited):
    message = "The limit for a day is reached. Try again later."


class InternalError(APIError):
    status = 500
    error_code = "INTERNAL_ERROR"
    message = "Something went wrong on our side. Nothing was charged twice; try again."


class ServiceUnavailable(APIError):
    status = 503
    error_code = "SERVICE_UNAVAILABLE"
    message = "A part of the service is not reachable right now. Try again shortly."
