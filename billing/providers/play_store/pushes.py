"""Verify and read Pub/Sub pushes (cloud.google.com/pubsub/docs/authenticate-push-subscriptions)."""

import base64
import json
import time
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Final

import requests
from google.auth import jwt
from google.auth.exceptions import GoogleAuthError

from billing.providers.base import Event, EventSubject, InvalidSignature, ProviderUnavailable
from billing.providers.play_store.refs import SUBSCRIPTION, VOIDED, Ref, is_order_id, is_token

_ISSUERS: Final = ("accounts.google.com", "https://accounts.google.com")
_SKEW_SECONDS: Final = 10
_LONGEST: Final = 200
# Google's keys change every few days. An unknown key triggers a fetch at once, but not for every forged request. While
# Google does not answer, not every request waits for it.
_FRESH_SECONDS: Final = 3600
_PAUSE_SECONDS: Final = 30
_TRUSTED_SECONDS: Final = 86_400
_OF_A_SUBSCRIPTION: Final = 1  # productType of a voided purchase
# Errors that parsing a forged token or message can raise.
_MALFORMED: Final = (ValueError, KeyError, TypeError, AttributeError, RecursionError, GoogleAuthError)


class Pushes:
    """Accept only pushes that Google signed for this audience, with our account, about this app."""

    def __init__(
        self,
        *,
        package_name: str,
        one_time: AbstractSet[str],
        audience: str,
        account: str,
        certs_url: str,
        timeout_seconds: float,
    ) -> None:
        """`one_time` are the products that are no subscriptions."""
        self._package_name = package_name
        self._one_time = one_time
        self._audience = audience
        self._account = account
        self._certificates = _Certificates(certs_url, timeout_seconds)

    def read(self, body: bytes, headers: Mapping[str, str]) -> Event:
        """Return the event of a genuine push.

        Raises `InvalidSignature`, or `ProviderUnavailable` without Google's keys.
        """
        scheme, _, token = headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not (self._audience and self._account):
            raise InvalidSignature
        try:
            self._verify(token)
            return self._event(json.loads(body)["message"])
        except _MALFORMED as error:
            raise InvalidSignature from error

    def _verify(self, token: str) -> None:
        key_id = jwt.decode_header(token).get("kid")
        certificates = self._certificates.with_key(key_id)
        payload = jwt.decode(token, certs=certificates, audience=self._audience, clock_skew_in_seconds=_SKEW_SECONDS)
        if payload["iss"] not in _ISSUERS or payload["email"] != self._account or payload["email_verified"] is not True:
            raise InvalidSignature

    def _event(self, message: Mapping[str, Any]) -> Event:
        payload = json.loads(base64.b64decode(message["data"], validate=True))
        message_id = message["messageId"]
        if not isinstance(payload["packageName"], str) or not isinstance(message_id, str):
            raise InvalidSignature
        if not 0 < len(message_id) <= _LONGEST:
            raise InvalidSignature
        if payload["packageName"] != self._package_name:  # a topic may serve several apps of one account
            return Event(id=message_id, kind="other", verdict="OIDC", is_foreign=True)
        kind, ref = _subject(payload, self._one_time)
        return Event(
            id=message_id,
            kind=kind,
            verdict="OIDC",
            about=EventSubject.PURCHASE if ref else EventSubject.NOTHING,
            ref=str(ref) if ref else "",
            is_foreign=ref is None and "oneTimeProductNotification" in payload,
        )


def _subject(payload: Mapping[str, Any], one_time: AbstractSet[str]) -> tuple[str, Ref | None]:
    """Returns the kind of a notification and the purchase to query, or None for a kind that we never handle."""
    if "subscriptionNotification" in payload:
        notification = payload["subscriptionNotification"]
        return f"subscription/{int(notification['notificationType'])}", Ref(SUBSCRIPTION, _token(notification))
    if "oneTimeProductNotification" in payload:
        notification = payload["oneTimeProductNotification"]
        product = notification["sku"]
        ref = Ref(product, _token(notification)) if isinstance(product, str) and product in one_time else None
        return f"one_time/{int(notification['notificationType'])}", ref
    if "voidedPurchaseNotification" in payload:
        notification = payload["voidedPurchaseNotification"]
        return f"voided/{int(notification['productType'])}", _voided(notification, one_time)
    return ("test", None) if "testNotification" in payload else ("other", None)


def _voided(notification: Mapping[str, Any], one_time: AbstractSet[str]) -> Ref:
    """Returns what to query: a one-time product shows the refund itself; of a subscription, one order was voided.

    The notification names no product, so any of the one-time products represents all of them.
    """
    if notification["productType"] != _OF_A_SUBSCRIPTION:
        return Ref(min(one_time), _token(notification))
    if not is_order_id(notification["orderId"]):
        raise InvalidSignature
    return Ref(VOIDED, _token(notification), notification["orderId"])


def _token(notification: Mapping[str, Any]) -> str:
    token = notification["purchaseToken"]
    if not is_token(token):
        raise InvalidSignature
    return str(token)


class _Certificates:
    """Google's public keys by id."""

    def __init__(self, url: str, timeout_seconds: float) -> None:
        self._url = url
        self._timeout = timeout_seconds
        self._known: Mapping[str, str] = {}
        self._requested_at = self._read_at = float("-inf")

    def with_key(self, key_id: Any) -> Mapping[str, str]:
        """Returns the certificate of the key id.

        Raises `ProviderUnavailable` when the keys cannot be fetched, `KeyError` for an unknown key.
        """
        now = time.monotonic()
        is_due = now - self._read_at > _FRESH_SECONDS or key_id not in self._known
        if is_due and now - self._requested_at > _PAUSE_SECONDS:
            self._requested_at = now
            self._known, self._read_at = self._read(), now
        is_behind = self._requested_at > self._read_at
        if is_behind and (key_id not in self._known or now - self._read_at > _TRUSTED_SECONDS):
            raise ProviderUnavailable("no certificates of late")
        return {key_id: self._known[key_id]}

    def _read(self) -> Mapping[str, str]:
        try:
            answer = requests.get(self._url, timeout=self._timeout)
            answer.raise_for_status()
            found = answer.json()
        except requests.RequestException as error:
            raise ProviderUnavailable(type(error).__name__) from error
        if not isinstance(found, dict):
            raise ProviderUnavailable("no certificates")
        return found
