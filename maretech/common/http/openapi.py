"""Helpers that add every answer and every error to the schema."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

ERROR_CODES = (  # noqa: SIM905 - a list of thirty quoted words is no easier to read
    "VALIDATION_ERROR MALFORMED_JSON MODE_REQUIRED MODE_MISMATCH INVALID_COMPARISON AUTHENTICATION_REQUIRED "
    "TOKEN_INVALID INVALID_CREDENTIALS PAYMENT_REQUIRED SUBSCRIPTION_REQUIRED FORBIDDEN NOT_FOUND METHOD_NOT_ALLOWED "
    "RESULT_NOT_READY INSPECTION_FAILED INSPECTION_CLOSED UPLOADS_MISSING POINT_LIMIT_REACHED EMAIL_TAKEN "
    "ORDER_NOT_CANCELLABLE ALREADY_SUBSCRIBED SLOT_TAKEN VESSEL_NAME_TAKEN VESSEL_IN_HANDOVER NOT_ELIGIBLE "
    "IDEMPOTENCY_IN_PROGRESS PAYLOAD_TOO_LARGE UNSUPPORTED_MEDIA_TYPE IDEMPOTENCY_KEY_REUSED RATE_LIMITED "
    "INTERNAL_ERROR SERVICE_UNAVAILABLE"
).split()
BEARER: Any = [{"bearer": []}]  # a security requirement; the library's own annotation says less
MEANINGS = {
    400: "The request is wrong",
    401: "No token, or one that is bad, expired or revoked (TOKEN_INVALID with `reason`); or a wrong pair",
    402: "Payment is required",
    403: "Not allowed",
    404: "Unknown, or another owner's",
    405: "Method not allowed",
    409: "The right request at the wrong moment",
    413: "The body is too large",
    415: "Not this content type",
    422: "The Idempotency-Key was used with another body",
    429: "Over the limit; see Retry-After",
    500: "Our fault",
    503: "A needed part is down; retry",
}
_SEEN = "!-~\u00a1-\u00ac\u00ae-\u00ff"
IDEMPOTENCY_KEY = OpenApiParameter(
    name="Idempotency-Key",
    # What is printable of Latin-1, which is what a header can carry; blanks at its ends are not part of it.
    type={"type": "string", "minLength": 1, "maxLength": 255, "pattern": f"^[{_SEEN}]+( +[{_SEEN}]+)*$"},
    location=OpenApiParameter.HEADER,
    description="Same key and body: the same resource again, with `Idempotent-Replayed: true`.",
)


# Headers of answers. An integer is a status that may have the header.
def etag(*statuses: int) -> OpenApiParameter:
    return _answered("ETag", OpenApiTypes.STR, statuses, "Send it as `If-None-Match` to get 304 while nothing changed.")


def retry_after(*statuses: int) -> OpenApiParameter:
    return _answered("Retry-After", OpenApiTypes.INT, statuses, "Seconds to wait. Only while work is open.")


def location(*statuses: int) -> OpenApiParameter:
    return _answered("Location", OpenApiTypes.URI, statuses, "Where to poll.")


def _answered(name: str, kind: OpenApiTypes, statuses: tuple[int, ...], description: str) -> OpenApiParameter:
    return OpenApiParameter(name, kind, OpenApiParameter.HEADER, response=list(statuses), description=description)


IF_NONE_MATCH = OpenApiParameter("If-None-Match", OpenApiTypes.STR, OpenApiParameter.HEADER)
PAGE_PARAMETERS = [
    OpenApiParameter("cursor", OpenApiTypes.STR, OpenApiParameter.QUERY),
    OpenApiParameter("page_size", {"type": "integer", "minimum": 1, "maximum": 100}, OpenApiParameter.QUERY),
]


class MissingPhotoSerializer(serializers.Serializer[Any]):
    point_index = serializers.IntegerField()
    angle = serializers.CharField()


class ErrorSerializer(serializers.Serializer[Any]):
    """The one error shape."""

    error_code = serializers.ChoiceField(choices=ERROR_CODES)
    message = serializers.CharField()
    request_id = serializers.CharField()
    reason = serializers.CharField(
        required=False,
        help_text="Of TOKEN_INVALID: `expired`: refresh the access token; `revoked`: sign in again. More may be added.",
    )
    reasons = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Of NOT_ELIGIBLE: every reason, in a fixed order."
    )
    fields = serializers.DictField(child=serializers.ListField(child=serializers.CharField()), required=False)  # type: ignore[assignment]
    missing = MissingPhotoSerializer(many=True, required=False)
    available_at = serializers.DateTimeField(
        required=False, help_text="Of FORBIDDEN with the reason EMAIL_CHANGED: when it is possible again."
    )


class ReceivedSerializer(serializers.Serializer[Any]):
    """The answer to an event: it is stored, and processed later."""

    received = serializers.BooleanField()


def responses(good: Mapping[Any, Any], *, errors: tuple[int, ...] = (), signed_in: bool = True) -> dict[Any, Any]:
    """Return the responses of an operation: its own, its errors, and those that any operation can give.

    A key is a status, or a status and the media type of its body.
    """
    codes = {*errors, 429, 500, 503, *((401,) if signed_in else ())}
    refusals = {code: OpenApiResponse(ErrorSerializer, description=MEANINGS[code]) for code in sorted(codes)}
    return {**good, **refusals}


_REQUEST_ID = {"schema": {"type": "string"}}
_SECONDS = {"schema": {"type": "integer"}, "description": "Seconds"}
_ENDING = {
    "Deprecation": {
        "schema": {"type": "string"},
        "description": "Since when it is deprecated: `@` and seconds since 1970 (RFC 9745).",
    },
    "Sunset": {"schema": {"type": "string"}, "description": "Until when it works at least: an HTTP date (RFC 8594)."},
}
_REPLAYED = {
    "schema": {"type": "string", "enum": ["true"]},
    "description": "Only on the answer to a key that was answered before: nothing happened again.",
}


def describe_headers(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Add the headers that follow from the status and from the operation's parameters.

    `X-Request-ID` is on every response, `Retry-After` on 429 and 503. An operation that takes an `Idempotency-Key`
    marks a repeated answer, and answers 409 with `Retry-After` while the first request runs. A deprecated one says so.
    """
    for path in result["paths"].values():
        for operation in path.values():
            takes_key = any(parameter["name"] == IDEMPOTENCY_KEY.name for parameter in operation.get("parameters", []))
            for code, response in operation["responses"].items():
                headers = response.setdefault("headers", {})
                headers["X-Request-ID"] = _REQUEST_ID
                if code in ("429", "503") or (takes_key and code == "409"):
                    headers["Retry-After"] = _SECONDS
                if takes_key and code.startswith("2"):
                    headers["Idempotent-Replayed"] = _REPLAYED
                if operation.get("deprecated"):
                    headers |= _ENDING
    return result
