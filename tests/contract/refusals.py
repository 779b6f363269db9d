"""The one error shape, and which codes the contract allows for each status."""

from typing import Any

CODES: dict[int, set[str]] = {
    400: {"VALIDATION_ERROR", "MALFORMED_JSON", "MODE_REQUIRED", "MODE_MISMATCH", "INVALID_COMPARISON"},
    401: {"AUTHENTICATION_REQUIRED", "TOKEN_INVALID", "INVALID_CREDENTIALS"},
    402: {"PAYMENT_REQUIRED"},
    403: {"SUBSCRIPTION_REQUIRED", "FORBIDDEN"},
    404: {"NOT_FOUND"},
    405: {"METHOD_NOT_ALLOWED"},
    409: {
        "RESULT_NOT_READY",
        "INSPECTION_FAILED",
        "INSPECTION_CLOSED",
        "UPLOADS_MISSING",
        "POINT_LIMIT_REACHED",
        "EMAIL_TAKEN",
        "ORDER_NOT_CANCELLABLE",
        "ALREADY_SUBSCRIBED",
        "SLOT_TAKEN",
        "VESSEL_NAME_TAKEN",
        "VESSEL_IN_HANDOVER",
        "NOT_ELIGIBLE",
        "IDEMPOTENCY_IN_PROGRESS",
    },
    413: {"PAYLOAD_TOO_LARGE"},
    415: {"UNSUPPORTED_MEDIA_TYPE"},
    422: {"IDEMPOTENCY_KEY_REUSED"},
    429: {"RATE_LIMITED"},
    500: {"INTERNAL_ERROR"},
    503: {"SERVICE_UNAVAILABLE"},
}
SHAPE = {
    "error_code": str,
    "message": str,
    "request_id": str,
    "reason": str,
    "reasons": list,
    "fields": dict,
    "missing": list,
}


def refused(response: Any, status: int, error_code: str) -> dict[str, Any]:
    """Assert that this is that refusal, in the one shape; return its body."""
    assert response["Content-Type"].startswith("application/json"), (response.status_code, response.content[:300])
    body = response.json()
    assert (response.status_code, body.get("error_code")) == (status, error_code), body
    assert error_code in CODES[status]
    assert {"error_code", "message", "request_id"} <= body.keys() <= SHAPE.keys(), body
    assert all(isinstance(value, SHAPE[name]) for name, value in body.items()), body
    assert body["message"].endswith(".")
    assert body["request_id"] == response["X-Request-ID"] != ""
    assert "Traceback" not in body["message"]
    assert b"<" not in response.content
    return body
