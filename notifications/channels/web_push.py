"""Push to browsers (Web Push, RFC 8030): encrypted for the browser, signed with our VAPID key. Plain Python."""

import json
from collections.abc import Collection, Mapping
from http import HTTPStatus
from typing import Final

import requests

from accounts.notifications.push_services import PUSH_SERVICES, decoded, is_push_endpoint
from notifications.channels.outgoing import TIMEOUT, seconds_to_live, seconds_to_wait
from notifications.channels.ports import Envelope, Refused, TargetGone, Unreachable
from notifications.channels.vapid import Vapid
from notifications.channels.web_push_encryption import encrypt

_GONE: Final = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
# Our key was rejected, or the request came too early: the message itself is acceptable.
_RETRIED: Final = (
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_EARLY,
    HTTPStatus.TOO_MANY_REQUESTS,
)


class WebPushSender:
    """Sends to subscriptions at `services` only, and follows no redirect.

    Raises `ValueError` for a malformed key or subject.
    """

    def __init__(
        self,
        vapid_private_key: str,
        subject: str,
        services: Collection[str] = PUSH_SERVICES,
        *,
        timeout: tuple[float, float] = TIMEOUT,
    ) -> None:
        self._vapid = Vapid(vapid_private_key, subject)
        self._services = services
        self._session = requests.Session()
        self._timeout = timeout

    def send(self, envelope: Envelope, *, target: Mapping[str, str]) -> None:
        """Send to a subscription. It replaces a message of this delivery that still waits for the browser.

        Raises `TargetGone` for a subscription that has ended, `Refused` for a message that is never accepted, and
        `Unreachable` for time-outs, limits, failures of the service, redirects, and a rejected VAPID key.
        """
        endpoint = target["endpoint"]
        if not is_push_endpoint(endpoint, services=self._services):
            raise Refused("not an address of a push service on our list")
        headers = {
            "Authorization": self._vapid.authorization(endpoint),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(seconds_to_live(envelope)),
            "Topic": envelope.delivery_id.hex,  # 32 characters, the most there may be (RFC 8030, 5.4)
            "Urgency": "high",
        }
        try:
            answer = self._session.post(
                endpoint,
                data=_encrypted(envelope, target),
                headers=headers,
                timeout=self._timeout,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            # Not `from error`: its text names the endpoint, which is a secret, and both are logged.
            raise Unreachable(type(error).__name__) from None
        if answer.status_code // 100 != 2:
            raise _failure(answer)


def _encrypted(envelope: Envelope, target: Mapping[str, str]) -> bytes:
    """Return the body. The service worker shows it under the tag `delivery_id`, so that a repeat replaces it."""
    message = {
        "delivery_id": str(envelope.delivery_id),
        "kind": envelope.kind,
        "title": envelope.title,
        "body": envelope.body,
        "data": dict(envelope.data),
        "locale": envelope.locale,
    }
    text = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    try:
        return encrypt(text, p256dh=decoded(target["p256dh"]), auth=decoded(target["auth"]))
    except ValueError as error:
        raise Refused(f"cannot be encrypted: {error}") from None


def _failure(answer: requests.Response) -> Exception:
    status = answer.status_code
    if status in _GONE:
        return TargetGone(f"HTTP {status}")
    if status // 100 == 4 and status not in _RETRIED:
        return Refused(f"HTTP {status}")
    return Unreachable(f"HTTP {status}", retry_after=seconds_to_wait(answer))
