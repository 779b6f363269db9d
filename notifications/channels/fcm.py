"""Push to phones by Firebase Cloud Messaging (HTTP v1), which also reaches iOS.

Plain Python on top of Google's own authentication library.
"""

import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

import requests
from google.auth.exceptions import GoogleAuthError
from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2.service_account import Credentials

from notifications.channels.outgoing import TIMEOUT, require_safe_url, seconds_to_live, seconds_to_wait
from notifications.channels.ports import Envelope, Refused, TargetGone, Unreachable

_SCOPE: Final = "https://www.googleapis.com/auth/firebase.messaging"
_FCM_ERROR: Final = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
_BAD_REQUEST: Final = "type.googleapis.com/google.rpc.BadRequest"
# Google's wait after a 429 that names no time (firebase.google.com/docs/cloud-messaging/scale-fcm).
_QUOTA_SECONDS: Final = 60.0
_PERMANENT: Final = ("INVALID_ARGUMENT", "SENDER_ID_MISMATCH")


class FcmSender:
    """Sends as the service account of the key file; one access token serves many sends until it expires.

    Raises `ValueError` for a malformed key, and for an address that is neither https nor on this machine.
    """

    def __init__(
        self,
        service_account_info: Mapping[str, Any],
        project_id: str,
        base_url: str = "https://fcm.googleapis.com",
        *,
        timeout: tuple[float, float] = TIMEOUT,
    ) -> None:
        credentials = Credentials.from_service_account_info(service_account_info, scopes=[_SCOPE])
        require_safe_url(service_account_info["token_uri"])
        token_session = requests.Session()
        token_session.max_redirects = 0
        self._session = AuthorizedSession(credentials, auth_request=Request(token_session))
        self._url = f"{require_safe_url(base_url)}/v1/projects/{quote(project_id, safe='')}/messages:send"
        self._timeout = timeout

    def send(self, envelope: Envelope, *, target: Mapping[str, str]) -> None:
        """Send to the token of a phone. A phone that already shows this delivery replaces it.

        Raises `TargetGone` for a token that is unknown or none, `Refused` for a message that Google does not accept or
        a token of another project, and `Unreachable` for all else: time-outs, an exhausted quota, failures at Google,
        and rejected credentials, which staff must correct.
        """
        body = {"message": _message(envelope, target["token"])}
        try:
            answer = self._session.request("POST", self._url, json=body, timeout=self._timeout, allow_redirects=False)
        except (requests.RequestException, GoogleAuthError) as error:
            # Not `from error`: its text may quote the message, and both are logged.
            raise Unreachable(type(error).__name__) from None
        if answer.status_code != HTTPStatus.OK:
            raise _failure(answer)


def _message(envelope: Envelope, token: str) -> dict[str, Any]:
    """Return the `Message` of Google's discovery document. Android replaces by tag, iOS by collapse id.

    A collapse key alone is not enough: Android drops messages beyond four keys, and FCM ignores it for notifications.
    """
    delivery_id, shown = str(envelope.delivery_id), {"title": envelope.title, "body": envelope.body}
    ttl_seconds = seconds_to_live(envelope)
    return {
        "token": token,
        "notification": shown,
        "data": {**envelope.data, "kind": envelope.kind, "delivery_id": delivery_id},
        "android": {
            "collapseKey": delivery_id,
            "priority": "HIGH",
            "ttl": f"{ttl_seconds}s",
            "notification": {"tag": delivery_id},
        },
        "apns": {
            "headers": {
                "apns-collapse-id": delivery_id,
                "apns-priority": "10",
                "apns-expiration": str(int(time.time()) + ttl_seconds),
            },
            "payload": {"aps": {"alert": shown, "sound": "default"}},
        },
    }


def _failure(answer: requests.Response) -> Exception:
    code, names_token = _fault(answer)
    summary = f"HTTP {answer.status_code} {code}".strip()
    if code == "UNREGISTERED" or (code == "INVALID_ARGUMENT" and names_token):
        return TargetGone(summary)
    if code in _PERMANENT or answer.status_code in (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE):
        return Refused(summary)
    is_limited = answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
    return Unreachable(summary, retry_after=seconds_to_wait(answer) or (_QUOTA_SECONDS if is_limited else None))


def _fault(answer: requests.Response) -> tuple[str, bool]:
    """Return FCM's error code, else Google's status, and whether the error names the token. Empty if unreadable.

    A 404 alone proves nothing about a token: a wrong project is one too, with the status NOT_FOUND and no FcmError.
    """
    try:
        error = answer.json()["error"]
        details = error.get("details", [])
        codes = [detail["errorCode"] for detail in details if detail.get("@type") == _FCM_ERROR]
        violations = [
            violation["field"]
            for detail in details
            if detail.get("@type") == _BAD_REQUEST
            for violation in detail["fieldViolations"]
        ]
        code = str((codes or [error.get("status", "")])[0])
        return code, "message.token" in violations or "registration token" in str(error.get("message", ""))
    except (ValueError, LookupError, TypeError, AttributeError):
        return "", False
